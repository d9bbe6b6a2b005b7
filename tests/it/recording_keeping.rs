//! Recordings are kept as long as the rules say, and what goes early is on record: with real files, on both databases.

use crate::world::{
    databases,
    shed::{SIZE, Shed},
};
use jiff::SignedDuration;
use prometheus_client::encoding::text;
use serde_json::{Value, json};
use std::fs;
use tereze::{
    args,
    db::{kept, segments},
    id::SealId,
    recording::{calendar::HOLDS, forecast::ShortOf, timeline::SEAM},
};

const DAYS: i64 = 24;

async fn a_file_goes_when_its_days_are_over_and_its_row_with_its_seal(shed: Shed) {
    let (old, young) = (shed.put(shed.a, 30 * DAYS).await, shed.put(shed.a, 30 * DAYS - 1).await);
    let (db, seal) = (&shed.database.db, SealId::new(shed.clock.now()));
    let sql = "insert into seals (id, camera_id, root, leaves, starts_at, ends_at, sealed_at, record) values ($1, $2, '00', 2, $3, $4, $4, 0)";
    db.execute(sql, args![seal, shed.a, old.starts_at, young.ends_at]).await.unwrap();
    db.execute("update segments set seal_id = $1", args![seal]).await.unwrap();
    let sql = "insert into gaps (id, camera_id, cause, starts_at, seen_at, ended_at, seal_id) values ($1, $2, 'no_video', $3, $4, $4, $5)";
    db.execute(sql, args![tereze::id::GapId::new(old.ends_at), shed.a, old.ends_at, young.starts_at, seal]).await.unwrap();

    // Thirty days after its first picture there are five minutes of it that are younger.
    shed.keeper.round().await.unwrap();
    assert!(shed.has(&old) && shed.has(&young));
    shed.clock.advance(SignedDuration::from_mins(5));
    shed.keeper.round().await.unwrap();
    assert!(!shed.has(&old) && shed.has(&young));
    let gone = kept::let_go_between(db, shed.a, old.starts_at, old.ends_at).await.unwrap();
    assert_eq!(gone.iter().map(|row| row.id).collect::<Vec<_>>(), [old.id], "its row is there as long as its seal is");
    assert!(shed.records("recording_expired").await.is_empty() && shed.records("recording_removed").await.is_empty());

    shed.clock.advance(SignedDuration::from_hours(1));
    shed.keeper.round().await.unwrap();
    assert!(!shed.has(&young));
    assert_eq!(shed.records("recording_expired").await, [json!({ "seals": [seal], "segments": 2, "gaps": 1 })]);
    assert_eq!(
        shed.database.number("select count(*) from segments").await + shed.database.number("select count(*) from gaps").await,
        0
    );
    let sql = "select count(*) from seals s join audit_records r on r.position = s.expired_record \
               where s.expired_at is not null and r.action = 'recording_expired'";
    assert_eq!(shed.database.number(sql).await, 1);
    shed.keeper.round().await.unwrap();
    assert_eq!(shed.records("recording_expired").await.len(), 1, "once");
}

#[tokio::test]
async fn thirty_days_are_kept_and_then_nothing() {
    a_file_goes_when_its_days_are_over_and_its_row_with_its_seal(Shed::on(databases::sqlite().await).await).await;
}

#[tokio::test]
async fn thirty_days_are_kept_and_then_nothing_on_postgresql_as_well() {
    a_file_goes_when_its_days_are_over_and_its_row_with_its_seal(Shed::on(databases::postgres().await).await).await;
}

async fn what_is_held_stays(shed: Shed) {
    let (held, beside) = (shed.put(shed.a, 50 * DAYS).await, shed.put(shed.a, 50 * DAYS - 2).await);
    let growing = shed.put_growing(shed.b, 40 * DAYS).await;
    let hold = shed.hold(shed.a, 50 * DAYS).await;
    shed.disk_of(0);
    shed.keeper.round().await.unwrap();
    assert!(shed.has(&held) && shed.has(&growing) && !shed.has(&beside));
    let sql = "update holds set until = $2 where id = $1";
    shed.database.db.execute(sql, args![hold, shed.clock.now()]).await.unwrap();
    shed.keeper.round().await.unwrap();
    assert!(!shed.has(&held) && shed.has(&growing));
}

#[tokio::test]
async fn what_is_held_or_still_written_stays_however_old_it_is_and_however_full_the_disk() {
    for database in databases::both().await {
        what_is_held_stays(Shed::on(database).await).await;
    }
}

#[tokio::test]
async fn a_long_hold_does_not_keep_what_comes_after_it() {
    let shed = Shed::on(databases::sqlite().await).await;
    for hours in 0..100 {
        shed.put(shed.a, 60 * DAYS - hours).await;
        shed.hold(shed.a, 60 * DAYS - hours).await;
    }
    let after = shed.put(shed.a, 40 * DAYS).await;
    shed.keeper.round().await.unwrap();
    assert!(!shed.has(&after));
    assert_eq!(shed.database.number("select count(*) from segments where removed_at is null").await, 100);
}

