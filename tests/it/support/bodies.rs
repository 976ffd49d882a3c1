//! One record of each kind, with values that are hard to send.

use super::records::{lead, object};
use icloud_ready::model::{
    Activity, Batch, Customer, Lead, ListQuery, Note, ObjectOrArray, Opportunity,
};
use serde_json::json;

/// One record of each kind, with undocumented fields and with values that are easily corrupted.
pub(crate) struct Bodies {
    pub(crate) lead: Lead,
    pub(crate) opportunity: Opportunity,
    pub(crate) batch: Batch,
    pub(crate) customer: Customer,
    pub(crate) note: Note,
    pub(crate) activity: Activity,
    pub(crate) object: icloud_ready::model::Object,
    pub(crate) array: ObjectOrArray,
    pub(crate) query: ListQuery,
}

impl Bodies {
    pub(crate) fn new() -> Self {
        let object = object(json!({
            "text": "\u{627}\u{644}\u{642}\u{627}\u{647}\u{631}\u{629} \u{1f600} \"\\/\u{2028}\u{7f}",
            "big": 9_007_199_254_740_993_i64, "float": 1e-7, "null": null, "deep": [[{}]],
            "__proto__": 1,
        }));
        let (text, extra) = (Some("a\nb\t\u{1}".to_owned()), object.clone());
        Self {
            lead: Lead {
                lead_description: text.clone(),
                extra: extra.clone(),
                ..lead("M\u{f6}na", "+201001234567")
            },
            opportunity: Opportunity {
                stage: text.clone(),
                extra: extra.clone(),
                ..Opportunity::default()
            },
            batch: Batch { summary: text.clone(), extra: extra.clone(), ..Batch::default() },
            customer: Customer {
                name_ar: text.clone(),
                extra: extra.clone(),
                ..Customer::default()
            },
            note: Note { extra: extra.clone() },
            activity: Activity { logs: text, extra, ..Activity::default() },
            array: ObjectOrArray::Array(vec![object.clone().into(), json!(1)]),
            query: ListQuery {
                limit: Some(5),
                page: Some(2),
                order: Some("asc".into()),
                sort_by: Some("leadNumber".into()),
                fields: Some("a,b c".into()),
                p: Some("{\"x\":1}".into()),
                q: Some("+20 100&x=y#z".into()),
                ..ListQuery::default()
            },
            object,
        }
    }
}
