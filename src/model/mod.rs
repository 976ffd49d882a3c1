//! The CRM's records.
//!
//! This is table 2: each record once, one row per field. A row contains the Rust name, the wire name, the type, whether the
//! API requires the field, and what the vendor documents about it. The Rust structs, the validation of input
//! ([`crate::request::validate`]) and the package's TypeScript are generated from the rows.

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
#[doc(hidden)]
pub struct Model {
    /// The record's name in the documentation, in Rust and in TypeScript.
    #[cfg(not(target_arch = "wasm32"))]
    pub name: &'static str,
    /// The record's description.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
    /// The documented fields; in the wasm those that may be sent.
    pub fields: &'static [Field],
    /// A field that the vendor spells in two ways: in the reference, and in the guide.
    pub second_spelling: Option<(&'static str, &'static str)>,
}

/// One documented field of a [`Model`].
#[derive(Debug)]
#[doc(hidden)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// A second spelling that the vendor documents for the same field.
    #[cfg(not(target_arch = "wasm32"))]
    pub alias: Option<&'static str>,
    /// The kind of one value.
    pub kind: Kind,
    /// Whether the field is an array of such values.
    pub list: bool,
    /// Whether the field is required, optional, or only received.
    pub presence: Presence,
    /// What the vendor documents about the field.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// When a field is present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub enum Presence {
    /// The CRM rejects a `POST` without it.
    Required,
    /// May be sent.
    Optional,
    /// Set by the CRM; not validated in a body, so that a record that was read can be sent back.
    Response,
}

/// The kind of a value.
#[derive(Clone, Copy, Debug)]
#[doc(hidden)]
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
    /// A string, or a [`Note`]: undocumented, so any value is accepted.
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

/// A Rust type that represents a kind of JSON value.
#[doc(hidden)]
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

/// Declares records: see the other files of this folder.
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
            /// All other fields, under their wire names; `null` clears a field.
            pub extra: crate::model::Object,
        }

        impl $model {
            /// The record's documented fields.
            #[doc(hidden)]
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
                    // The wasm needs none of these: it passes responses through unchanged.
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
                // A name in `extra` whose field is also set would be written twice.
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

/// The values of a row's last column.
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

/// Removes a field from a record that was read. A value whose type is not the documented one stays in the record, so
/// that one unexpected field loses neither the record nor its value.
pub(crate) fn take_field<T: DeserializeOwned>(fields: &mut Object, name: &str) -> Option<T> {
    let value = T::deserialize(fields.get(name)?).ok()?;
    fields.shift_remove(name);
    Some(value)
}