#[tokio::test]
async fn a_full_disk_loses_the_oldest_of_all_cameras_down_to_the_reserve_and_that_is_on_record() {
    let shed = Shed::on(databases::sqlite().await).await;
    let mut rows = Vec::new();
    for hours in (1..=10).rev() {
        rows.push(shed.put(if hours % 2 == 0 { shed.a } else { shed.b }, hours).await);
    }
    // Ten files of 1 000 bytes, and 7 500 bytes free beside them where 10 000 are to be: three have to go.
    shed.disk_of(10 * SIZE + 7_500);
    shed.keeper.round().await.unwrap();
    assert_eq!(rows.iter().map(|row| shed.has(row)).collect::<Vec<_>>(), [vec![false; 3], vec![true; 7]].concat());
    let records = shed.records("recording_removed").await;
    let mut segments: Vec<&Value> = records.iter().flat_map(|record| record["segments"].as_array().unwrap()).collect();
    segments.sort_by_key(|id| id.as_str().unwrap().to_owned());
    let mut expected: Vec<Value> = rows[..3].iter().map(|row| json!(row.id)).collect();
    expected.sort_by_key(|id| id.as_str().unwrap().to_owned());
    assert_eq!(segments, expected.iter().collect::<Vec<_>>());
    assert!(records.iter().all(|record| record["why"] == "room") && records.len() == 2, "one a camera: {records:?}");
    shed.keeper.round().await.unwrap();
    assert_eq!(shed.records("recording_removed").await.len(), 2, "there is room now");
    let mut page = String::new();
    text::encode(&mut page, &shed.registry).unwrap();
    assert!(page.contains("tereze_recordings_removed_bytes_total{why=\"room\"} 3000"), "{page}");
    assert!(page.contains("tereze_recordings_kept_bytes 7000"), "{page}");
}

#[tokio::test]
async fn a_camera_with_a_limit_of_bytes_keeps_its_newest_and_the_others_keep_theirs() {
    let shed = Shed::on(databases::sqlite().await).await;
    let mut rows = Vec::new();
    for hours in (1..=5).rev() {
        rows.push(shed.put(shed.a, hours).await);
    }
    let other = shed.put(shed.b, 20).await;
    let sql = "insert into recording_rules (id, kindergarten_id, camera_id, recorded, quality, days, bytes, since) \
               values ($1, $2, $3, true, 'main', 30, 2500, $4)";
    let id = tereze::id::RecordingRuleId::new(shed.clock.now());
    shed.database.db.execute(sql, args![id, shed.kindergarten, shed.a, shed.clock.now()]).await.unwrap();
    shed.keeper.round().await.unwrap();
    assert_eq!(rows.iter().map(|row| shed.has(row)).collect::<Vec<_>>(), [false, false, false, true, true]);
    assert!(shed.has(&other));
    let records = shed.records("recording_removed").await;
    assert_eq!((&records[0]["why"], &records[0]["bytes"], records.len()), (&json!("bytes"), &json!(3000), 1));
    assert_eq!((&records[0]["from"], &records[0]["to"]), (&json!(rows[0].starts_at), &json!(rows[2].ends_at)));
}

#[tokio::test]
async fn a_file_that_cannot_be_removed_is_removed_later() {
    let shed = Shed::on(databases::sqlite().await).await;
    let row = shed.put(shed.a, 31 * DAYS).await;
    let path = shed.store.path(row.camera_id, row.id, row.starts_at);
    // A folder is no file that can be removed.
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    shed.keeper.round().await.unwrap();
    assert!(segments::between(&shed.database.db, shed.a, row.starts_at, row.ends_at).await.unwrap().is_empty());
    fs::remove_dir(&path).unwrap();
    fs::write(&path, "x").unwrap();
    shed.keeper.round().await.unwrap();
    assert!(!path.exists());
}

#[tokio::test]
async fn it_is_told_before_the_disk_is_full_how_many_days_it_holds() {
    let shed = Shed::on(databases::sqlite().await).await;
    let forecast = shed.keeper.forecast();
    // Two cameras that send 1 000 bytes in five minutes: 576 000 bytes a day, of which the disk takes six days and a half.
    for hours in 1..=3 {
        shed.put(shed.a, hours).await;
        shed.put(shed.b, hours).await;
    }
    shed.disk_of(10_000 + 576_000 * 13 / 2);
    shed.keeper.round().await.unwrap();
    let told = forecast.borrow().clone();
    assert_eq!((told.per_day, told.wanted, told.fits), (576_000, 30, Some(6)));
    let short = told.shortfalls[&shed.a];
    assert_eq!((short.wanted, short.fits, short.cause), (30, 6, ShortOf::Room));
    let days = shed.clock.now().duration_until(short.from).as_hours();
    assert!((150..=156).contains(&days), "about six days and a half from now: {days} hours");
    assert_eq!(shed.database.number("select count(*) from segments where removed_at is null").await, 6, "nothing has gone yet");
    let mut page = String::new();
    text::encode(&mut page, &shed.registry).unwrap();
    for line in ["tereze_recordings_days_that_fit 6", "tereze_recordings_days_wanted 30", "tereze_recordings_cameras_short 2"] {
        assert!(page.contains(line), "{line}: {page}");
    }
    // A larger disk, and it is no longer so.
    shed.disk_of(10_000 + 576_000 * 31);
    shed.keeper.round().await.unwrap();
    assert_eq!(forecast.borrow().fits, None);
}

