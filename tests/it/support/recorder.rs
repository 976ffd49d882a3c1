//! A server that records requests byte for byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// Method and target, as in `GET /api/v2/leads?limit=1`.
    pub(crate) line: String,
    /// Names in lower case, with their values, sorted.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|header| header.0 == name);
        found.next().map(|header| header.1.as_str()).filter(|_| found.next().is_none())
    }
}

/// The server, on a thread that ends with the process.
pub(crate) struct Recorder {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Recorder {
    /// A server whose `answer` returns, for each request line, the response's head (without its
    /// last line break) and body.
    pub(crate) fn start(response: impl Fn(&str) -> (String, String) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/api/v2", listener.local_addr().expect("an address"));
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let log = Arc::clone(&received);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = serve(stream, &log, &response);
            }
        });
        Self { url, received }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The requests since the last call.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().expect("no panic there"))
    }
}

fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Received>>,
    response: &impl Fn(&str) -> (String, String),
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let Some(line) = lines.first().and_then(|line| line.strip_suffix(" HTTP/1.1")) else {
        return Ok(());
    };
    let mut headers: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    headers.sort();
    let mut received = Received { line: line.into(), headers, body: String::new() };
    let length = received.header("content-length").and_then(|length| length.parse().ok());
    reader.take(length.unwrap_or(0)).read_to_string(&mut received.body)?;
    log.lock().expect("no panic there").push(received);
    let (head, body) = response(line);
    let length = body.len();
    write!(stream, "{head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// 200 with this body.
pub(crate) fn ok(body: &str) -> (String, String) {
    ("HTTP/1.1 200 OK\r\ncontent-type: application/json".into(), body.into())
}
