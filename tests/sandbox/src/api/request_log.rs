//! The requests to the API, without header values and bodies.

use std::collections::VecDeque;

use serde::Serialize;

/// The maximum number of entries; older ones are removed.
const CAPACITY: usize = 100_000;

/// The kind of credentials of a request, valid or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AuthenticationMode {
    None,
    Bearer,
    ApiKey,
    Both,
}

/// One request.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedRequest {
    /// Counts from 1, and continues after the log is emptied.
    pub seq: u64,
    /// Milliseconds since 1970 when the request had arrived completely.
    pub at_ms: u64,
    pub method: String,
    /// In the vendor's notation, `/leads/:id`; `None` if the route does not exist.
    pub route: Option<&'static str>,
    /// Below `/api/v2`, as sent.
    pub path: String,
    /// As sent, without the question mark.
    pub query: Option<String>,
    pub auth: AuthenticationMode,
    /// The lowercase names of the headers, without values.
    pub headers: Vec<String>,
    /// The kind of the applied fault.
    pub fault: Option<&'static str>,
    /// The status; `None` while there is no response, or if there never will be one.
    pub status: Option<u16>,
    /// The response's request id.
    pub request_id: Option<String>,
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<LoggedRequest>,
    last: u64,
}

impl RequestLog {
    /// Adds an entry and returns its number.
    pub(crate) fn begin(&mut self, mut entry: LoggedRequest) -> u64 {
        self.last += 1;
        entry.seq = self.last;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        self.last
    }

    /// Records the response, unless the log was emptied meanwhile.
    pub(crate) fn finish(&mut self, seq: u64, status: u16, request_id: Option<String>) {
        let position = self.entries.partition_point(|entry| entry.seq < seq);
        if let Some(entry) = self.entries.get_mut(position).filter(|entry| entry.seq == seq) {
            entry.status = Some(status);
            entry.request_id = request_id;
        }
    }

    pub(crate) fn entries(&self) -> Vec<LoggedRequest> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
