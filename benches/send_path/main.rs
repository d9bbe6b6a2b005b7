//! What a packet costs on its way out, step by step: `cargo bench --bench send_path`.

#![allow(missing_docs, reason = "Criterion's macros make functions")]

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::{hint::black_box, net::UdpSocket};
use tereze::media::workbench::{CIPHERS, Workbench, cut};

/// As many viewers' keys take turns: they do not all lie in the fastest cache.
const VIEWERS: usize = 1_000;

/// A full packet is written and sealed.
fn seal(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("seal");
    group.throughput(Throughput::Elements(1));
    for cipher in CIPHERS {
        let Ok(mut bench) = Workbench::new(cipher, VIEWERS) else { continue };
        let mut viewer = 0;
        group.bench_function(cipher, |bencher| {
            bencher.iter(|| {
                viewer += 1;
                bench.seal(viewer, 1);
                bench.drop_all();
            });
        });
    }
}

/// A picture's packets are written, sealed and sent with one system call; each packet counts.
fn send(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("send");
    for packets in [1, 9, 16, 48] {
        let Ok(mut bench) = Workbench::new(CIPHERS[0], VIEWERS) else { continue };
        // Nobody reads: what the kernel cannot keep it drops, at the same price.
        let Some(there) = UdpSocket::bind("127.0.0.1:0").ok().filter(|_| packets > 0) else { continue };
        let Ok(remote) = there.local_addr() else { continue };
        let mut viewer = 0;
        group.throughput(Throughput::Elements(packets as u64));
        group.bench_function(BenchmarkId::from_parameter(packets), |bencher| {
            bencher.iter(|| {
                viewer += 1;
                bench.seal(viewer, packets);
                bench.send(remote);
            });
        });
    }
}

/// A picture is cut into packets, once for all its viewers.
fn packetise(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("packetise");
    for bytes in [10_000_u32, 60_000] {
        let picture = [&bytes.to_be_bytes()[..], &vec![0x41; bytes as usize]].concat();
        group.throughput(Throughput::Bytes(u64::from(bytes)));
        group.bench_function(BenchmarkId::from_parameter(bytes), |bencher| {
            bencher.iter_batched(|| &picture, |picture| black_box(cut(picture)), BatchSize::SmallInput);
        });
    }
}

criterion_group!(benches, seal, send, packetise);
criterion_main!(benches);
