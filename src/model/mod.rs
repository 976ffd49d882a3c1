//! Table 2: the CRM's records, each once, one row a field.
//!
//! A row gives the Rust name, the wire name, the type, whether the API requires the field, and
//! what the vendor says of it. From the rows come the Rust structs, the run-time check of what a
//! caller sends ([`crate::request::validate`]) and the package's TypeScript.

mod batch;
mod common;
mod customer;
mod lead;
mod opportunity;
mod query;

use alloc::string::String;
use alloc::vec::Vec;
pub use batch::Batch;
pub use common::{Activity, DocumentEntry, Note, NoteEntry, Object, ObjectOrArray, StringOrNumber};
pub use customer::Customer;
pub use lead::{Address, Lead, LeadInformation};
pub use opportunity::Opportunity;
pub use query::ListQuery;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// One kind of record: its name and its fields.
#[derive(Debug)]
pub struct Model {
    /// The record's name, also its name in Rust and TypeScript.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// What the record is.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// The documented fields; in the wasm those that may be sent.
    pub fields: &'static [Field],
    /// A field the vendor spells in two ways: the reference's spelling, and the guide's.
    pub second_spelling: Option<(&'static str, &'static str)>,
}

/// One documented field of a [`Model`].
#[derive(Debug)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// A second spelling the vendor documents for the same field.
    #[cfg(not(target_arch = "wasm32"))]
    pub alias: Option<&'static str>,
    /// What one value is.
    pub kind: Kind,
    /// Whether the field is an array of such values.
    pub list: bool,
    /// Whether the field is sent, must be sent, or only ever received.
    pub presence: Presence,
    /// What the vendor says of the field.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// When a field is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// `POST` is refused without it.
    Required,
    /// May be sent.
    Optional,
    /// Set by the CRM; not checked in a body, so that a record that was read can be put back.
    Response,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A string.
    Text,
    /// A string that should be a telephone number like E.164 (`+201001234567`).
    Phone,
    /// A string that should be an e-mail address.
    Email,
    /// A string that should be `YYYY-MM-DD` or RFC 3339.
    Date,
    /// A number without a fraction.
    Integer,
    /// An integer of at least 1.
    Limit,
    /// An integer of at least 0.
    Page,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A string or a number.
    TextOrNumber,
    /// A string, or a [`Note`]: undocumented, so any value is taken.
    Note,
    /// An object whose members are not documented.
    Object,
    /// An object or an array, undocumented.
    ObjectOrArray,
    /// Any JSON value.
    Any,
    /// An object with documented fields.
    Model(&'static Model),
}

impl Kind {
    /// The same string, expected in a certain format.
    #[must_use]
    pub const fn or(self, format: Option<Self>) -> Self {
        match format {
            Some(format) => format,
            None => self,
        }
    }
}

/// A Rust type that stands for a kind of JSON value.
pub trait Shape {
    /// The kind of one value.
    const KIND: Kind;
    /// Whether the type is a list of such values.
    const LIST: bool = false;
}

impl Shape for String {
    const KIND: Kind = Kind::Text;
}
impl Shape for i64 {
    const KIND: Kind = Kind::Integer;
}
impl Shape for f64 {
    const KIND: Kind = Kind::Number;
}
impl Shape for bool {
    const KIND: Kind = Kind::Boolean;
}
impl Shape for Value {
    const KIND: Kind = Kind::Any;
}
impl<T: Shape> Shape for Vec<T> {
    const KIND: Kind = T::KIND;
    const LIST: bool = true;
}

