use crate::call::machine::{CallMachine, Shared, Step};
use crate::call::transport::{PlainResponse, Platform};
use crate::request::endpoint;
use crate::request::prepared::{CallInput, PreparedRequest};
use crate::request::settings::CallSettings;
use crate::sync::Rc;
use serde_json::Value;
use std::sync::Barrier;
use std::thread;

struct Stopped;

impl Platform for Stopped {
    type Response = PlainResponse<Value>;

    fn now(&self) -> f64 {
        0.0
    }

    fn wall_clock(&self) -> f64 {
        0.0
    }

    fn random(&self) -> f64 {
        0.0
    }
}

/// A create with a submission id, before its first step.
fn create(shared: &Rc<Shared>) -> CallMachine<PlainResponse<Value>> {
    let settings =
        CallSettings { submission_id: Some("submission-1".into()), ..CallSettings::default() };
    let body = r#"{"leadInformation":{"firstName":"Mona","phone":"+201001234567"}}"#;
    let input = CallInput { argument: &|_| None, query: None, body: Some(body.into()) };
    let request = PreparedRequest::new(&endpoint::leads::create, input, &settings).unwrap();
    CallMachine::new(Rc::clone(shared), settings, request)
}

#[test]
fn of_several_threads_one_sends() {
    const THREADS: usize = 4;

    for _ in 0..200 {
        let shared = Rc::new(Shared { creates: Some(Rc::default()), ..Shared::default() });
        let barrier = Barrier::new(THREADS);
        let sends = || {
            let mut machine = create(&shared);
            barrier.wait();
            let step = machine.step(&Stopped, None);
            // All of them are under way until the last one has decided.
            barrier.wait();
            usize::from(matches!(step, Step::Send))
        };
        let count: usize = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(sends)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(count, 1);
    }
}
