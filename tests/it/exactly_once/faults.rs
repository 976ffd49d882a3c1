//! Every way in which a response can be lost, over a real socket.

use crate::support::records::{lead, submitting};
use crate::support::rig::{client, integration_token, on_sockets, sandboxed};
use crate::transport::milliseconds;
use icloud_ready::Settings;
use icloud_ready_sandbox::{
    Action, ErrorShape, Fault, Moment, Options, RequestIdHeader, Sandbox, Switches,
};

/// The fault, whether a lead without a submission id is stored then, and the error's code.
fn faults() -> Vec<(Action, usize, &'static str)> {
    let committed = Action::Status {
        status: 503,
        body: None,
        headers: std::collections::BTreeMap::new(),
        commit: true,
    };
    vec![
        (Action::Cut { when: Moment::Before }, 0, "connection"),
        (Action::Cut { when: Moment::After }, 1, "connection"),
        (Action::Hang { when: Moment::Before }, 0, "timeout"),
        (Action::Hang { when: Moment::After }, 1, "timeout"),
        (Action::Truncate { bytes: 40 }, 1, "connection"),
        (Action::MalformedHttp, 1, "connection"),
        (Action::Garbage, 1, "response"),
        (Action::Html { status: 200 }, 1, "response"),
        (Action::EmptyBody { status: 200 }, 1, "response"),
        (Action::EmptyBody { status: 204 }, 1, "response"),
        (committed, 1, "server_error"),
        (Action::status(500), 0, "server_error"),
        (Action::Redirect { status: 307, location: "/elsewhere".into() }, 0, "redirect"),
    ]
}

#[test]
fn each_fault_leaves_one_lead_or_an_ambiguous_error() {
    // A request that hangs takes this long; others must not, however slow the machine is.
    let settings = Settings {
        timeout: milliseconds(5_000.0),
        reconcile_delays: vec![milliseconds(1.0)],
        ..Settings::default()
    };
    for (action, there, code) in faults() {
        let sandbox = Sandbox::start(Options::default());
        let fault = Fault::new(action.clone()).method("POST").times(1);
        let client = sandboxed(&sandbox, settings.clone());
        let mona = lead("Mona", "+201001234567");

        // Without a submission id: sent once, and the error is reported.
        sandbox.control().set_faults(vec![fault.clone()]);
        let error = on_sockets(client.leads().create(&mona)).unwrap_err();
        assert_eq!((error.code, error.attempts, error.ambiguous), (code, 1, true), "{action:?}");
        assert_eq!(sandbox.control().leads().unwrap().len(), there, "{action:?}");

        // With a submission id: stored once, or known to be absent.
        sandbox.control().reset().unwrap();
        // A list without any submission id proves nothing.
        let ali = lead("Ali", "+201001234568");
        let create = |id, lead| {
            let client = client.with(submitting(id, &settings));
            on_sockets(async move { client.leads().create(lead).await.map_err(Box::new) })
        };
        create("submission-0", &ali).unwrap();
        sandbox.control().set_faults(vec![fault]);
        let result = create("submission-1", &mona);
        let leads = sandbox.control().leads().unwrap();
        if code == "redirect" {
            assert_eq!((leads.len(), result.unwrap_err().code), (1, code));
        } else {
            let id = result.unwrap_or_else(|error| panic!("{action:?}: {error}")).id;
            assert_eq!((leads.len(), leads[1]["_id"].as_str()), (2, id.as_deref()), "{action:?}");
        }
    }
}

#[test]
fn an_error_has_the_response_body_and_request_id() {
    for (error_shape, header, has_body) in [
        (ErrorShape::Message, RequestIdHeader::XRequestId, true),
        (ErrorShape::Error, RequestIdHeader::CfRay, true),
        (ErrorShape::Nested, RequestIdHeader::XRequestId, true),
        (ErrorShape::Errors, RequestIdHeader::CfRay, true),
        (ErrorShape::Text, RequestIdHeader::XRequestId, false),
        (ErrorShape::Html, RequestIdHeader::XRequestId, false),
        (ErrorShape::Empty, RequestIdHeader::XRequestId, false),
    ] {
        let switches = Switches { error_shape, request_id: Some(header), ..Switches::default() };
        let sandbox = Sandbox::start(Options { switches, ..Options::default() });
        let client = client(&sandbox.url(), integration_token());
        let error = on_sockets(client.leads().retrieve("unknown")).unwrap_err();
        assert_eq!((error.code, error.status, error.attempts), ("not_found", Some(404), 1));
        assert_eq!(error.body.is_some(), has_body, "{error_shape:?}");
        let logged = sandbox.control().requests().remove(0).request_id;
        assert!(logged.is_some() && error.request_id == logged, "{error_shape:?}");
        // The message has the route template, and no data that was sent.
        assert!(error.message.contains("/leads/{id}") && !error.message.contains("unknown"));
    }
}
