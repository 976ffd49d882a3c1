//! Validation without a client, for forms and the forwarder.

use crate::phone::{self, Check};
use crate::request::endpoint::{Input, leads};
use crate::request::validate::check;
use alloc::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A function `(path, code, severity, message)`, called for each issue.
    #[derive(Debug)]
    pub type IssueCallback;

    #[wasm_bindgen(method)]
    fn call(
        this: &IssueCallback,
        receiver: JsValue,
        path: &str,
        code: u8,
        severity: u8,
        message: &str,
    );

    /// A function `(e164, strict, country)`, called with a parsed telephone number.
    #[derive(Debug)]
    pub type PhoneCallback;

    #[wasm_bindgen(method)]
    fn call(
        this: &PhoneCallback,
        receiver: JsValue,
        e164: &str,
        strict: bool,
        country: Option<&str>,
    );
}

/// Reports all issues of a new lead, given as JSON text.
#[wasm_bindgen(js_name = validateLead)]
pub fn validate_lead(lead: &str, on_issue: &IssueCallback) {
    let Input::Body(kind) = leads::create.input else { return };
    for issue in check(kind, lead, true).unwrap_or_default() {
        let (code, severity) = (issue.code as u8, issue.severity as u8);
        on_issue.call(JsValue::UNDEFINED, &issue.path, code, severity, issue.message);
    }
}

/// Parses a text as a telephone number dialed in this country or from abroad. `on_phone` is not called
/// if it is not one.
#[wasm_bindgen(js_name = parsePhone)]
pub fn parse_phone(text: &str, country: Option<String>, on_phone: &PhoneCallback) {
    let phone = phone::parse(text, country.as_deref());
    if let Some(e164) = phone.e164 {
        on_phone.call(JsValue::UNDEFINED, &e164, phone.check == Check::Strict, phone.country);
    }
}
