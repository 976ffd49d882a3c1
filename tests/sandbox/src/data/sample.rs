//! Generated records, for lists of thousands.

use serde_json::{Value, json};

use super::random::Random;
use super::record::{Record, raw};
use super::resource::Resource;

const FIRST_NAMES: [&str; 8] = ["Ahmed", "Mona", "أحمد", "منى", "Karim", "Salma", "Élodie", "يوسف"];
const LAST_NAMES: [&str; 6] = ["Soliman", "Hassan", "سليمان", "Farouk", "Lefèvre", "مصطفى"];
const SOURCES: [&str; 4] = ["facebook_ads", "website", "walk_in", "portal"];

pub(crate) fn fields(resource: Resource, random: &Random) -> Record {
    let value = match resource {
        Resource::Leads => lead(random),
        Resource::Opportunities => json!({
            "opportunityDescription": "Interested in purchasing a new property",
            "probability": random.below(100) as f64 / 100.0,
            "revenue": random.below(10_000_000),
            "status": "active",
        }),
        Resource::Batches => json!({
            "batchCode": format!("B-{:06}", random.below(1_000_000)),
            "repeated": random.below(2) == 1,
            "rating": random.below(6),
        }),
        Resource::Customers => json!({
            "isCompany": random.below(2) == 1,
            "name": format!("{} {}", pick(random, &FIRST_NAMES), pick(random, &LAST_NAMES)),
            "city": "Cairo",
        }),
    };
    Record::parse(raw(&value).get()).unwrap_or_default()
}

fn lead(random: &Random) -> Value {
    json!({
        "leadInformation": {
            "firstName": pick(random, &FIRST_NAMES),
            "lastName": pick(random, &LAST_NAMES),
            "phone": format!("+2010{:08}", random.below(100_000_000)),
            "email": format!("visitor{}@example.com", random.below(1_000_000)),
        },
        "leadSource": pick(random, &SOURCES),
        "leadRating": random.below(6),
        "dealSize": random.below(10_000_000),
        "interests": ["villa", "garden"],
    })
}

fn pick<'a>(random: &Random, choices: &[&'a str]) -> &'a str {
    choices[random.below(choices.len())]
}
