//! So many connections are held at a time, and so many of one address: who opens them to keep others out keeps out itself.

use axum_server::accept::Accept;
use std::{
    collections::HashMap,
    future::Future,
    io,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// Connections at a time.
const MOST: usize = 8_192;
/// Of them, from one address: a mobile carrier hides hundreds of parents behind one, a proxy all of them.
const MOST_OF_ONE: usize = 2_048;

/// The connections that are held.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Places {
    /// `acceptor` within these bounds.
    pub(super) fn bound<A>(&self, acceptor: A) -> Bound<A> {
        Bound { acceptor, places: self.clone() }
    }

    fn take(&self, address: IpAddr) -> Option<Place> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.all >= MOST || held.by_address.get(&address).is_some_and(|count| *count >= MOST_OF_ONE) {
            return None;
        }
        held.all += 1;
        *held.by_address.entry(address).or_default() += 1;
        Some(Place { places: self.clone(), address })
    }
}

struct Place {
    places: Places,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.all -= 1;
        if let Some(count) = held.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                held.by_address.remove(&self.address);
            }
        }
    }
}

/// An acceptor within bounds.
#[derive(Clone)]
pub(super) struct Bound<A> {
    acceptor: A,
    places: Places,
}

impl<A, S> Accept<TcpStream, S> for Bound<A>
where
    A: Accept<TcpStream, S>,
    A::Future: Send + 'static,
{
    type Stream = Counted<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = stream.peer_addr().ok().and_then(|peer| self.places.take(peer.ip().to_canonical()));
        let accepted = place.map(|place| (self.acceptor.accept(stream, service), place));
        Box::pin(async move {
            let (accepted, place) = accepted.ok_or_else(|| io::Error::other("too many connections"))?;
            let (stream, service) = accepted.await?;
            Ok((Counted { stream, _place: place }, service))
        })
    }
}

/// A connection that gives its place back when it is dropped.
pub(super) struct Counted<S> {
    stream: S,
    _place: Place,
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_every_place_and_gives_back_what_it_took() {
        let places = Places::default();
        let (greedy, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let held: Vec<_> = std::iter::from_fn(|| places.take(greedy)).collect();
        assert_eq!(held.len(), MOST_OF_ONE);
        assert!(places.take(other).is_some());
        drop(held);
        assert!(places.take(greedy).is_some());
        assert_eq!(places.0.lock().unwrap().by_address.len(), 0, "what was dropped at once is forgotten too");
    }
}
