//! What an operation is, and how its path is written.

use crate::api::for_each_operation;
use crate::model::{
    Activity, Batch, Customer, Kind, Lead, ListQuery, Model, Note, Object, ObjectOrArray,
    Opportunity, Shape,
};
use crate::page::Page;
use crate::text::{cut, parts};
use crate::validate::{Code, Issue};
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::Value;

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// The method's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|method| method.name() == name)
    }
}

/// One row of table 1.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The group it stands in, as in `leads.notes`.
    #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
    pub group: &'static str,
    /// The method's name in JavaScript, as in `create`.
    #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, as in `/leads/{id}`.
    pub path: &'static str,
    /// What is sent.
    pub input: Input,
    /// What comes back.
    pub output: Output,
    /// The parameter's name for what is sent; empty where nothing is.
    #[cfg(not(target_arch = "wasm32"))]
    pub parameter: &'static str,
    /// What the operation does.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
impl Operation {
    /// Its name with its group's, as in `leads.create`.
    #[must_use]
    pub fn full_name(&self) -> String {
        [self.group, ".", self.name].concat()
    }
}

/// What an operation sends besides its path.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// Nothing.
    None,
    /// Query parameters.
    Query(&'static Model),
    /// A JSON body.
    Body(Kind),
    /// A JSON body that may be left out.
    OptionalBody(Kind),
}

