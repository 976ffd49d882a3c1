//! A sandbox and a minimal client for it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use icloud_ready_sandbox::{ACCESS_TOKEN, API_KEY, Fault, ORGANIZATION_ID, Options, Sandbox};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

pub(crate) type Header<'a> = (&'a str, &'a str);

pub(crate) const BEARER: Header<'static> = ("authorization", "Bearer sandbox-access-token");
pub(crate) const KEY: Header<'static> = ("x-api-key", API_KEY);
pub(crate) const ORGANIZATION: Header<'static> = ("organizationId", ORGANIZATION_ID);
pub(crate) const JSON: Header<'static> = ("content-type", "application/json");

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn id(&self) -> String {
        self.json()["_id"].as_str().unwrap().to_owned()
    }
}

/// A guard against hanging, longer than anything takes on a slow machine.
const HANGING: Duration = Duration::from_mins(1);

/// Waits until a condition is met.
pub(crate) fn until(mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < HANGING, "what is waited for did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A sandbox for one test, and its client.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    agent: Agent,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(crate) fn with(options: Options) -> Self {
        assert_eq!(BEARER.1, format!("Bearer {ACCESS_TOKEN}"));
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(HANGING))
            .build()
            .new_agent();
        Self { sandbox: Sandbox::start(options), agent }
    }

    /// Starts a sandbox with these switches, set over HTTP like in the JavaScript tests.
    pub(crate) fn switched(switches: Value) -> Self {
        let bench = Self::new();
        bench.switch(switches);
        bench
    }

    pub(crate) fn switch(&self, switches: Value) {
        let reply = self.control("PUT", "/switches", Some(switches));
        assert_eq!(reply.status, 200, "{}", reply.text());
    }

    pub(crate) fn faults(&self, faults: Vec<Fault>) {
        self.sandbox.control().set_faults(faults);
    }

    pub(crate) fn try_send(
        &self,
        method: &str,
        url: &str,
        headers: &[Header<'_>],
        body: Option<&str>,
    ) -> Result<Reply, ureq::Error> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match body {
            Some(text) => self.agent.run(request.body(text).unwrap())?,
            None => self.agent.run(request.body(()).unwrap())?,
        };
        let bytes = response.body_mut().with_config().limit(64 << 20).read_to_vec()?;
        let status = response.status().as_u16();
        Ok(Reply { status, headers: response.headers().clone(), bytes })
    }

    pub(crate) fn raw(
        &self,
        method: &str,
        path: &str,
        headers: &[Header<'_>],
        body: Option<&str>,
    ) -> Reply {
        let url = format!("{}{path}", self.sandbox.url());
        self.try_send(method, &url, headers, body).unwrap()
    }

    /// Calls the API with the access token.
    pub(crate) fn send(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let body = body.map(|body| body.to_string());
        self.raw(method, path, &[BEARER, JSON], body.as_deref())
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let reply = self.send("GET", path, None);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    pub(crate) fn control(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let url = format!("{}{path}", self.sandbox.control_url());
        let body = body.map(|body| body.to_string());
        self.try_send(method, &url, &[], body.as_deref()).unwrap()
    }

    /// Creates a lead and returns its id.
    pub(crate) fn lead(&self, name: &str) -> String {
        let reply = self.send("POST", "/leads", Some(lead(name)));
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.id()
    }

    /// The first names in a list, in its order.
    pub(crate) fn names(&self, path: &str) -> Vec<String> {
        let list = self.get(path);
        let name = |lead: &Value| lead["leadInformation"]["firstName"].as_str().unwrap().to_owned();
        list.as_array().unwrap().iter().map(name).collect()
    }

    /// Sends a create over a bare socket and returns all bytes until the server closes the
    /// connection.
    pub(crate) fn create_over_tcp(&self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.send_over_tcp()?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Sends a create over a bare socket.
    pub(crate) fn send_over_tcp(&self) -> std::io::Result<TcpStream> {
        let body = lead("Raw").to_string();
        let mut stream = TcpStream::connect(self.sandbox.address())?;
        stream.set_read_timeout(Some(HANGING))?;
        write!(
            stream,
            "POST /api/v2/leads HTTP/1.1\r\nhost: sandbox\r\n{}: {}\r\n{}: {}\r\ncontent-length: {}\r\n\r\n{body}",
            BEARER.0,
            BEARER.1,
            JSON.0,
            JSON.1,
            body.len()
        )?;
        Ok(stream)
    }

    pub(crate) fn lead_count(&self) -> usize {
        self.sandbox.control().leads().unwrap().len()
    }
}

pub(crate) fn lead(name: &str) -> Value {
    json!({ "leadInformation": { "firstName": name, "phone": "+201001234567" } })
}
