use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use tokio::runtime::Builder;
use tokio::sync::watch;

use crate::api::credentials::Token;
use crate::api::switches::Switches;
use crate::control::Control;
use crate::data::clock;
use crate::data::store::Store;
use crate::error::Error;
use crate::server::connection;
use crate::server::router::{API, CONTROL, router};
use crate::state::{First, State};

/// The counter of the process's temporary files, part of their names.
static TEMPORARY_FILES: AtomicU64 = AtomicU64::new(0);

/// The options of a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0: a free one.
    pub port: u16,
    /// The database, created if it does not exist; `None`: a temporary one.
    pub file: Option<PathBuf>,
    pub switches: Switches,
    /// The credentials that it accepts.
    pub tokens: Vec<Token>,
    /// The seed of the random numbers, which `probability` uses.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            file: None,
            switches: Switches::default(),
            tokens: Token::defaults(),
            seed: 0,
        }
    }
}

/// A running server on its own thread. Dropping it stops the server, waits for its end, and removes
/// the database if it was a temporary one.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    control: Control,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
    /// Dropped last, once nothing uses the file.
    _temporary: Option<TemporaryFile>,
}

impl Sandbox {
    /// Starts a sandbox.
    ///
    /// # Panics
    /// If it cannot be started: see [`Sandbox::try_start`].
    #[must_use]
    pub fn start(options: Options) -> Self {
        match Self::try_start(options) {
            Ok(sandbox) => sandbox,
            Err(error) => panic!("{error}"),
        }
    }

    /// Starts a sandbox; it listens when this returns.
    pub fn try_start(options: Options) -> Result<Self, Error> {
        let temporary = options.file.is_none().then(TemporaryFile::new);
        let file = options.file.as_deref().or(temporary.as_ref().map(|file| file.0.as_path()));
        let store = Store::open(file.unwrap_or(Path::new("")))?;
        let Options { port, switches, tokens, seed, .. } = options;
        let state = Arc::new(State::new(store, First { switches, tokens, seed }));

        // Bound without the runtime: the caller may be in another one, which cannot block on this
        // one.
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopping) = watch::channel(false);
        let routes = router(state.clone());
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let thread = std::thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
            runtime.block_on(connection::serve(listener, routes, stopping));
        })?;
        let control = Control::new(state);
        Ok(Self { address, control, stop, thread: Some(thread), _temporary: temporary })
    }

    /// The API's base URL, `http://127.0.0.1:PORT/api/v2`.
    pub fn url(&self) -> String {
        format!("http://{}{API}", self.address)
    }

    /// The inbox page's URL.
    pub fn inbox_url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The URL below which the sandbox is controlled.
    pub fn control_url(&self) -> String {
        format!("http://{}{CONTROL}", self.address)
    }

    /// Its address, for tests that use TCP directly.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn control(&self) -> &Control {
        &self.control
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            // The panic hook has already reported a panic in it.
            let _ = thread.join();
        }
    }
}

/// The path of a database that is removed on drop, with its journals.
#[derive(Debug)]
struct TemporaryFile(PathBuf);

impl TemporaryFile {
    fn new() -> Self {
        let number = TEMPORARY_FILES.fetch_add(1, Ordering::Relaxed);
        let (process, now) = (std::process::id(), clock::now());
        let name = format!("icloud-ready-sandbox-{process}-{number}-{now}.sqlite");
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(suffix);
            // SQLite may already have removed the write-ahead log.
            let _ = std::fs::remove_file(path);
        }
    }
}
