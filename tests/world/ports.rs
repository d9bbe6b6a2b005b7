//! Ports for servers that must know theirs before they start, and for servers that are not there.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::atomic::{AtomicU16, Ordering},
};

/// Below the ports that Linux gives to outgoing connections and to whoever asks for port 0 (32,768 and up): one of those would be
/// somebody else's between this moment and the server's start, sooner or later.
static NEXT: AtomicU16 = AtomicU16::new(21_000);

/// A loopback address on which nobody listens; no other test is given it.
pub fn unused_address() -> SocketAddr {
    loop {
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        assert!(port < 32_768, "no port is left for the tests");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}
