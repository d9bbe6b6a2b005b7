//! A wire between a client and the media port, on which packets get lost.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::net::UdpSocket;

/// Forwards between one client and the server.
pub struct Wire {
    front: SocketAddr,
    losing: Arc<AtomicU32>,
    task: tokio::task::JoinHandle<()>,
}

impl Wire {
    /// Lays a wire to `server`.
    pub async fn to(server: SocketAddr) -> Self {
        let (front, back) = (UdpSocket::bind("127.0.0.1:0").await.unwrap(), UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let (address, losing) = (front.local_addr().unwrap(), Arc::new(AtomicU32::new(0)));
        let every = losing.clone();
        let task = tokio::spawn(async move {
            let (mut there, mut here) = ([0; 2_000], [0; 2_000]);
            let (mut client, mut carried) = (None, 0u32);
            loop {
                tokio::select! {
                    received = front.recv_from(&mut there) => if let Ok((length, from)) = received {
                        client = Some(from);
                        let _ = back.send_to(&there[..length], server).await;
                    },
                    received = back.recv_from(&mut here) => if let (Ok((length, _)), Some(client)) = (received, client) {
                        let media = (128..192).contains(&here[0]) && !(192..=223).contains(&here[1]);
                        carried += u32::from(media);
                        let every = every.load(Ordering::Relaxed);
                        if !(media && every > 0 && carried % every == 0) {
                            let _ = front.send_to(&here[..length], client).await;
                        }
                    },
                }
            }
        });
        Self { front: address, losing, task }
    }

    /// The answer, with this wire in the server's place.
    pub fn in_answer(&self, answer: &str, server: SocketAddr) -> String {
        answer.replace(
            &format!(" {} {} typ host", server.ip(), server.port()),
            &format!(" {} {} typ host", self.front.ip(), self.front.port()),
        )
    }

    /// Loses every `n`-th packet of media from now on; 0 loses none.
    pub fn lose_every(&self, n: u32) {
        self.losing.store(n, Ordering::Relaxed);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The server's addresses in an answer, the preferred one first.
pub fn candidates(answer: &str) -> Vec<SocketAddr> {
    let address = |candidate: &str| {
        let words: Vec<&str> = candidate.split(' ').collect();
        SocketAddr::new(words[4].parse().unwrap(), words[5].parse().unwrap())
    };
    answer.lines().filter_map(|line| line.strip_prefix("a=candidate:")).map(address).collect()
}

/// The first of them.
pub fn server_in(answer: &str) -> SocketAddr {
    candidates(answer)[0]
}
