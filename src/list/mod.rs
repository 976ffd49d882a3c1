//! Where the iteration of a list is: pages whose envelope, numbers and end are not documented.

pub mod page;
pub mod pager;
