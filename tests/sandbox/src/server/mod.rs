//! Sockets, HTTP/1.1 connections and routing.

pub(crate) mod connection;
pub(crate) mod router;
