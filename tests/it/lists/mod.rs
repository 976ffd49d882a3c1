//! Lists, page by page.

mod iteration;
mod pages;
