//! Connections served one by one, not by `axum::serve`, so that an operation can close the
//! connection of its request.

use std::convert::Infallible;
use std::future::pending;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tower_service::Service;

/// The timeout of requests in progress when the sandbox stops.
const GRACE: Duration = Duration::from_millis(100);
/// A pause after a failed `accept`, so that running out of file descriptors does not cause a busy
/// loop.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// The connection of a request.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    last_words: mpsc::Sender<Bytes>,
}

impl Line {
    /// Writes these bytes instead of a response and closes the connection; never returns, since the
    /// request ends with its connection.
    pub(crate) async fn close_with<T>(&self, last_words: Bytes) -> T {
        // A full channel means that the connection is already being closed.
        let _ = self.last_words.try_send(last_words);
        pending().await
    }
}

/// Accepts connections until `stopping` turns true, then ends the existing ones.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    // Fails only outside a runtime with sockets.
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve_one(stream, router.clone(), stopping.clone()));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            () = told_to(&mut stopping) => break,
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, all_ended).await.is_err() {
        connections.shutdown().await;
    }
}

async fn serve_one(stream: TcpStream, router: Router, mut stopping: watch::Receiver<bool>) {
    // Sends small responses at once, not with the next acknowledgement.
    let _ = stream.set_nodelay(true);
    let (sender, mut last_words) = mpsc::channel(1);
    let line = Line { last_words: sender };
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(line.clone());
        let response = router.clone().call(request);
        async move { Ok::<_, Infallible>(response.await.unwrap_or_else(|never| match never {})) }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut ending = false;
    loop {
        tokio::select! {
            // An error is the client's: it sent invalid HTTP, or disconnected.
            _ = &mut connection => return,
            Some(bytes) = last_words.recv() => {
                let mut stream = connection.into_parts().io.into_inner();
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            () = told_to(&mut stopping), if !ending => {
                ending = true;
                std::pin::Pin::new(&mut connection).graceful_shutdown();
            }
        }
    }
}

async fn told_to(stop: &mut watch::Receiver<bool>) {
    // An error means that the sandbox has ended, which has the same effect.
    let _ = stop.wait_for(|stop| *stop).await;
}
