//! Lists page by page.

mod pages;
mod walks;
