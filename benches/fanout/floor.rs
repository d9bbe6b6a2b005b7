//! The floor: what sealing and sending cost with no protocol around them. Packets of full length are sealed as a shard does it, nine for each viewer 25
//! times a second, and sent with one system call each.

use crate::{
    measure::While,
    place::{ADDRESS, SERVER_CORE},
    process::usage,
};
use anyhow::Context;
use mio::{Events, Interest, Poll, Token, net::UdpSocket};
use std::{
    io::Write,
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tereze::{
    clock::monotonic,
    load::Figures,
    media::workbench::{CIPHERS, Workbench},
};

/// As many packets as a picture has.
const PACKETS: usize = 9;
const PICTURE: Duration = Duration::from_millis(40);
const NAP: Duration = Duration::from_micros(300);

/// Given to this program, it sends to the addresses that it reads, a line each.
pub const SENDER: &str = "--floor";

/// Sends until it is killed.
pub fn send() -> anyhow::Result<()> {
    let there: Vec<SocketAddr> = std::io::read_to_string(std::io::stdin())?.lines().map(str::parse).collect::<Result<_, _>>()?;
    let mut bench = Workbench::new(CIPHERS[0], there.len())?;
    let mut due = monotonic();
    loop {
        for (viewer, remote) in there.iter().enumerate() {
            bench.seal(viewer, PACKETS);
            bench.send(*remote);
        }
        due += PICTURE;
        std::thread::sleep(due.saturating_duration_since(monotonic()));
    }
}

struct Sender(Child);

impl Drop for Sender {
    fn drop(&mut self) {
        let _ = (self.0.kill(), self.0.wait());
    }
}

/// What it costs for so many viewers.
pub fn measure(viewers: usize, seconds: u64) -> anyhow::Result<While> {
    let bound = |_| UdpSocket::bind(SocketAddr::new(ADDRESS.into(), 0));
    let mut sockets = (0..viewers).map(bound).collect::<Result<Vec<_>, _>>()?;
    let addresses = sockets.iter().map(|socket| Ok(format!("{}\n", socket.local_addr()?))).collect::<std::io::Result<String>>()?;
    let mut poll = Poll::new()?;
    for (at, socket) in sockets.iter_mut().enumerate() {
        poll.registry().register(socket, Token(at), Interest::READABLE)?;
    }
    let (received, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let (counter, ended) = (received.clone(), stop.clone());
    let reader = std::thread::spawn(move || -> std::io::Result<()> {
        let (mut events, mut buffer) = (Events::with_capacity(1_024), [0; 1_500]);
        while !ended.load(Ordering::Relaxed) {
            std::thread::sleep(NAP);
            poll.poll(&mut events, Some(Duration::ZERO))?;
            for event in &events {
                while sockets[event.token().0].recv(&mut buffer).is_ok() {
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        Ok(())
    });
    let program = std::env::current_exe()?;
    let mut command = Command::new("taskset");
    command.args(["-c", &SERVER_CORE.to_string()]).arg(program).arg(SENDER).stdin(Stdio::piped());
    let mut sender = Sender(command.spawn()?);
    sender.0.stdin.take().context("no pipe")?.write_all(addresses.as_bytes())?;
    std::thread::sleep(Duration::from_secs(2));
    let (before, packets, began) = (usage(sender.0.id())?, received.load(Ordering::Relaxed), monotonic());
    std::thread::sleep(Duration::from_secs(seconds));
    let (after, seconds) = (usage(sender.0.id())?, began.elapsed().as_secs_f64());
    let packets = received.load(Ordering::Relaxed) - packets;
    stop.store(true, Ordering::Relaxed);
    let _ = reader.join();
    Ok(While {
        figures: Figures { seconds, packets, ..Figures::default() },
        cpu: after.cpu.saturating_sub(before.cpu),
        memory: after.memory,
    })
}
