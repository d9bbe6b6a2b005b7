//! What it takes to look at one picture: a key frame that x264 coded is decoded and judged, or made a JPEG file.

#![allow(missing_docs, reason = "criterion's macros make public items")]

#[path = "../../tests/world/films.rs"]
#[allow(dead_code, unreachable_pub, clippy::pedantic, clippy::unwrap_used, reason = "made for tests, which need more of it")]
mod films;

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use tereze::still::Darkroom;
use tokio::runtime::Runtime;

fn stills(criterion: &mut Criterion) {
    let Ok(runtime) = Runtime::new() else { return };
    let darkroom = Darkroom::default();
    for size in ["640x360", "1280x720", "1920x1080"] {
        // Much to see, and the noise of a sensor: more than a room has.
        let picture = format!("testsrc2=size={size}:rate=25,noise=alls=8:allf=t");
        let options = ["-preset", "medium", "-profile:v", "high", "-crf", "23"];
        let Some(frame) = runtime.block_on(films::film(&picture, 1, &options)).pop() else { continue };
        criterion.bench_function(&format!("look {size}"), |bench| {
            bench.iter(|| black_box(runtime.block_on(darkroom.look(frame.clone()))));
        });
        criterion.bench_function(&format!("still {size}"), |bench| {
            bench.iter(|| black_box(runtime.block_on(darkroom.still(frame.clone(), Vec::new()))));
        });
    }
}

criterion_group!(benches, stills);
criterion_main!(benches);