async fn a_clock_that_is_set_ahead_removes_nothing(shed: Shed) {
    let (old, young) = (shed.put(shed.a, 31 * DAYS).await, shed.put(shed.a, 5).await);
    let (right, told) = (shed.clock.now(), shed.keeper.doubt());
    shed.keeper.round().await.unwrap();
    assert!(!shed.has(&old) && shed.has(&young), "by a clock that is right, what is over goes");

    let wrong = right + SignedDuration::from_hours(365 * DAYS);
    shed.clock.set(wrong);
    shed.keeper.round().await.unwrap();
    assert!(shed.has(&young));
    let doubt = told.borrow().unwrap();
    assert_eq!((doubt.code(), doubt.expected, doubt.shown, doubt.until), ("clock_ahead", right, wrong, wrong + HOLDS));
    let mut page = String::new();
    text::encode(&mut page, &shed.registry).unwrap();
    assert!(page.contains("tereze_recordings_clock_doubted 1"), "{page}");
    // A restart does not make it any truer.
    let restarted = shed.keeper_after_a_restart();
    restarted.round().await.unwrap();
    assert!(shed.has(&young) && restarted.doubt().borrow().is_some());
    // A full disk is full whatever the time is; and what goes for that is told as such.
    let other = shed.put(shed.b, 365 * DAYS + 1).await;
    shed.disk_of(2 * SIZE + 9_500);
    shed.keeper.round().await.unwrap();
    assert_eq!((shed.has(&young), shed.has(&other)), (false, true));
    assert_eq!(shed.records("recording_removed").await[0]["why"], "room");
    shed.disk_of(u64::MAX);

    shed.clock.set(right);
    shed.keeper.round().await.unwrap();
    assert_eq!(*told.borrow(), None, "it is right again");
    shed.clock.set(right - SignedDuration::from_hours(DAYS));
    shed.keeper.round().await.unwrap();
    assert_eq!(told.borrow().unwrap().code(), "clock_behind");
    shed.clock.set(wrong);
    shed.keeper.round().await.unwrap();
    shed.clock.advance(HOLDS - SignedDuration::from_mins(1));
    shed.keeper.round().await.unwrap();
    assert!(shed.has(&other));
    shed.clock.advance(SignedDuration::from_hours(27 * DAYS));
    shed.keeper.round().await.unwrap();
    assert!(!shed.has(&other) && told.borrow().is_none(), "a time that has held for three days is believed");
}

#[tokio::test]
async fn a_clock_that_is_set_a_year_ahead_removes_nothing_before_it_has_held() {
    for database in databases::both().await {
        a_clock_that_is_set_ahead_removes_nothing(Shed::on(database).await).await;
    }
}

/// What lies where is joined by the database, and must be the same on both, whatever happened to the clock.
#[tokio::test]
async fn files_that_follow_each_other_are_told_as_one_on_both_databases() {
    for database in databases::both().await {
        let shed = Shed::on(database).await;
        let at = |minutes: i64, seconds: i64| shed.ago(24) + SignedDuration::from_secs(60 * minutes + seconds);
        let spans = async || segments::spans(&shed.database.db, shed.a, at(0, 0), at(60, 0), SEAM).await.unwrap();
        assert_eq!(spans().await, []);

        // From before the hour; at once after it; after two seconds, which are no gap; after three, which are one.
        let files = [(-2, 0, 3, 0), (3, 0, 8, 0), (8, 2, 13, 0), (13, 3, 18, 0)];
        // The clock was set back: one lies within the other. And one that reaches beyond the hour.
        let more = [(20, 0, 25, 0), (21, 0, 22, 0), (25, 1, 26, 0), (58, 0, 63, 0), (64, 0, 69, 0)];
        let mut rows = Vec::new();
        for (from, from_s, to, to_s) in files.into_iter().chain(more) {
            let row = shed.put(shed.a, 24).await;
            let sql = "update segments set starts_at = $2, ends_at = $3 where id = $1";
            shed.database.db.execute(sql, args![row.id, at(from, from_s), at(to, to_s)]).await.unwrap();
            rows.push(row.id);
        }
        shed.put(shed.b, 24).await;
        let first = [(at(-2, 0), at(13, 0)), (at(13, 3), at(18, 0))];
        assert_eq!(spans().await, [&first[..], &[(at(20, 0), at(26, 0)), (at(58, 0), at(63, 0))]].concat());

        let sql = "update segments set removed_at = 1 where id = $1";
        shed.database.db.execute(sql, args![rows[4]]).await.unwrap();
        shed.database.db.execute(sql, args![rows[7]]).await.unwrap();
        assert_eq!(spans().await, [&first[..], &[(at(21, 0), at(22, 0)), (at(25, 1), at(26, 0))]].concat());
    }
}
