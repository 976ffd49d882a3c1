use serde::{Deserialize, Serialize};

/// The four kinds of record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Resource {
    #[default]
    Leads,
    Opportunities,
    Batches,
    Customers,
}

impl Resource {
    /// All of them, in the order of the vendor's reference.
    pub const ALL: [Self; 4] = [Self::Leads, Self::Opportunities, Self::Batches, Self::Customers];

    /// Its name in paths.
    pub fn name(self) -> &'static str {
        match self {
            Self::Leads => "leads",
            Self::Opportunities => "opportunities",
            Self::Batches => "batches",
            Self::Customers => "customers",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resource| resource.name() == name)
    }
}
