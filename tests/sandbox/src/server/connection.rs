//! Connections served one by one, not by `axum::serve`, so that an operation can close
//! the one its request came on.

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

/// How long requests under way may take once the sandbox stops.
const GRACE: Duration = Duration::from_millis(100);
/// A pause after a failed `accept`, lest running out of file descriptors spins.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// The connection a request came on.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    last_words: mpsc::Sender<Bytes>,
}

impl Line {
    /// Writes these bytes instead of an answer and closes the connection; never returns,
    /// for the request ends with its connection.
    pub(crate) async fn close_with<T>(&self, last_words: Bytes) -> T {
        // A full channel means that the connection is being closed already.
        let _ = self.last_words.try_send(last_words);
        pending().await
    }
}

/// Accepts connections until `stopping` turns true, then ends those there are.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    // Fails only outside a runtime that has sockets.
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
    // Small answers at once, not when the next acknowledgement comes.
    let _ = stream.set_nodelay(true);
    let (sender, mut last_words) = mpsc::channel(1);
    let line = Line { last_words: sender };
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(line.clone());
        let answer = router.clone().call(request);
        async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut ending = false;
    loop {
        tokio::select! {
            // An error is the client's: it sent no HTTP, or went away.
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
    // An error means that the sandbox is gone, which is the same.
    let _ = stop.wait_for(|stop| *stop).await;
}
