//! Iterating lists whose envelope, page numbers and end are not documented.

use crate::support::fake::Fake;
use crate::support::listing::{Envelope, Listing, number};
use crate::support::rig::{faked, simulated};
use icloud_ready::model::ListQuery;
use icloud_ready::transport::Transport;
use icloud_ready::{Client, Error, Settings};

/// Every documented member, and the only array of an object.
const ENVELOPES: [Envelope; 18] = [
    "@",
    r#"{"data":@}"#,
    r#"{"leads":@}"#,
    r#"{"docs":@}"#,
    r#"{"items":@}"#,
    r#"{"results":@}"#,
    r#"{"records":@}"#,
    r#"{"rows":@}"#,
    r#"{"list":@}"#,
    r#"{"data":{"docs":@,"filters":[]},"tags":[1]}"#,
    r#"{"data":{"leads":@}}"#,
    r#"{"result":{"data":@}}"#,
    r#"{"status":"ok","contacts":@,"meta":{"x":[1]}}"#,
    r#"{"errors":[],"warnings":["x"],"data":@}"#,
    r#"{"data":@,"total":#}"#,
    r#"{"docs":@,"totalCount":#}"#,
    r#"{"items":@,"pagination":{"total":#}}"#,
    // The page's own count, which is not the total.
    r#"{"items":@,"total":%,"count":#}"#,
];

pub(crate) fn limit(limit: i64) -> ListQuery {
    ListQuery { limit: Some(limit), ..ListQuery::default() }
}

/// Every number, page by page.
pub(crate) async fn read_all<T: Transport>(
    client: &Client<T>,
    query: &ListQuery,
) -> Result<Vec<usize>, Error> {
    let mut pages = client.leads().pages(query);
    let mut numbers = Vec::new();
    while let Some(page) = pages.next().await? {
        numbers.extend(page.data.iter().map(number));
        assert!(numbers.len() < 20_000, "a walk without end");
    }
    // After its end a list stays at its end.
    assert!(pages.next().await?.is_none());
    Ok(numbers)
}

/// The numbers that an iteration returns, and the requested targets.
pub(crate) fn read_all_of(
    listing: &Listing,
    query: &ListQuery,
    settings: Settings,
) -> (Vec<usize>, Vec<String>) {
    simulated(async {
        let fake = Fake::new(listing.clone().script());
        let numbers = read_all(&faked(&fake, settings), query).await.unwrap();
        (numbers, fake.sent().into_iter().map(|sent| sent.target).collect())
    })
}

#[test]
fn ten_thousand_records_each_once_in_order_in_every_envelope() {
    for envelope in ENVELOPES {
        for first_page in [0, 1] {
            let listing = Listing { envelope, first_page, ..Listing::default() };
            let (numbers, requested) = read_all_of(&listing, &limit(1_000), Settings::default());
            assert!(numbers == listing.numbers(), "{envelope} from {first_page}");
            // One more page if nothing indicates the end, and one more if pages count from 1.
            let reported = envelope.contains('#') && !envelope.contains('%');
            let expected = 10 + usize::from(!reported) + first_page;
            assert_eq!(requested.len(), expected, "{envelope} from {first_page}");
        }
    }
}

#[test]
fn ten_thousand_records_even_if_the_server_caps_or_ignores_limit() {
    for first_page in [0, 1] {
        for (cap, ignores_limit, default_limit) in [(370, false, 20), (usize::MAX, true, 123)] {
            let listing =
                Listing { first_page, cap, ignores_limit, default_limit, ..Listing::default() };
            for query in [limit(1_000), ListQuery::default()] {
                let small = query.limit.is_none() && !ignores_limit;
                let count = if small { 300 } else { 10_000 };
                let listing = Listing { count, ..listing.clone() };
                let (numbers, _) = read_all_of(&listing, &query, Settings::default());
                assert!(numbers == listing.numbers(), "from {first_page}, {query:?}");
            }
        }
    }
}

#[test]
fn if_the_server_ignores_page_the_list_ends_after_one_page() {
    for first_page in [0, 1] {
        for with_ids in [true, false] {
            let listing =
                Listing { first_page, with_ids, ignores_page: true, ..Listing::default() };
            let (numbers, requested) = read_all_of(&listing, &limit(50), Settings::default());
            assert_eq!(numbers, listing.numbers()[..50]);
            assert_eq!(
                requested,
                ["/leads?limit=50", "/leads?limit=50&page=1", "/leads?limit=50&page=2"]
            );
        }
    }
}

#[test]
fn records_created_during_the_iteration_cause_no_duplicates_or_gaps() {
    for first_page in [0, 1] {
        for with_ids in [true, false] {
            for (envelope, created_per_page) in
                [("@", 1), ("@", 40), (r#"{"data":@,"total":#}"#, 7)]
            {
                let listing = Listing {
                    count: 2_000,
                    envelope,
                    first_page,
                    created_per_page,
                    with_ids,
                    ..Listing::default()
                };
                let (numbers, _) = read_all_of(&listing, &limit(100), Settings::default());
                assert!(
                    numbers == listing.numbers(),
                    "{envelope} from {first_page}, {created_per_page}"
                );
            }
        }
    }
}

#[test]
fn records_without_an_id_are_distinguished_by_their_content() {
    for first_page in [0, 1] {
        let listing = Listing { count: 500, first_page, with_ids: false, ..Listing::default() };
        let (numbers, _) = read_all_of(&listing, &limit(100), Settings::default());
        assert_eq!(numbers, listing.numbers());
    }
}

#[test]
fn an_impossible_total_is_ignored() {
    for envelope in [
        r#"{"data":@,"total":%}"#,
        r#"{"data":@,"total":0}"#,
        r#"{"data":@,"total":-1}"#,
        r#"{"data":@,"total":null}"#,
        r#"{"data":@,"total":"50"}"#,
        r#"{"data":@,"totalCount":1,"pagination":{"total":2}}"#,
        // More than exist: the list still ends with its records.
        r#"{"data":@,"total":100000}"#,
    ] {
        let listing = Listing { count: 250, envelope, ..Listing::default() };
        let (numbers, requested) = read_all_of(&listing, &limit(50), Settings::default());
        assert_eq!((numbers, requested.len()), (listing.numbers(), 7), "{envelope}");
    }
}
