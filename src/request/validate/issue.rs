//! The issues of invalid input, and their codes.

use alloc::string::String;
use core::fmt;

/// A problem with the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The place in the input: wire names and indexes joined by dots, as in `leadInformation.phone` or
    /// `additionalPhones.0`; empty for the whole body.
    pub path: String,
    /// What is wrong, from a closed list.
    pub code: IssueCode,
    /// Whether it stops the call.
    pub severity: Severity,
    /// What is wrong, in English. It never contains the value.
    pub message: &'static str,
}

macro_rules! codes {
    ($(#[doc = $doc:literal] $code:ident $name:literal;)*) => {
        /// The code of an issue. The list is closed, because forms switch on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum IssueCode {
            $(#[doc = $doc] $code,)*
        }

        /// The name of every code, in order.
        #[cfg(not(target_arch = "wasm32"))]
        #[doc(hidden)]
        pub static ISSUE_CODES: &[(IssueCode, &str)] = &[$((IssueCode::$code, $name)),*];
    };
}

codes! {
    #[doc = "A required field is missing, empty or blank."]
    Required "required";
    #[doc = "The value has the wrong JSON type."]
    Type "type";
    #[doc = "A number has a fraction where an integer is expected."]
    Integer "integer";
    #[doc = "The value is not valid JSON."]
    Json "json";
    #[doc = "The submission id differs from the one already in the field, or belongs to another lead."]
    Conflict "conflict";
    #[doc = "An id, path, query parameter or submission id is invalid."]
    Format "format";
    #[doc = "A telephone number is not in E.164 format."]
    Phone "phone";
    #[doc = "An e-mail address has an unusual format."]
    Email "email";
    #[doc = "A date is neither `YYYY-MM-DD` nor RFC 3339."]
    Date "date";
    #[doc = "A field is set in both of its documented spellings, or its name differs from a documented one only in case, `_` or `-`."]
    Spelling "spelling";
    #[doc = "JavaScript rounds the integer."]
    Precision "precision";
}

/// Whether an issue stops the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Severity {
    /// It stops the call.
    Error,
    /// It stops the call only if [`Settings::strict`](crate::Settings::strict) is set.
    Warning,
}

impl Issue {
    pub(crate) fn error(path: &str, code: IssueCode, message: &'static str) -> Self {
        Self { path: path.into(), code, severity: Severity::Error, message }
    }

    pub(super) fn warning(path: String, code: IssueCode, message: &'static str) -> Self {
        Self { path, code, severity: Severity::Warning, message }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the body" } else { &self.path };
        write!(formatter, "{path} {}", self.message)
    }
}
