//! JSON values of the platform, so that responses are passed on without a copy.

use alloc::string::String;
#[cfg(not(target_arch = "wasm32"))]
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt::Debug;
#[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
use serde::de::DeserializeOwned;

/// A JSON value.
pub trait Json: Clone + Debug {
    /// An object's own member.
    fn member(&self, name: &str) -> Option<Self>;
    /// The values of an object's members, in order.
    fn values(&self) -> Vec<Self>;
    /// An array's items.
    fn items(&self) -> Option<Vec<Self>>;
    /// A string.
    fn string(&self) -> Option<String>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// Whether it is an object but not an array.
    fn is_object(&self) -> bool;
    /// Whether it is an array.
    fn is_array(&self) -> bool;
    /// The value as JSON text.
    fn print(&self) -> String;
    /// Parses a text that [`Json::print`] returned.
    fn parse(text: &str) -> Option<Self>;
    /// An array of these items.
    fn array(items: Vec<Self>) -> Self;
    /// The value as a Rust type, or the reason why it cannot be converted.
    ///
    /// # Errors
    ///
    /// The decoder's message.
    #[cfg(any(not(target_arch = "wasm32"), feature = "fetch"))]
    fn decode<T: DeserializeOwned>(&self) -> Result<T, String>;
}

/// The value of native transports.
#[cfg(not(target_arch = "wasm32"))]
impl Json for serde_json::Value {
    fn member(&self, name: &str) -> Option<Self> {
        self.get(name).cloned()
    }

    fn values(&self) -> Vec<Self> {
        self.as_object().map_or_else(Vec::new, |object| object.values().cloned().collect())
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }

    fn string(&self) -> Option<String> {
        self.as_str().map(Into::into)
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn is_object(&self) -> bool {
        Self::is_object(self)
    }

    fn is_array(&self) -> bool {
        Self::is_array(self)
    }

    fn print(&self) -> String {
        self.to_string()
    }

    fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn array(items: Vec<Self>) -> Self {
        Self::Array(items)
    }

    fn decode<T: DeserializeOwned>(&self) -> Result<T, String> {
        T::deserialize(self).map_err(|error| error.to_string())
    }
}
