//! How the iteration of a list starts and fails, and one over the sandbox's list.

use crate::lists::iteration::{limit, read_all, read_all_of};
use crate::support::fake::{Fake, Reply};
use crate::support::listing::{Listing, number};
use crate::support::rig::{bearer, faked, on_sockets, simulated};
use crate::transport::Socket;
use icloud_ready::model::ListQuery;
use icloud_ready::{Client, Settings};
use icloud_ready_sandbox::{Envelope as Shape, Options, Resource, Sandbox, Switches};

#[test]
fn the_first_page_number_is_detected_once_per_client() {
    for (first_page, expected) in
        [(1, ["", "&page=1", "&page=2", "&page=3"]), (0, ["", "&page=1", "&page=2", ""])]
    {
        let listing = Listing { count: 200, first_page, ..Listing::default() };
        simulated(async {
            let fake = Fake::new(listing.script());
            let client = faked(&fake, Settings::default());
            read_all(&client, &limit(100)).await.unwrap();
            let requested: Vec<_> = fake.sent().into_iter().map(|sent| sent.target).collect();
            let expected: Vec<_> =
                expected.iter().map(|page| format!("/leads?limit=100{page}")).collect();
            assert_eq!(requested, expected[..requested.len()]);
            assert_eq!(requested.len(), 3 + first_page);
            // Derived clients share it; an iteration that the caller started also detects it.
            fake.forget();
            read_all(&client.with(Settings::default()), &limit(100)).await.unwrap();
            assert_eq!(fake.count(), 3);
            let query = ListQuery { page: Some(2), ..limit(50) };
            fake.forget();
            read_all(&client, &query).await.unwrap();
            assert_eq!(fake.sent()[0].target, "/leads?limit=50&page=2");
            assert_eq!(fake.sent()[1].target, "/leads?limit=50&page=3");
        });
    }
}

#[test]
fn a_configured_first_page_is_not_detected() {
    for first_page in [0, 1_u32] {
        let listing = Listing { count: 200, first_page: first_page as usize, ..Listing::default() };
        let settings = Settings { first_page: Some(first_page), ..Settings::default() };
        let (numbers, requested) = read_all_of(&listing, &limit(100), settings);
        assert_eq!(numbers, listing.numbers());
        let page = |number: u32| format!("/leads?limit=100&page={number}");
        assert_eq!(requested[0], "/leads?limit=100");
        assert_eq!(requested[1..], [page(first_page + 1), page(first_page + 2)]);
    }
}

#[test]
fn an_empty_response_is_an_empty_list() {
    for body in ["", "  ", "[]", r#"{"data":[]}"#, r#"{"data":[],"total":0}"#] {
        simulated(async {
            let fake = Fake::replying([Reply::json(if body.is_empty() { 204 } else { 200 }, body)]);
            let client = faked(&fake, Settings::default());
            assert_eq!(read_all(&client, &limit(5)).await.unwrap(), [0; 0], "{body}");
            assert_eq!(fake.count(), 1);
        });
    }
}

#[test]
fn items_key_names_the_member_with_the_records() {
    let envelope = r#"{"data":[1],"other":[2],"deep":{"er":@}}"#;
    let listing = Listing { count: 30, envelope, ..Listing::default() };
    let settings = Settings { items_key: Some("deep.er".into()), ..Settings::default() };
    let (numbers, _) = read_all_of(&listing, &limit(10), settings);
    assert_eq!(numbers, listing.numbers());
    simulated(async {
        for body in [r#"{"data":@}"#, r#"{"deep":{"er":{}}}"#, r#"{"deep":[]}"#, "[]"] {
            let settings = Settings { items_key: Some("deep.er".into()), ..Settings::default() };
            let fake = Fake::replying([Reply::json(200, &body.replace('@', "[]"))]);
            let error = read_all(&faked(&fake, settings), &limit(1)).await.unwrap_err();
            assert_eq!(error.status, Some(200), "{body}");
        }
    });
}

#[test]
fn a_page_that_failed_can_be_requested_again() {
    simulated(async {
        let mut listing = Listing { count: 300, ..Listing::default() }.script();
        let mut requests = 0;
        let fake = Fake::new(move |sent| {
            requests += 1;
            if requests % 2 == 1 { Reply::json(400, "{}") } else { listing(sent) }
        });
        let client = faked(&fake, Settings::default());
        let query = limit(100);
        let mut pages = client.leads().pages(&query);
        let (mut numbers, mut failures) = (Vec::new(), 0);
        loop {
            match pages.next().await {
                Ok(Some(page)) => numbers.extend(page.data.iter().map(number)),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(error.status, Some(400));
                    failures += 1;
                }
            }
        }
        assert_eq!(numbers, (1..=300).rev().collect::<Vec<_>>());
        assert!(failures >= 4);
    });
}

#[test]
fn the_sandbox_with_ten_thousand_leads() {
    let shape = Shape::Object {
        path: "data.docs".into(),
        total: Some("pagination.total".into()),
        extra: serde_json::Map::new(),
    };
    for (envelope, first_page, limit_cap, count) in
        [(Shape::Array, 1, None, 10_000), (shape, 0, Some(400), 1_500)]
    {
        let switches = Switches { envelope, first_page, limit_cap, ..Switches::default() };
        let sandbox = Sandbox::start(Options { switches, ..Options::default() });
        sandbox.control().seed(Resource::Leads, count).unwrap();
        let client = Client::new(Socket::new(&sandbox.url(), bearer()), Settings::default(), None);
        on_sockets(async {
            // Only one field, so that the test measures lists and not the size of records.
            let query = ListQuery { fields: Some("leadNumber".into()), ..limit(1_000) };
            let mut pages = client.leads().pages(&query);
            let mut numbers = Vec::new();
            while let Some(page) = pages.next().await.unwrap() {
                numbers.extend(page.data.iter().map(number));
                // Leads are created between the pages.
                sandbox.control().seed(Resource::Leads, 3).unwrap();
            }
            assert!(numbers == (1..=count).rev().collect::<Vec<_>>());
        });
    }
}
