//! What happens in front of the servers.

use crate::{
    measure::{While, come, count, settle},
    server::{Joined, Server},
    table::{columns, heading, mb_each, ms, row},
};
use std::{collections::VecDeque, time::Duration};
use tereze::{
    clock::monotonic,
    load::{Behaviour, Crowd},
};

/// How fast viewers come where their coming is not what is measured.
pub const RATE: f64 = 20.0;
/// A scene is counted for so long, in seconds.
const COUNT: u64 = 15;
/// Every so-manieth viewer opens its packets, where many watch.
pub const OPEN_EVERY: usize = 20;

const STEADY: [&str; 11] = [
    "viewers",
    "CPU µs a packet",
    "each packet more",
    "CPU share",
    "MB a viewer",
    "packets lost",
    "longest pause ms",
    "delay p50 ms",
    "p99 ms",
    "whole picture p50 ms",
    "p99 ms",
];

/// Sealing and sending with nothing around them.
pub fn floor(steps: &[usize]) -> anyhow::Result<()> {
    heading("floor: AES-128-GCM and UDP GSO, no protocol");
    columns(&["viewers", "CPU µs a packet", "CPU share"]);
    for &viewers in steps {
        let counted = crate::floor::measure(viewers, COUNT)?;
        row(&[viewers.to_string(), format!("{:.2}", counted.micros_a_packet()), format!("{:.0} %", counted.share() * 100.0)]);
    }
    Ok(())
}

/// Viewers of one camera who just watch.
pub async fn steady(server: &Server, steps: &[usize]) -> anyhow::Result<()> {
    heading(&format!("{}: viewers of one camera, each packet received by itself", server.name()));
    columns(&STEADY);
    ladder(server, steps, false).await
}

/// Ever more viewers, whose kernel joins what they receive: as many as the load can hold.
pub async fn climb(server: &Server, steps: &[usize]) -> anyhow::Result<()> {
    heading(&format!("{}: ever more viewers of one camera, bursts received whole", server.name()));
    columns(&STEADY);
    ladder(server, steps, true).await
}

async fn ladder(server: &Server, steps: &[usize], joins: bool) -> anyhow::Result<()> {
    let crowd = Crowd::start(OPEN_EVERY, joins)?;
    let before = server.usage()?.memory;
    let mut watching = Vec::new();
    let mut last: Option<While> = None;
    for &viewers in steps {
        watching.extend(come(server, &crowd, watching.len()..viewers, RATE).await?);
        settle(&crowd, viewers).await?;
        let counted = count(server, &crowd, COUNT).await?;
        let figures = &counted.figures;
        row(&[
            viewers.to_string(),
            format!("{:.2}", counted.micros_a_packet()),
            last.as_ref().map_or("–".to_owned(), |last| further(last, &counted)),
            format!("{:.0} %", counted.share() * 100.0),
            mb_each(counted.memory.saturating_sub(before), viewers),
            figures.lost.to_string(),
            ms(figures.pauses.longest()),
            ms(figures.delays.at(0.5)),
            ms(figures.delays.at(0.99)),
            ms(figures.whole_delays.at(0.5)),
            ms(figures.whole_delays.at(0.99)),
        ]);
        last = Some(counted);
    }
    leave(server, &crowd, watching).await
}

/// What each packet more costs between two counts, in microseconds: what a camera's own packets cost stands in both.
fn further(before: &While, after: &While) -> String {
    let cpu = after.cpu.as_secs_f64() - before.cpu.as_secs_f64();
    let packets = after.figures.packets as f64 - before.figures.packets as f64;
    format!("{:.2}", cpu * 1e6 / packets.max(1.0))
}

/// Viewers who come to a camera that is watched already, one after the other.
pub async fn joins(server: &Server, viewers: usize) -> anyhow::Result<()> {
    heading(&format!("{}: joining a stream that runs", server.name()));
    columns(&["joins", "CPU ms a join", "connected p50 ms", "whole key frame p50 ms", "p95 ms"]);
    let crowd = Crowd::start(1, false)?;
    let first = come(server, &crowd, 0..1, RATE).await?;
    settle(&crowd, 1).await?;
    let newcomers = Crowd::start(1, false)?;
    let before = server.usage()?;
    let came = come(server, &newcomers, 1..1 + viewers, 10.0).await?;
    settle(&newcomers, viewers).await?;
    let (during, seen) = (server.usage()?, newcomers.figures());
    // What they cost while they watch is not the price of their coming.
    let watching = count(server, &newcomers, 8).await?;
    let joining = during.cpu.saturating_sub(before.cpu).as_secs_f64() - watching.micros_a_packet() / 1e6 * seen.packets as f64;
    row(&[
        viewers.to_string(),
        format!("{:.2}", joining * 1e3 / viewers as f64),
        ms(seen.connected.at(0.5)),
        ms(seen.key_frames.at(0.5)),
        ms(seen.key_frames.at(0.95)),
    ]);
    leave(server, &newcomers, came).await?;
    leave(server, &crowd, first).await
}

