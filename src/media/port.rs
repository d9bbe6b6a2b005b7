//! The one UDP port: where everything comes in and goes out.

use super::{MediaConfig, MediaError};
use quinn_udp::{RecvMeta, Transmit, UdpSockRef, UdpSocketState};
use socket2::{Domain, Protocol, Socket, Type};
use std::{
    io::{self, IoSliceMut},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
};

/// The kernel's buffers, in bytes: a second of 200 viewers on the way out. The system may cap them.
const BUFFERS: usize = 8 << 20;
/// How many candidates are announced at most: each costs every client a check.
const MAX_CANDIDATES: usize = 8;

/// Between which two addresses packets of a viewer go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Path {
    /// The client's.
    pub(super) remote: SocketAddr,
    /// Ours, as the client addressed it; answers must come from there.
    pub(super) local: Option<IpAddr>,
}

/// The port, bound once for each address family and shared by all threads: sends are one system call and take no lock of ours.
pub(super) struct Port {
    pub(super) sockets: Vec<BoundSocket>,
    candidates: Vec<SocketAddr>,
}

/// The port in one address family.
pub(super) struct BoundSocket {
    pub(super) io: UdpSocket,
    state: UdpSocketState,
    v6: bool,
    /// Bound to one address: packets leave from there, and need not say so each time.
    fixed: bool,
}

impl Port {
    /// Binds the port for the addresses to announce: the configured ones, or those of the machine's interfaces.
    pub(super) fn bind(config: &MediaConfig) -> Result<Self, MediaError> {
        let mut addresses = if config.addresses.is_empty() { interface_addresses() } else { config.addresses.clone() };
        addresses.dedup();
        addresses.truncate(MAX_CANDIDATES);
        let mut number = config.udp_port;
        let mut sockets = Vec::new();
        for v6 in [false, true] {
            let mut family = addresses.iter().filter(|address| address.is_ipv6() == v6).peekable();
            if family.peek().is_none() {
                continue;
            }
            // What is announced on loopback only is not opened to the network.
            let any = if v6 { IpAddr::V6(Ipv6Addr::UNSPECIFIED) } else { IpAddr::V4(Ipv4Addr::UNSPECIFIED) };
            let address = if family.clone().all(IpAddr::is_loopback) { *family.next().unwrap_or(&any) } else { any };
            let fail = |source| MediaError::Port { port: number, source };
            let socket = BoundSocket::bind(SocketAddr::new(address, number)).map_err(fail)?;
            number = socket.io.local_addr().map_err(fail)?.port();
            sockets.push(socket);
        }
        if sockets.is_empty() {
            return Err(MediaError::NoAddress);
        }
        Ok(Self { sockets, candidates: addresses.into_iter().map(|address| SocketAddr::new(address, number)).collect() })
    }

    /// Where clients reach it.
    pub(super) fn candidates(&self) -> &[SocketAddr] {
        &self.candidates
    }

    /// How many packets of the same size one [`send`](Self::send) may carry.
    pub(super) fn segments(&self, path: &Path) -> usize {
        self.socket(path).map_or(1, |socket| socket.state.max_gso_segments()).max(1)
    }

    /// Sends packets of `segment` bytes each (the last may be shorter) that lie one behind the other in `packets`.
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] when the kernel's buffer is full; other errors mean that the packets are lost, which
    /// is a thing that happens to packets.
    pub(super) fn send(&self, path: &Path, packets: &[u8], segment: usize) -> io::Result<()> {
        let socket = self.socket(path).ok_or(io::ErrorKind::AddrNotAvailable)?;
        let send = |contents, segment_size| {
            let src_ip = path.local.filter(|_| !socket.fixed);
            let transmit = Transmit { destination: path.remote, ecn: None, contents, segment_size, src_ip };
            socket.state.try_send(UdpSockRef::from(&socket.io), &transmit)
        };
        match send(packets, Some(segment)) {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock && packets.len() > segment => {
                // This path's device cannot segment: one by one, then.
                packets.chunks(segment.max(1)).try_for_each(|packet| send(packet, None))
            }
            result => result,
        }
    }

    fn socket(&self, path: &Path) -> Option<&BoundSocket> {
        self.sockets.iter().find(|socket| socket.v6 == path.remote.is_ipv6())
    }
}

impl BoundSocket {
    fn bind(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
        if address.is_ipv6() {
            socket.set_only_v6(true)?;
        }
        // The system's cap is not an error.
        let _ = (socket.set_send_buffer_size(BUFFERS), socket.set_recv_buffer_size(BUFFERS));
        socket.bind(&address.into())?;
        let io = UdpSocket::from(socket);
        let state = UdpSocketState::new(UdpSockRef::from(&io))?;
        Ok(Self { io, state, v6: address.is_ipv6(), fixed: !address.ip().is_unspecified() })
    }

    /// Receives into `buffers`; see [`UdpSocketState::recv`].
    pub(super) fn receive(&self, buffers: &mut [IoSliceMut<'_>], meta: &mut [RecvMeta]) -> io::Result<usize> {
        self.state.recv(UdpSockRef::from(&self.io), buffers, meta)
    }
}

/// The addresses of this machine that others can reach; loopback when there are no others.
fn interface_addresses() -> Vec<IpAddr> {
    let interfaces = rtc_shared::ifaces::ifaces().unwrap_or_default();
    let mut addresses: Vec<IpAddr> = interfaces.iter().filter_map(|interface| Some(interface.addr?.ip())).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let reachable = |address: &IpAddr| match address {
        IpAddr::V4(v4) => !v4.is_loopback() && !v4.is_link_local() && !v4.is_unspecified(),
        IpAddr::V6(v6) => !v6.is_loopback() && !v6.is_unicast_link_local() && !v6.is_unspecified() && !v6.is_multicast(),
    };
    let others: Vec<IpAddr> = addresses.iter().copied().filter(reachable).collect();
    if others.is_empty() { addresses.into_iter().filter(IpAddr::is_loopback).collect() } else { others }
}
