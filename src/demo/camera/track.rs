//! How the packets of one track travel (RFC 2326 §12.39).

use super::rtp::Sender;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};
use tokio::net::UdpSocket;

/// One track of a session.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) way: Way,
    pub(super) sender: Sender,
    /// The RTP timestamp at which it starts.
    pub(super) start: u32,
}

/// Where packets go.
#[derive(Debug)]
pub(super) enum Way {
    /// Into the RTSP connection: the channel of RTP; RTCP has the next (RFC 2326 §10.12).
    Interleaved(u8),
    /// In UDP: the sockets of RTP and RTCP, connected to the client's.
    Udp(Arc<[UdpSocket; 2]>),
}

impl Way {
    /// Takes what the client proposes in its `Transport` header and gives the value of the camera's; `None` if it cannot be had.
    pub(super) async fn agree(proposal: &str, local: IpAddr, peer: IpAddr) -> Option<(Self, String)> {
        let parameter = |name: &str| {
            let value = proposal.split([';', ',']).find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))?;
            value.split('-').next()?.parse::<u16>().ok()
        };
        if proposal.starts_with("RTP/AVP/TCP") {
            let channel = u8::try_from(parameter("interleaved").unwrap_or(0)).ok().filter(|c| *c < 255)?;
            return Some((Self::Interleaved(channel), format!("RTP/AVP/TCP;unicast;interleaved={channel}-{}", channel + 1)));
        }
        let client = parameter("client_port").filter(|port| *port < u16::MAX && !proposal.contains("multicast"))?;
        let (sockets, port) = bind_pair(local).await?;
        for (socket, port) in sockets.iter().zip(client..) {
            socket.connect(SocketAddr::new(peer, port)).await.ok()?;
        }
        let reply = format!("RTP/AVP;unicast;client_port={client}-{};server_port={port}-{}", client + 1, port + 1);
        Some((Self::Udp(Arc::new(sockets)), reply))
    }
}

impl Track {
    /// Sends a packet of RTP, or appends it to what goes into the RTSP connection.
    pub(super) async fn send(&self, packet: &[u8], interleaved: &mut Vec<u8>) {
        self.send_on(0, packet, interleaved).await;
    }

    /// The same for RTCP.
    pub(super) async fn send_report(&self, packet: &[u8], interleaved: &mut Vec<u8>) {
        self.send_on(1, packet, interleaved).await;
    }

    async fn send_on(&self, channel: u8, packet: &[u8], interleaved: &mut Vec<u8>) {
        match &self.way {
            Way::Interleaved(first) => {
                interleaved.extend([b'$', first + channel]);
                interleaved.extend((packet.len() as u16).to_be_bytes());
                interleaved.extend(packet);
            }
            // A client that has gone is found by its silence in the RTSP connection.
            Way::Udp(sockets) => _ = sockets[usize::from(channel)].send(packet).await,
        }
    }
}

/// An even port and the next one, as RFC 3550 §11 asks for.
async fn bind_pair(local: IpAddr) -> Option<([UdpSocket; 2], u16)> {
    for _ in 0..32 {
        let rtp = UdpSocket::bind(SocketAddr::new(local, 0)).await.ok()?;
        let port = rtp.local_addr().ok()?.port();
        if port % 2 == 0
            && let Ok(rtcp) = UdpSocket::bind(SocketAddr::new(local, port + 1)).await
        {
            return Some(([rtp, rtcp], port));
        }
    }
    None
}
