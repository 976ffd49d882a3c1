//! Sockets and routing: everything that knows HTTP/1.1 connections.

pub(crate) mod connection;
pub(crate) mod router;
