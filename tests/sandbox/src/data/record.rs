use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// A JSON object whose members keep their order and original text: numbers keep all digits, escapes
/// are not rewritten, and no key (`__proto__`) is special.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record {
    members: IndexMap<String, Box<RawValue>>,
}

impl Record {
    /// The record as JSON text.
    pub fn to_text(&self) -> String {
        raw(self).get().to_owned()
    }

    /// The record as a value; only here numbers beyond 64 bits lose digits.
    pub fn to_value(&self) -> Value {
        serde_json::from_str(&self.to_text()).unwrap_or_default()
    }

    /// A member's JSON text.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.members.get(name).map(|member| member.get())
    }

    /// A member that is a string.
    pub fn string(&self, name: &str) -> Option<String> {
        self.parsed(name)
    }

    pub(crate) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// A member parsed as a type; `None` if it has another.
    pub(crate) fn parsed<T: for<'a> Deserialize<'a>>(&self, name: &str) -> Option<T> {
        self.get(name).and_then(|text| serde_json::from_str(text).ok())
    }

    pub(crate) fn raw(&self, name: &str) -> Option<&RawValue> {
        self.members.get(name).map(AsRef::as_ref)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Serialize) {
        self.set_raw(name, raw(&value));
    }

    pub(crate) fn set_raw(&mut self, name: &str, value: Box<RawValue>) {
        self.members.insert(name.to_owned(), value);
    }

    /// Sets a member of a member, `pagination.total`; a value on the path that is not an object is
    /// replaced by one.
    pub(crate) fn set_path(&mut self, path: &str, value: Box<RawValue>) {
        match path.split_once('.') {
            None => self.set_raw(path, value),
            Some((outer, inner)) => {
                let mut member: Self = self.parsed(outer).unwrap_or_default();
                member.set_path(inner, value);
                self.set(outer, member);
            }
        }
    }

    pub(crate) fn path(&self, path: &str) -> Option<Box<RawValue>> {
        match path.split_once('.') {
            None => self.raw(path).map(ToOwned::to_owned),
            Some((outer, inner)) => self.parsed::<Self>(outer)?.path(inner),
        }
    }

    pub(crate) fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.members.retain(|name, _| keep(name));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value.as_ref()))
    }

    /// Copies every member of `other`.
    pub(crate) fn overlay(&mut self, other: Self) {
        self.members.extend(other.members);
    }
}

/// Serializes a value; `null` if that fails.
pub(crate) fn raw(value: &(impl Serialize + ?Sized)) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