/// What an operation promises to answer.
#[derive(Clone, Copy, Debug)]
pub enum Output {
    /// A list of records in an undocumented envelope.
    Page(&'static Model),
    /// A record.
    Record(&'static Model),
    /// A record, or nothing.
    Maybe(&'static Model),
    /// Any JSON, or nothing.
    Any,
}

/// A type that can stand in a row as what is sent.
trait Sent {
    const INPUT: Input;
}
/// A type that can stand in a row as what comes back.
trait Received {
    const OUTPUT: Output;
}
impl Sent for ListQuery {
    const INPUT: Input = Input::Query(&Self::MODEL);
}
impl Sent for Option<Object> {
    const INPUT: Input = Input::OptionalBody(Kind::Object);
}
impl Received for Option<Value> {
    const OUTPUT: Output = Output::Any;
}
macro_rules! sent {
    ($($type:ident)*) => {$(impl Sent for $type {
        const INPUT: Input = Input::Body(<$type as Shape>::KIND);
    })*};
}
sent! { Lead Opportunity Batch Customer Note Activity Object ObjectOrArray }
macro_rules! received {
    ($($type:ident)*) => {$(
        impl Received for $type {
            const OUTPUT: Output = Output::Record(&Self::MODEL);
        }
        impl Received for Option<$type> {
            const OUTPUT: Output = Output::Maybe(&$type::MODEL);
        }
        impl Received for Page<$type> {
            const OUTPUT: Output = Output::Page(&$type::MODEL);
        }
    )*};
}
received! { Lead Opportunity Batch Customer }

const fn input(inputs: &[Input]) -> Input {
    match inputs {
        [input, ..] => *input,
        [] => Input::None,
    }
}

macro_rules! operations {
    ($(
        #[doc = $group_doc:literal]
        $accessor:ident $group:literal: $type:ident {
            $(
                #[doc = $doc:literal]
                $rust:ident $name:literal = $method:ident $path:literal ($($argument:ident),*)
                    $($parameter:ident: $input:ty)? => $output:ty;
            )*
        }
    )*) => {
        $(
            #[doc = $group_doc]
            #[allow(non_upper_case_globals, reason = "named as the methods are")]
            pub mod $accessor {
                #[allow(clippy::wildcard_imports, reason = "the rows name any model")]
                use super::*;
                $(
                    const _: () = assert!(
                        placeholders_match($path, &[$(stringify!($argument)),*]),
                        "the path's placeholders must be the row's arguments",
                    );
                    #[doc = $doc]
                    pub static $rust: Operation = Operation {
                        #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
                        group: $group,
                        #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
                        name: $name,
                        method: Method::$method,
                        path: $path,
                        input: input(&[$(<$input as Sent>::INPUT)?]),
                        output: <$output as Received>::OUTPUT,
                        #[cfg(not(target_arch = "wasm32"))]
                        parameter: concat!($(stringify!($parameter))?),
                        #[cfg(not(target_arch = "wasm32"))]
                        doc: $doc,
                    };
                )*
            }
        )*

        /// Every operation, in the order of the table.
        pub static OPERATIONS: &[&Operation] = &[$($(&$accessor::$rust),*),*];

        /// Every group with what it holds, in the order of the table.
        #[cfg(not(target_arch = "wasm32"))]
        pub static GROUPS: &[(&str, &str)] = &[$(($group, $group_doc)),*];
    };
}
for_each_operation!(operations);

/// Whether the `{camelCase}` placeholders of a path are the `snake_case` arguments, in order.
#[allow(clippy::indexing_slicing, reason = "it runs in the compiler, where `get` cannot be called")]
const fn placeholders_match(path: &str, arguments: &[&str]) -> bool {
    let path = path.as_bytes();
    let (mut at, mut found) = (0, 0);
    while at < path.len() {
        if path[at] == b'{' {
            if found == arguments.len() {
                return false;
            }
            at += 1;
            let argument = arguments[found].as_bytes();
            let mut letter = 0;
            while at < path.len() && path[at] != b'}' {
                let mut expected = path[at];
                if expected.is_ascii_uppercase() {
                    if letter >= argument.len() || argument[letter] != b'_' {
                        return false;
                    }
                    letter += 1;
                    expected = expected.to_ascii_lowercase();
                }
                if letter >= argument.len() || argument[letter] != expected {
                    return false;
                }
                letter += 1;
                at += 1;
            }
            if letter != argument.len() {
                return false;
            }
            found += 1;
        }
        at += 1;
    }
    found == arguments.len()
}

/// The names of a path's placeholders, in order.
pub fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    core::iter::from_fn(move || {
        let (_, name, after) = placeholder(rest)?;
        rest = after;
        Some(name)
    })
}

/// Fills a path's placeholders with the arguments, in order, each encoded on its own, so that none
/// can change the path's shape. With `prefix` an argument's name is its path in an issue.
pub(crate) fn fill(
    path: &str,
    argument: &dyn Fn(usize) -> Option<String>,
    prefix: &str,
    issues: &mut Vec<Issue>,
) -> String {
    let mut filled = String::new();
    let mut rest = path;
    let mut index = 0;
    while let Some((before, name, after)) = placeholder(rest) {
        filled.push_str(before);
        match argument(index) {
            Some(value) if !matches!(value.as_str(), "" | "." | "..") => {
                encode(&value, &mut filled);
            }
            _ => issues.push(Issue::error(
                &[prefix, name].concat(),
                Code::Format,
                "must be a string that is neither empty nor a dot segment",
            )),
        }
        rest = after;
        index += 1;
    }
    filled.push_str(rest);
    filled
}

/// What stands before a path's first placeholder, its name, and what stands after it.
fn placeholder(path: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = cut(path, b'{')?;
    let (name, after) = cut(rest, b'}')?;
    Some((before, name, after))
}

/// Percent-encodes everything but the characters RFC 3986 leaves unreserved.
pub(crate) fn encode(text: &str, into: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            into.push('%');
            for digit in [byte >> 4, byte & 15] {
                into.push(
                    HEX.get(usize::from(digit))
                        .map_or('0', |&hex| char::from(hex)),
                );
            }
        }
    }
}

/// Whether a segment is `.` or `..`, encoded or not.
fn is_dots(segment: &str) -> bool {
    let mut rest = segment.as_bytes();
    let mut dots = 0;
    while !rest.is_empty() {
        rest = match rest {
            [b'.', rest @ ..] | [b'%', b'2', b'e' | b'E', rest @ ..] => rest,
            _ => return false,
        };
        dots += 1;
    }
    matches!(dots, 1 | 2)
}

/// Whether a path given to `request` stays below the base URL: one slash at its start, no empty
/// segment, no dot segment (encoded ones too), and nothing a URL parser would read otherwise.
pub(crate) fn is_plain_path(path: &str) -> bool {
    let segments = parts(path, b'/');
    let last = segments.len() - 1;
    segments
        .iter()
        .enumerate()
        .all(|(index, segment)| match index {
            // Before the leading slash; and a slash at the end is no harm, alone it is.
            0 => segment.is_empty() && last > 0,
            _ => !is_dots(segment) && (!segment.is_empty() || index == last && last > 1),
        })
        && !path
            .bytes()
            .any(|byte| byte <= b' ' || matches!(byte, b'\\' | b'?' | b'#' | 0x7f))
}
