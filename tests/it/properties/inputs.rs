//! Bodies and submission ids: sent unchanged, or rejected.

use super::calls::{id, sent};
use crate::support::arbitrary;
use crate::support::property::property;
use crate::support::records::{lead, submitting};
use icloud_ready::Settings;
use icloud_ready::endpoint::OPERATIONS;
use icloud_ready::request::prepared::{CallInput, PreparedRequest};
use icloud_ready::request::settings::CallSettings;
use proptest::prelude::*;
use proptest::sample::select;

#[test]
fn any_input_of_any_operation_is_sent_unchanged_or_rejected() {
    let settings = prop_oneof![
        Just(CallSettings::default()),
        Just(CallSettings { strict: true, integration_token: true, ..CallSettings::default() }),
        any::<String>()
            .prop_map(|id| CallSettings { submission_id: Some(id), ..CallSettings::default() }),
    ];
    let parts = (select(OPERATIONS.to_vec()), id(), prop::option::of(arbitrary::text()), settings);
    property(parts, |(operation, id, input, settings)| {
        let argument = |_| Some(id.clone());
        let call_input = CallInput {
            argument: &argument,
            query: input.as_deref(),
            body: input.as_deref().map(Into::into),
        };
        let call = PreparedRequest::new(operation, call_input, &settings);
        match call {
            Ok(call) if settings == CallSettings::default() => {
                let trimmed =
                    input.as_deref().map(|text| text.trim_matches([' ', '\t', '\n', '\r']));
                assert!(call.body.is_none() || call.body.as_deref() == trimmed);
            }
            Ok(_) => {}
            Err(issues) => assert!(!issues.is_empty()),
        }
    });
}

#[test]
fn a_submission_id_is_eight_to_sixty_four_plain_characters() {
    let plain = "[A-Za-z0-9_-]{8,64}".prop_map(|id| (id, true));
    let other = prop_oneof!["[A-Za-z0-9_-]{0,7}", "[a-z]{65,70}", "[a-z]{8}[ -,./:-@\u{e9}]", id()]
        .prop_map(|id| {
            let plain =
                id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
            let good = plain && (8..=64).contains(&id.len());
            (id, good)
        });
    property(prop_oneof![plain, other], |(id, good)| {
        let call = sent(&submitting(&id, &Settings::default()), async |client| {
            client.leads().create(&lead("Mona", "+201001234567")).await.map(drop)
        });
        assert_eq!(call.is_some(), good);
    });
}
