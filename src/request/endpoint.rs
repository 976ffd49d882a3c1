//! Operations: the rows of table 1.

use crate::api::for_each_operation;
use crate::list::page::Page;
use crate::model::{
    Activity, Batch, Customer, Kind, Lead, ListQuery, Model, Note, Object, ObjectOrArray,
    Opportunity, Shape,
};
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
use alloc::string::String;
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
    /// Its group, as in `leads.notes`.
    #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
    pub group: &'static str,
    /// The method's name in JavaScript, as in `create`.
    #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
    pub name: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base URL, as in `/leads/{id}`.
    pub path: &'static str,
    /// What it sends.
    pub input: Input,
    /// What it returns.
    pub output: Output,
    /// The name of the input parameter; empty if it has no input.
    #[cfg(not(target_arch = "wasm32"))]
    pub parameter: &'static str,
    /// What the operation does.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
impl Operation {
    /// The group and the name, as in `leads.create`.
    #[must_use]
    pub fn full_name(&self) -> String {
        [self.group, ".", self.name].concat()
    }
}

/// What an operation sends in addition to its path.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// Nothing.
    None,
    /// Query parameters.
    Query(&'static Model),
    /// A JSON body.
    Body(Kind),
    /// An optional JSON body.
    OptionalBody(Kind),
}

/// What an operation returns.
#[derive(Clone, Copy, Debug)]
pub enum Output {
    /// A list of records in an undocumented envelope.
    Page(&'static Model),
    /// A record.
    Record(&'static Model),
    /// A record, or an empty body.
    Maybe(&'static Model),
    /// Any JSON, or an empty body.
    Any,
}

/// The input type of a row.
trait InputType {
    const INPUT: Input;
}
/// The output type of a row.
trait OutputType {
    const OUTPUT: Output;
}
impl InputType for ListQuery {
    const INPUT: Input = Input::Query(&Self::MODEL);
}
impl InputType for Option<Object> {
    const INPUT: Input = Input::OptionalBody(Kind::Object);
}
impl OutputType for Option<Value> {
    const OUTPUT: Output = Output::Any;
}
macro_rules! input_types {
    ($($type:ident)*) => {$(impl InputType for $type {
        const INPUT: Input = Input::Body(<$type as Shape>::KIND);
    })*};
}
input_types! { Lead Opportunity Batch Customer Note Activity Object ObjectOrArray }
macro_rules! output_types {
    ($($type:ident)*) => {$(
        impl OutputType for $type {
            const OUTPUT: Output = Output::Record(&Self::MODEL);
        }
        impl OutputType for Option<$type> {
            const OUTPUT: Output = Output::Maybe(&$type::MODEL);
        }
        impl OutputType for Page<$type> {
            const OUTPUT: Output = Output::Page(&$type::MODEL);
        }
    )*};
}
output_types! { Lead Opportunity Batch Customer }

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
            #[allow(non_upper_case_globals, reason = "they are named like the methods")]
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
                        input: input(&[$(<$input as InputType>::INPUT)?]),
                        output: <$output as OutputType>::OUTPUT,
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

        /// The name and the description of every group, in the order of the table.
        #[cfg(not(target_arch = "wasm32"))]
        pub static GROUPS: &[(&str, &str)] = &[$(($group, $group_doc)),*];
    };
}
for_each_operation!(operations);

/// Whether the `{camelCase}` placeholders of a path are the `snake_case` arguments, in order.
#[allow(
    clippy::indexing_slicing,
    reason = "it is evaluated at compile time, where `get` cannot be called"
)]
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
