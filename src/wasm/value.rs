//! JSON values of JavaScript.

use crate::json::value::Json;
use alloc::string::String;
#[cfg(feature = "fetch")]
use alloc::string::ToString;
use alloc::vec::Vec;
#[cfg(feature = "fetch")]
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

// Imported one by one, because js-sys brings its futures and closures along.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Object, js_name = hasOwn)]
    fn has_own(object: &JsValue, name: &str) -> bool;
    #[wasm_bindgen(js_namespace = Object, js_name = values)]
    fn values(object: &JsValue) -> JsValue;
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn get(object: &JsValue, name: &str) -> JsValue;
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn get_index(object: &JsValue, index: u32) -> JsValue;
    #[wasm_bindgen(js_namespace = Array, js_name = isArray)]
    fn is_array(value: &JsValue) -> bool;
    #[wasm_bindgen(js_namespace = Array, js_name = of)]
    fn array() -> List;
    #[wasm_bindgen(js_namespace = JSON, js_name = stringify)]
    fn stringify(value: &JsValue) -> JsValue;
    #[wasm_bindgen(js_namespace = JSON, js_name = parse)]
    fn parse(text: &str) -> JsValue;

    type List;
    #[wasm_bindgen(method)]
    fn push(this: &List, item: JsValue);
}

/// The items of an array, read one by one: passing a whole vector takes more glue.
pub(crate) fn items(array: &JsValue) -> Vec<JsValue> {
    let length = get(array, "length").as_f64().unwrap_or(0.0) as u32;
    (0..length).map(|index| get_index(array, index)).collect()
}

/// An array of these items.
pub(crate) fn to_array(items: Vec<JsValue>) -> JsValue {
    let array = array();
    for item in items {
        array.push(item);
    }
    array.into()
}

impl Json for JsValue {
    fn member(&self, name: &str) -> Option<Self> {
        // Own members only: a page may have added some to `Object.prototype`.
        // Whether it is an array is asked last: most members that the core looks for are missing.
        (Self::is_object(self) && has_own(self, name) && !is_array(self)).then(|| get(self, name))
    }

    fn values(&self) -> Vec<Self> {
        if Json::is_object(self) { items(&values(self)) } else { Vec::new() }
    }

    fn items(&self) -> Option<Vec<Self>> {
        is_array(self).then(|| items(self))
    }

    fn string(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn is_object(&self) -> bool {
        Self::is_object(self) && !is_array(self)
    }

    fn is_array(&self) -> bool {
        is_array(self)
    }

    fn print(&self) -> String {
        stringify(self).as_string().unwrap_or_default()
    }

    fn parse(text: &str) -> Option<Self> {
        Some(parse(text))
    }

    fn array(items: Vec<Self>) -> Self {
        to_array(items)
    }

    #[cfg(feature = "fetch")]
    fn decode<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_wasm_bindgen::from_value(self.clone()).map_err(|error| error.to_string())
    }
}
