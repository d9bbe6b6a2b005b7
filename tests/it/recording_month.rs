//! A month and a half of fifty cameras by a held clock: what is let go of, and how large the index is.

use crate::world::{
    gateway::Gateway,
    month::{A_DAY, record_a_day},
};
use jiff::{SignedDuration, Timestamp};
use std::{collections::BTreeSet, fs, path::Path};
use tereze::{
    args,
    clock::monotonic,
    db::{Queries, segments},
    id::CameraId,
    recording::store,
};

const CAMERAS: usize = 50;
/// The last five days are those on which something is let go of every day.
const DAYS: i64 = 35;
/// Until then nothing is let go of, and it is looked once whether that is so.
const FIRST_LOOK: i64 = 28;

/// Adds cameras until there are [`CAMERAS`], and returns them.
async fn cameras(gateway: &mut Gateway) -> Vec<CameraId> {
    let there: Vec<(String,)> = gateway.db().rows("select id from cameras", args![]).await.unwrap();
    let more = (there.len()..CAMERAS).map(|n| {
        format!(
            "\n[[kindergarten.camera]]\nkey = \"m{n}\"\nname = \"M {n}\"\ngroup = \"kunshuaq\"\nmain = \"rtsp://10.0.0.7/{n}\"\n"
        )
    });
    gateway.add(&more.collect::<String>()).await;
    let all: Vec<(CameraId,)> = gateway.db().rows("select id from cameras order by id", args![]).await.unwrap();
    assert_eq!(all.len(), CAMERAS);
    all.into_iter().map(|(id,)| id).collect()
}

/// A small file for every row of `camera` on the day that begins at `midnight`.
async fn write_a_day(gateway: &Gateway, camera: CameraId, midnight: Timestamp) {
    let next = midnight + SignedDuration::from_hours(24);
    for row in segments::between(gateway.db(), camera, midnight, next).await.unwrap() {
        let path = gateway.app().store.path(camera, row.id, row.starts_at);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }
}

/// The names of all files below `folder`.
fn files(folder: &Path) -> BTreeSet<String> {
    let inside = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>();
    let all = inside(folder).into_iter().flat_map(|camera| inside(&camera)).flat_map(|day| inside(&day));
    all.map(|path| path.strip_prefix(folder).unwrap().display().to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_days_of_fifty_cameras_are_kept_to_the_file() {
    let mut gateway = Gateway::start().await;
    let cameras = cameras(&mut gateway).await;
    let (watched, held) = (cameras[0], cameras[1]);
    let first: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
    let midnight = |day: i64| first + SignedDuration::from_hours(24 * day);
    // An hour of one camera is held from the first day on.
    let (from, to) = (midnight(0) + SignedDuration::from_hours(9), midnight(0) + SignedDuration::from_hours(10));
    let sql = "insert into holds (id, kindergarten_id, camera_id, starts_at, ends_at, origin, reason, since) \
               select $1, kindergarten_id, id, $3, $4, 'alarm', 'A', $3 from cameras where id = $2";
    gateway.db().execute(sql, args![tereze::id::HoldId::new(from), held, from, to]).await.unwrap();

    for day in 0..DAYS {
        record_a_day(gateway.db(), day, midnight(day)).await;
        write_a_day(&gateway, watched, midnight(day)).await;
        write_a_day(&gateway, held, midnight(day)).await;
        if day < FIRST_LOOK {
            continue;
        }
        gateway.clock.advance(midnight(day + 1).duration_since(gateway.clock.now()));
        gateway.app().keeper.round().await.unwrap();
        // Whatever ended thirty days ago or earlier is gone, to the file, but for what is held.
        let kept = segments::between(gateway.db(), watched, midnight(0), midnight(DAYS)).await.unwrap();
        assert_eq!(kept.len() as i64, A_DAY * (day + 1).min(30), "day {day}");
        let held = segments::between(gateway.db(), held, midnight(0), midnight(DAYS)).await.unwrap();
        assert_eq!(held.len() as i64, A_DAY * (day + 1).min(30) + if day >= 30 { 12 } else { 0 }, "day {day}");
        let names = kept.iter().chain(&held).map(|row| store::name(row.camera_id, row.id, row.starts_at)).collect();
        assert!(files(gateway.app().store.folder()) == names, "day {day}: the folder holds what the rows say");
    }
    let count = async |sql: &'static str| gateway.db().row::<(i64,)>(sql, args![]).await.unwrap().unwrap().0;
    assert_eq!(count("select count(*) from segments where removed_at is null").await, CAMERAS as i64 * 30 * A_DAY + 12);
    // The rows of what is gone have gone with their seals: all but the four that hold something, and those of the last quarter of an hour.
    assert_eq!(count("select count(*) from segments where removed_at is not null").await, 0);
    assert_eq!(count("select count(*) from seals where expired_at is null").await, CAMERAS as i64 * 30 * 96 + 4);

    let size = count("select page_count * page_size from pragma_page_count(), pragma_page_size()").await;
    let rows = count("select count(*) from segments").await;
    println!(
        "the index of {rows} files (30 days of {CAMERAS} cameras) with the rest of the database: {:.1} MB, {} bytes a file",
        size as f64 / 1e6,
        size / rows
    );
    let began = monotonic();
    gateway.app().keeper.round().await.unwrap();
    println!("a round of the keeper with nothing to do: {:?}", began.elapsed());
    gateway.stop().await;
}
