//! Listening: connections are bounded in number, in how long a head may take, and in what a head may hold.

mod places;

use axum::Router;
use axum_server::{
    Handle,
    accept::{Accept, NoDelayAcceptor},
    service::SendService,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use places::Places;
use std::{
    io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};
use tokio::task::JoinHandle;

/// The address to listen on cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}")]
pub struct ServeError {
    address: SocketAddr,
    source: io::Error,
}

/// How long a client may take to send the head of a request, and to shake hands before it.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);
/// How many headers a request may have, and how many bytes they may take together.
const HEADERS: usize = 64;
const HEADER_BYTES: u32 = 32 * 1024;
/// How many requests one HTTP/2 connection may have under way.
const STREAMS: u32 = 64;
/// A connection that says nothing is asked so often whether it lives, and given up when it does not answer for as long.
const ALIVE: Duration = Duration::from_secs(20);
/// How long connections may take to end when the program stops.
const GOODBYE: Duration = Duration::from_secs(3);

/// The listening server.
pub struct Server {
    /// The address that it listens on; the port is the one that was taken when 0 was asked for.
    pub address: SocketAddr,
    handle: Handle<SocketAddr>,
    task: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Serves `router` on `address`, over TLS when `tls` is given; the certificate in it can be replaced while it serves.
    pub fn start(address: SocketAddr, tls: Option<RustlsConfig>, router: Router) -> Result<Self, ServeError> {
        let failed = |source| ServeError { address, source };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (handle, places) = (Handle::new(), Places::default());
        let task = match tls {
            Some(tls) => {
                let secure = RustlsAcceptor::new(tls).handshake_timeout(HEAD_PATIENCE).acceptor(NoDelayAcceptor);
                spawn(listener, places.bound(secure), handle.clone(), router).map_err(failed)?
            }
            None => spawn(listener, places.bound(NoDelayAcceptor), handle.clone(), router).map_err(failed)?,
        };
        Ok(Self { address, handle, task })
    }

    /// Takes no new connection, lets those that are there finish for a moment, and ends.
    pub async fn stop(self) {
        self.handle.graceful_shutdown(Some(GOODBYE));
        if let Ok(Err(error)) = self.task.await {
            tracing::error!(%error, "the server did not end well");
        }
    }
}

fn spawn<A>(
    listener: TcpListener,
    acceptor: A,
    handle: Handle<SocketAddr>,
    router: Router,
) -> io::Result<JoinHandle<io::Result<()>>>
where
    A: Accept<tokio::net::TcpStream, Service> + Clone + Send + Sync + 'static,
    A::Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send,
    A::Service: SendService<http::Request<hyper::body::Incoming>> + Send,
    A::Future: Send,
{
    let mut server = axum_server::from_tcp(listener)?.acceptor(acceptor).handle(handle);
    let builder = server.http_builder();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .max_headers(HEADERS)
        .max_buf_size(HEADER_BYTES as usize);
    let mut http2 = builder.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(ALIVE).keep_alive_timeout(ALIVE);
    http2.max_concurrent_streams(STREAMS).max_header_list_size(HEADER_BYTES);
    Ok(tokio::spawn(server.serve(router.into_make_service_with_connect_info::<SocketAddr>())))
}

/// What axum makes for each connection.
type Service = axum::middleware::AddExtension<Router, axum::extract::ConnectInfo<SocketAddr>>;
