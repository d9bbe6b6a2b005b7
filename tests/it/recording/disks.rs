//! What becomes of recordings when a real disk hangs, turns read-only, or is pulled out.

use super::story::{Story, camera, stopped, until};
use crate::{
    http::people::GULNAR,
    world::{
        api::Visitor,
        disk::{LoopDisk, longest_pause},
        gateway::Gateway,
        offer::Player,
        recordings::files,
    },
};
use std::time::Duration;
use tereze::model::GapCause;

const ROOM: &str = "Ойын бөлмесі";
/// A viewer's pictures come fifteen times a second; a busy machine may be late.
const IN_TIME: Duration = Duration::from_secs(5);

async fn recording_on(disk: &LoopDisk) -> Gateway {
    let folder = format!("enabled = true\nreserve_mb = 0\nfolder = \"{}\"", disk.path().display());
    Gateway::start_now("sqlite:tereze.db", move |config| config.replace("enabled = false", &folder)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_hangs_is_a_gap_that_viewers_do_not_notice_and_the_gateway_stops_in_time() {
    let disk = LoopDisk::mounted();
    let gateway = recording_on(&disk).await;
    let room = camera(gateway.db(), ROOM).await;
    until("it is recorded", async || Story::of(gateway.db(), room).await.goes_on_after(0)).await;
    let director = Visitor::log_in(&gateway, GULNAR).await;
    let mut watching = Player::of(&gateway, &director).await.play(&room.to_string()).await;

    disk.freeze();
    let known = async || Story::of(gateway.db(), room).await.open(GapCause::DiskFailed);
    let (longest, ()) = tokio::join!(longest_pause(&mut watching, Duration::from_secs(20)), until("the gap is known", known));
    assert!(longest < IN_TIME, "a viewer waited for {longest:?}");
    // Key frames go on asking for the disk, and cost nothing any more.
    let rows = Story::of(gateway.db(), room).await.segments.len();
    let hanging = threads_that_hang();
    assert!(hanging > 0, "nothing hangs: the test has not done what it says");
    let longest = longest_pause(&mut watching, Duration::from_secs(4)).await;
    assert!(longest < IN_TIME, "a viewer waited for {longest:?}");
    assert_eq!((threads_that_hang(), Story::of(gateway.db(), room).await.segments.len()), (hanging, rows));
    disk.thaw();
    until("it goes on", async || Story::of(gateway.db(), room).await.goes_on_after(1)).await;
    let broken = async || Story::of(gateway.db(), room).await.segments[0].sha256.clone();
    until("what was broken off is whole", broken).await;
    drop(watching);
    // What the disk took after it was given up is no part of the recording: nothing is told twice.
    let story = Story::of(gateway.db(), room).await;
    story.assert_told_once();
    assert_eq!(story.gaps.iter().filter(|gap| gap.cause == GapCause::DiskFailed).count(), 1, "{story:#?}");

    disk.freeze();
    tokio::time::sleep(Duration::from_secs(2)).await;
    tokio::time::timeout(Duration::from_secs(25), gateway.stop()).await.expect("the gateway stops though the disk hangs");
    disk.thaw();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_turns_read_only_or_is_pulled_out_is_a_gap_and_nothing_is_lost_beyond_it() {
    let disk = LoopDisk::mounted();
    let gateway = recording_on(&disk).await;
    let room = camera(gateway.db(), ROOM).await;
    until("it is recorded", async || Story::of(gateway.db(), room).await.goes_on_after(0)).await;

    disk.turns_read_only();
    until("the gap is known", async || Story::of(gateway.db(), room).await.open(GapCause::DiskFailed)).await;
    disk.unmount();
    disk.mount();
    until("it goes on", async || Story::of(gateway.db(), room).await.goes_on_after(1)).await;

    // The file that is open goes on; the next one has no place, though there is a folder.
    disk.pull_out();
    gateway.playroom.freeze(true);
    until("the camera is silent", async || Story::of(gateway.db(), room).await.open(GapCause::NoVideo)).await;
    gateway.playroom.freeze(false);
    until("the gap is known", async || Story::of(gateway.db(), room).await.open(GapCause::DiskFailed)).await;
    assert!(files(&disk.path()).is_empty(), "nothing is written to another disk");
    disk.mount();
    until("it goes on", async || Story::of(gateway.db(), room).await.goes_on_after(2)).await;
    stopped(gateway, room).await.assert_complete();
}

/// How many threads of this process wait for the frozen file system: for the lock of `freeze_super` in the kernel.
fn threads_that_hang() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let places = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("wchan")).ok());
    places.filter(|place| place == "percpu_rwsem_wait").count()
}
