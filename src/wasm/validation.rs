//! Checks without a client, for forms and the forwarder.

use crate::json::Node;
use crate::phone::{self, Check};
use crate::request::endpoint::{Input, leads};
use crate::request::validate::check;
use alloc::string::String;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A function `(path, code, severity, message)`, called for each issue.
    #[derive(Debug)]
    pub type Take;

    #[wasm_bindgen(method)]
    fn call(this: &Take, receiver: JsValue, path: &str, code: u8, severity: u8, message: &str);

    /// A function `(e164, strict, country)`, called with what a text is as a telephone number.
    #[derive(Debug)]
    pub type TakePhone;

    #[wasm_bindgen(method)]
    fn call(this: &TakePhone, receiver: JsValue, e164: &str, strict: bool, country: Option<&str>);
}

/// Tells everything that is wrong with the JSON text of a lead that is to be created.
#[wasm_bindgen(js_name = validateLead)]
pub fn validate_lead(lead: &str, take: &Take) {
    let (Input::Body(kind), Some(node)) = (leads::create.input, Node::parse(lead)) else {
        return;
    };
    for issue in check(kind, node, true) {
        let (code, severity) = (issue.code as u8, issue.severity as u8);
        take.call(JsValue::UNDEFINED, &issue.path, code, severity, issue.message);
    }
}

/// Parses a text as a telephone number dialed in this country or from abroad. `take` is not called
/// if it is not one.
#[wasm_bindgen(js_name = parsePhone)]
pub fn parse_phone(text: &str, country: Option<String>, take: &TakePhone) {
    let phone = phone::parse(text, country.as_deref());
    if let Some(e164) = phone.e164 {
        take.call(JsValue::UNDEFINED, &e164, phone.check == Check::Strict, phone.country);
    }
}
