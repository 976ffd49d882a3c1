//! Types that several records share.

use super::{Kind, Shape, models};
use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A JSON object whose members are not documented.
pub type Object = Map<String, Value>;

impl Shape for Object {
    const KIND: Kind = Kind::Object;
}

/// A JSON object or array, undocumented.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ObjectOrArray {
    /// One object.
    Object(Object),
    /// Several values.
    Array(Vec<Value>),
}

impl Shape for ObjectOrArray {
    const KIND: Kind = Kind::ObjectOrArray;
}

/// A value that the vendor shows as a string in one place and as a number in another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum StringOrNumber {
    /// As in leads.
    String(String),
    /// As in opportunities.
    Number(f64),
}

impl Shape for StringOrNumber {
    const KIND: Kind = Kind::TextOrNumber;
}

/// An entry of a lead's or an opportunity's `notes`: the reference shows strings, and also an endpoint whose notes have
/// ids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NoteEntry {
    /// The note's text.
    Text(String),
    /// A note with members of its own.
    Note(Note),
}

impl Shape for NoteEntry {
    const KIND: Kind = Kind::Note;
}

models! {
    #[doc = "A note on a lead. The vendor documents none of its members."]
    Note {
    }

    #[doc = "An entry of an activity log."]
    Activity {
        #[doc = "The activity's number: a string in the vendor's example of a lead, else a number."]
        activity_number "activityNumber": StringOrNumber, optional;
        #[doc = "What was done, as in `Email sent`."]
        activity "activity": String, optional;
        #[doc = "The day it was done: `YYYY-MM-DD`."]
        activity_date "activityDate": String as Date, optional;
        #[doc = "Details, as in `Email sent to johndoe@example.com`."]
        logs "logs": String, optional;
    }

    #[doc = "A document attached to a record."]
    DocumentEntry {
        #[doc = "The day it was uploaded: `YYYY-MM-DD`."]
        upload_date "uploadDate": String as Date, optional;
        #[doc = "The address of the file."]
        file_url "fileUrl": String, optional;
    }
}