/// Many come at pick-up time, while as many watch.
pub async fn rush(server: &Server, viewers: usize) -> anyhow::Result<()> {
    heading(&format!("{}: {viewers} come within ten seconds while {viewers} watch", server.name()));
    columns(&["", "longest pause ms", "pause p95 ms", "packets lost", "CPU share", "newcomers' key frame p50 ms", "p95 ms"]);
    let (crowd, newcomers) = (Crowd::start(OPEN_EVERY, false)?, Crowd::start(OPEN_EVERY, false)?);
    let watching = come(server, &crowd, 0..viewers, RATE).await?;
    settle(&crowd, viewers).await?;
    let (counted, came) =
        tokio::join!(count(server, &crowd, 12), come(server, &newcomers, viewers..2 * viewers, viewers as f64 / 10.0));
    let (counted, came, seen) = (counted?, came?, newcomers.figures());
    row(&[
        "those who watch".to_owned(),
        ms(counted.figures.pauses.longest()),
        ms(counted.figures.pauses.at(0.95)),
        counted.figures.lost.to_string(),
        format!("{:.0} %", counted.share() * 100.0),
        ms(seen.key_frames.at(0.5)),
        ms(seen.key_frames.at(0.95)),
    ]);
    leave(server, &newcomers, came).await?;
    leave(server, &crowd, watching).await
}

/// Viewers of ill will beside honest ones.
pub async fn hostile(server: &Server, viewers: usize) -> anyhow::Result<()> {
    heading(&format!("{}: {viewers} honest viewers, beside others", server.name()));
    columns(&["beside", "longest pause ms", "pause p95 ms", "packets lost", "delay p50 ms", "p99 ms", "CPU share"]);
    let crowd = Crowd::start(OPEN_EVERY, false)?;
    let watching = come(server, &crowd, 0..viewers, RATE).await?;
    settle(&crowd, viewers).await?;
    let others = [
        ("nobody", None),
        ("one that reads nothing", Some(Behaviour::Deaf)),
        ("one that sends 2,000 datagrams of garbage a second", Some(Behaviour::Noisy)),
        ("one that claims every packet lost, 50 times a second", Some(Behaviour::Greedy)),
    ];
    for (name, behaviour) in others {
        let beside = Crowd::start(1, false)?;
        if let Some(behaviour) = behaviour {
            server.join(&beside, viewers, behaviour).await?;
            settle(&beside, 1).await?;
        }
        let counted = count(server, &crowd, 10).await?;
        let figures = &counted.figures;
        row(&[
            name.to_owned(),
            ms(figures.pauses.longest()),
            ms(figures.pauses.at(0.95)),
            figures.lost.to_string(),
            ms(figures.delays.at(0.5)),
            ms(figures.delays.at(0.99)),
            format!("{:.0} %", counted.share() * 100.0),
        ]);
    }
    leave(server, &crowd, watching).await
}

/// Viewers come and go, `rate` a second, for `seconds`; each stays for three.
pub async fn churn(server: &Server, rate: f64, seconds: u64) -> anyhow::Result<()> {
    heading(&format!("{}: {rate} come and go each second, for {seconds} s", server.name()));
    columns(&["after s", "came", "watching", "memory MB", "open files"]);
    let crowd = Crowd::start(OPEN_EVERY, false)?;
    let stay = Duration::from_secs(3);
    let (began, mut number, mut here) = (monotonic(), 0, VecDeque::new());
    let mut told = 0;
    while began.elapsed().as_secs() < seconds {
        let due = began + Duration::from_secs_f64(number as f64 / rate);
        tokio::time::sleep_until(due.into()).await;
        here.push_back((monotonic(), server.join(&crowd, number, Behaviour::Honest).await?));
        number += 1;
        while here.front().is_some_and(|(since, _)| since.elapsed() > stay) {
            if let Some((_, joined)) = here.pop_front() {
                server.leave(&crowd, joined).await?;
            }
        }
        if began.elapsed().as_secs() * 8 / seconds > told {
            told += 1;
            let usage = server.usage()?;
            let memory = format!("{:.1}", usage.memory as f64 / 1e6);
            row(&[
                (began.elapsed().as_secs()).to_string(),
                number.to_string(),
                here.len().to_string(),
                memory,
                usage.files.to_string(),
            ]);
        }
    }
    leave(server, &crowd, here.into_iter().map(|(_, joined)| joined).collect()).await
}

/// The first viewer of a camera that nobody watches, some times.
pub async fn cold(server: &Server, times: usize, linger: Duration) -> anyhow::Result<()> {
    heading(&format!("{}: the first viewer of a camera that nobody watches", server.name()));
    columns(&["", "connected ms", "whole key frame ms"]);
    for time in 0..times {
        // The feed runs on for a while after its last viewer.
        tokio::time::sleep(linger).await;
        let crowd = Crowd::start(1, false)?;
        let joined = come(server, &crowd, 0..1, RATE).await?;
        settle(&crowd, 1).await?;
        let seen = crowd.figures();
        row(&[format!("{}", time + 1), ms(seen.connected.longest()), ms(seen.key_frames.longest())]);
        leave(server, &crowd, joined).await?;
    }
    Ok(())
}

/// Has everybody leave.
pub async fn leave(server: &Server, crowd: &Crowd, viewers: Vec<Joined>) -> anyhow::Result<()> {
    for joined in viewers {
        server.leave(crowd, joined).await?;
    }
    // What they held is let go of.
    tokio::time::sleep(Duration::from_secs(2)).await;
    Ok(())
}
