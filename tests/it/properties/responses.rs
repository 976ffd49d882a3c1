//! Any bytes as a response: a result or an error, in bounded time.

use crate::support::arbitrary;
use crate::support::fake::{Fake, Reply};
use crate::support::fetched::{PlainResponse, fetched};
use crate::support::property::property;
use crate::support::records::{lead, submitting};
use crate::support::rig::{limited, simulated};
use crate::transport::milliseconds;
use icloud_ready::model::ListQuery;
use icloud_ready::request::settings::Reconcile;
use icloud_ready::transport::{Outcome, TransportError};
use icloud_ready::{Client, Error, Settings};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn reply() -> impl Strategy<Value = Reply> {
    let outcome = prop_oneof![
        5 => Just(Outcome::Status(200)),
        3 => (200..600_u16).prop_map(Outcome::Status),
        1 => any::<u16>().prop_map(Outcome::Status),
        1 => (select(vec![TransportError::Connection, TransportError::Timeout, TransportError::Token, TransportError::Aborted]), any::<bool>())
            .prop_map(|(error, sent)| Outcome::Error { error, sent }),
    ];
    let header = prop_oneof![
        Just(None),
        "[0-9]{1,25}".prop_map(Some),
        any::<String>().prop_map(Some),
        Just(Some("Mon, 18 Mar 2030 20:00:05 GMT".to_owned())),
    ];
    let after = select(vec![0.0, 0.0, 1.0, 500.0, f64::INFINITY]);
    (outcome, arbitrary::bytes(), header, after).prop_map(|(outcome, body, retry_after, after)| {
        let response = PlainResponse { outcome, retry_after, ..fetched(200, &body) };
        Reply { response, after }
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    (0..4_u32, any::<[bool; 3]>(), prop::option::of("[a-z.]{1,6}")).prop_map(
        |(max_retries, [check_existing, by_id, strict], items_key)| Settings {
            max_retries,
            check_existing,
            strict,
            items_key,
            reconcile: if by_id { Reconcile::Id } else { Reconcile::Full },
            timeout: milliseconds(2_000.0),
            total_timeout: milliseconds(20_000.0),
            ..Settings::default()
        },
    )
}

/// Calls of each shape, chosen by number.
async fn call(client: &Client<Fake>, number: usize, settings: &Settings) -> Result<(), Error> {
    let lead = lead("Mona", "+201001234567");
    match number {
        0 => client.leads().retrieve("l1").await.map(drop),
        1 => client.leads().update("l1", &lead).await.map(drop),
        2 => client.leads().delete("l1").await.map(drop),
        3 => client.leads().create(&lead).await.map(drop),
        4 => client.request("POST", "/x", None, None, None).await.map(drop),
        5 => client.opportunities().list(&ListQuery::default()).await.map(drop),
        6 => {
            let client = client.with(submitting("submission-1", settings));
            client.leads().create(&lead).await.map(drop)
        }
        _ => {
            let mut pages = client.leads().pages(&ListQuery::default());
            // A server that always returns new records has an endless list.
            for _ in 0..20 {
                if pages.next().await?.is_none() {
                    break;
                }
            }
            Ok(())
        }
    }
}

#[test]
fn any_responses_lead_to_a_result_or_an_error_in_bounded_time() {
    let input = (vec(reply(), 1..8), settings(), any::<bool>(), 0..8_usize);
    property(input, |(replies, settings, has_token_function, number)| {
        simulated(async {
            let fake = Fake::replying(replies);
            let fake = if has_token_function { fake.with_token_function() } else { fake };
            let client = limited(&fake, settings.clone());
            let result = call(&client, number, &settings).await;
            // An iteration makes at most 21 calls, each with its own timeout.
            let calls = if number > 6 { 21.0 } else { 1.0 };
            assert!(fake.elapsed() <= calls * 20_001.0, "{}", fake.elapsed());
            let sends = fake.sent().iter().map(|sent| sent.attempt).max().unwrap_or(0);
            // The retries, the first, and the one with a new token.
            assert!(sends <= settings.max_retries + 2);
            if let Err(error) = result {
                assert!(!error.code.is_empty() && error.attempts <= sends);
                assert!(!error.message.contains("201001234567"));
            }
        });
    });
}