/// Declares records: see the files beside this one.
macro_rules! models {
    ($(
        #[doc = $doc:literal]
        $model:ident {
            $(
                #[doc = $field_doc:literal]
                $field:ident $wire:literal $(| $alias:literal)? : $type:ty $(as $format:ident)?, $presence:ident;
            )*
        }
        $(received {
            $(
                #[doc = $received_doc:literal]
                $received:ident $received_wire:literal: $received_type:ty;
            )*
        })?
    )*) => {$(
        #[doc = $doc]
        ///
        /// A field that is undocumented, or that the CRM sent as `null` or in another type than
        /// documented, is kept in `extra` and sent back unchanged.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $model {
            $(
                #[doc = $field_doc]
                pub $field: Option<$type>,
            )*
            $($(
                #[doc = $received_doc]
                pub $received: Option<$received_type>,
            )*)?
            /// Everything else, under its wire name; put `null` here to clear a field.
            pub extra: crate::model::Object,
        }

        impl $model {
            /// The record's documented fields.
            pub const MODEL: crate::model::Model = crate::model::Model {
                #[cfg(not(target_arch = "wasm32"))]
                name: stringify!($model),
                #[cfg(not(target_arch = "wasm32"))]
                doc: $doc,
                second_spelling: crate::model::first(&[$($(($wire, $alias),)?)*]),
                fields: &[$(crate::model::Field {
                    name: $wire,
                    #[cfg(not(target_arch = "wasm32"))]
                    alias: crate::model::first(&[$($alias)?]),
                    kind: <$type as crate::model::Shape>::KIND
                        .or(crate::model::first(&[$(crate::model::Kind::$format)?])),
                    list: <$type as crate::model::Shape>::LIST,
                    presence: crate::model::presence::$presence,
                    #[cfg(not(target_arch = "wasm32"))]
                    doc: $field_doc,
                },)* $($(
                    // Nothing in the wasm asks for these: a response passes through as it is.
                    #[cfg(not(target_arch = "wasm32"))]
                    crate::model::Field {
                        name: $received_wire,
                        alias: None,
                        kind: <$received_type as crate::model::Shape>::KIND,
                        list: <$received_type as crate::model::Shape>::LIST,
                        presence: crate::model::Presence::Response,
                        doc: $received_doc,
                    },
                )*)?],
            };
        }

        impl crate::model::Shape for $model {
            const KIND: crate::model::Kind = crate::model::Kind::Model(&Self::MODEL);
        }

        impl serde::Serialize for $model {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $(if let Some(value) = &self.$field {
                    map.serialize_entry($wire, value)?;
                })*
                $($(if let Some(value) = &self.$received {
                    map.serialize_entry($received_wire, value)?;
                })*)?
                // A name in `extra` whose field is set too would stand there twice.
                let set: &[(&str, bool)] = &[$(($wire, self.$field.is_some())),*];
                for (name, value) in &self.extra {
                    if !set.contains(&(name.as_str(), true)) {
                        map.serialize_entry(name, value)?;
                    }
                }
                map.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $model {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #[allow(unused_mut, reason = "a record may have no documented field")]
                let mut extra: crate::model::Object = serde::Deserialize::deserialize(deserializer)?;
                Ok(Self {
                    $($field: crate::model::take_field(&mut extra, $wire)
                        $(.or_else(|| crate::model::take_field(&mut extra, $alias)))?,)*
                    $($($received: crate::model::take_field(&mut extra, $received_wire),)*)?
                    extra,
                })
            }
        }
    )*};
}
pub(crate) use models;

/// The words of a row's last column.
#[allow(non_upper_case_globals, reason = "they are the words the tables use")]
pub(crate) mod presence {
    use super::Presence;
    pub(crate) const required: Presence = Presence::Required;
    pub(crate) const optional: Presence = Presence::Optional;
}

pub(crate) const fn first<T: Copy>(options: &[T]) -> Option<T> {
    match options {
        [first, ..] => Some(*first),
        [] => None,
    }
}

/// Takes a field out of what was read. A value of another type than documented stays where it is,
/// so that one odd field costs neither the record nor itself.
pub(crate) fn take_field<T: DeserializeOwned>(fields: &mut Object, name: &str) -> Option<T> {
    let value = T::deserialize(fields.get(name)?).ok()?;
    fields.shift_remove(name);
    Some(value)
}
