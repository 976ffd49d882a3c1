//! JSON values off the web: what native transports answer with.

use crate::transport::Json;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use serde::de::DeserializeOwned;
use serde_json::Value;

impl Json for Value {
    fn member(&self, name: &str) -> Option<Self> {
        self.get(name).cloned()
    }

    fn members(&self) -> Vec<(String, Self)> {
        self.as_object().map_or_else(Vec::new, |object| {
            object.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
        })
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

    fn array(items: Vec<Self>) -> Self {
        Self::Array(items)
    }

    fn decode<T: DeserializeOwned>(&self) -> Result<T, String> {
        T::deserialize(self).map_err(|error| error.to_string())
    }
}
