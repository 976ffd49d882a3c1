//! The query of a list, and its SQL.

use rusqlite::types::Value;
use serde_json::value::RawValue;

use super::response::ApiError;
use super::switches::Switches;
use crate::data::record::Record;
use crate::data::resource::Resource;

/// The name that means every field.
const EVERYTHING: &str = "_all";

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Listing {
    search: Option<Search>,
    sort_by: Option<String>,
    ascending: bool,
    limit: u64,
    offset: u64,
    /// Records that become visible later are not in it yet.
    visible_until: u64,
    /// The only fields in the result; each of them must allow a field.
    projections: Vec<Vec<String>>,
}

#[derive(Debug)]
struct Search {
    text: String,
    fields: Vec<String>,
}

impl Listing {
    pub(crate) fn new(query: &str, switches: &Switches, now: u64) -> Result<Self, ApiError> {
        let mut listing = Self {
            search: None,
            sort_by: None,
            ascending: false,
            limit: switches.default_limit,
            offset: 0,
            visible_until: now,
            projections: switches.projection.iter().cloned().collect(),
        };
        let first_page = u64::from(switches.first_page);
        let mut page = first_page;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "limit" => listing.limit = number(&name, &value, 1)?,
                "page" => page = number(&name, &value, 0)?,
                "order" => listing.ascending = is_ascending(&value)?,
                "sortBy" if !value.is_empty() => listing.sort_by = Some(value.into_owned()),
                "fields" if !value.is_empty() => listing.projections.push(names(&value)),
                "q" if !value.is_empty() => listing.search = search(&value, switches),
                _ => {}
            }
        }
        if switches.ignore_limit {
            listing.limit = switches.default_limit;
        }
        listing.limit = listing.limit.min(switches.limit_cap.unwrap_or(u64::MAX));
        if switches.ignore_page {
            page = first_page;
        }
        listing.offset = page.saturating_sub(first_page).saturating_mul(listing.limit);
        if listing.search.is_some() {
            listing.visible_until = now.saturating_sub(switches.search_lag_ms);
        }
        Ok(listing)
    }

    /// Most recent first, unless the query has another order; ties by age.
    pub(crate) fn page_query(&self, resource: Resource) -> (String, Vec<Value>) {
        let (condition, mut parameters) = self.condition(resource);
        let direction = if self.ascending { "ASC" } else { "DESC" };
        let mut order = format!("number {direction}");
        if let Some(path) = self.sort_by.as_deref().and_then(json_path) {
            parameters.push(path.into());
            order = format!("json_extract(body, ?{}) {direction}, {order}", parameters.len());
        }
        parameters.push(integer(self.limit));
        parameters.push(integer(self.offset));
        let (limit, offset) = (parameters.len() - 1, parameters.len());
        let sql = format!(
            "SELECT body FROM records WHERE {condition} ORDER BY {order} LIMIT ?{limit} OFFSET ?{offset}"
        );
        (sql, parameters)
    }

    pub(crate) fn total_query(&self, resource: Resource) -> (String, Vec<Value>) {
        let (condition, parameters) = self.condition(resource);
        (format!("SELECT count(*) FROM records WHERE {condition}"), parameters)
    }

    fn condition(&self, resource: Resource) -> (String, Vec<Value>) {
        let mut sql = "resource = ?1 AND deleted = 0 AND visible_at <= ?2".to_owned();
        let mut parameters = vec![resource.name().to_owned().into(), integer(self.visible_until)];
        let Some(search) = &self.search else {
            return (sql, parameters);
        };
        // `instr`, not `LIKE`: a percent sign in the query is literal.
        parameters.push(search.text.to_ascii_lowercase().into());
        let mut alternatives = Vec::new();
        for field in &search.fields {
            if field == EVERYTHING {
                alternatives.push(
                    "EXISTS (SELECT 1 FROM json_tree(body) AS leaf
                     WHERE leaf.atom IS NOT NULL AND instr(lower(leaf.atom), ?3) > 0)"
                        .to_owned(),
                );
            } else if let Some(path) = json_path(field) {
                parameters.push(path.into());
                let path = parameters.len();
                alternatives.push(format!("instr(lower(json_extract(body, ?{path})), ?3) > 0"));
            }
        }
        if alternatives.is_empty() {
            // Uses the search text, since SQLite requires each parameter to be used.
            alternatives.push("?3 IS NULL".to_owned());
        }
        sql.push_str(&format!(" AND ({})", alternatives.join(" OR ")));
        (sql, parameters)
    }

    /// The records of the page.
    pub(crate) fn project(&self, records: Vec<Box<RawValue>>) -> Vec<Box<RawValue>> {
        if self.projections.is_empty() {
            return records;
        }
        records.into_iter().map(|record| self.project_one(record)).collect()
    }

    fn project_one(&self, text: Box<RawValue>) -> Box<RawValue> {
        let Ok(mut record) = Record::parse(text.get()) else {
            return text;
        };
        for fields in &self.projections {
            let mut projected = Record::default();
            for field in std::iter::once("_id").chain(fields.iter().map(String::as_str)) {
                if let Some(value) = record.path(field) {
                    projected.set_path(field, value);
                }
            }
            record = projected;
        }
        crate::data::record::raw(&record)
    }
}

fn search(text: &str, switches: &Switches) -> Option<Search> {
    let fields = switches.search_fields.clone()?;
    Some(Search { text: text.to_owned(), fields })
}

fn number(name: &str, value: &str, least: u64) -> Result<u64, ApiError> {
    value
        .parse()
        .ok()
        .filter(|number| *number >= least)
        .ok_or_else(|| ApiError::new(400, format!("{name} is not an integer from {least}")))
}

fn is_ascending(order: &str) -> Result<bool, ApiError> {
    match order.to_ascii_lowercase().as_str() {
        "asc" | "ascending" | "1" => Ok(true),
        "desc" | "descending" | "-1" | "" => Ok(false),
        _ => Err(ApiError::new(400, "order is neither asc nor desc")),
    }
}

/// Names separated by commas or spaces.
fn names(text: &str) -> Vec<String> {
    let separated = text.split([',', ' ']);
    separated.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// `leadInformation.phone` as a JSON path of SQLite; `None` if it has none.
fn json_path(name: &str) -> Option<String> {
    if name.contains(['"', '\\']) {
        return None;
    }
    let segments = name.split('.').map(|segment| format!(".\"{segment}\""));
    Some(format!("${}", segments.collect::<String>()))
}

fn integer(number: u64) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}
