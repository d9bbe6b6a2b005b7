//! Recordings in both databases, and everything that somebody who has the machine might do to them.

use crate::world::{
    databases,
    recorded::{Recorded, minute},
};
use jiff::SignedDuration;
use tereze::{
    args,
    audit::verify::{Kept, verify_db},
    db::Queries,
    id::SealId,
    recording::{
        store::Store,
        verify::{Fault, Place, Report, Wrong, verify},
    },
};

/// In minutes.
const DAY: i64 = 24 * 60;

async fn report(recorded: &Recorded) -> Report {
    let log = verify_db(recorded.db(), &Kept::default()).await.unwrap();
    assert!(log.passed(), "{log}");
    verify(recorded.db(), Some(&Store::new(recorded.folder()))).await.unwrap()
}

/// Everything that is wrong.
async fn faults(recorded: &Recorded) -> Vec<(Place, Wrong)> {
    report(recorded).await.faults.into_iter().map(|Fault { place, wrong }| (place, wrong)).collect()
}

/// The first seal.
async fn seal(recorded: &Recorded) -> SealId {
    let row: Option<(SealId,)> = recorded.db().row("select id from seals order by record limit 1", args![]).await.unwrap();
    row.unwrap().0
}

async fn execute(recorded: &Recorded, sql: &'static str, arguments: &[tereze::db::Value]) {
    assert!(recorded.db().execute(sql, arguments).await.unwrap() > 0, "nothing was touched: {sql}");
}

#[tokio::test]
async fn recordings_that_nobody_touched_verify() {
    for database in databases::both().await {
        let recorded = Recorded::on(database).await;
        let found = report(&recorded).await;
        assert!(found.passed(), "{found}");
        assert_eq!((found.seals, found.segments, found.gaps, found.unsealed, found.files), (2, 6, 1, 1, Some(7)));
        assert_eq!(recorded.seal().await, 1, "what is left");
        assert_eq!(recorded.seal().await, 0, "nothing is left");
        assert_eq!(report(&recorded).await.unsealed, 0);
    }
}

#[tokio::test]
async fn whatever_is_changed_in_a_row_that_row_is_named() {
    let changes = [
        "update segments set codec = 'avc1.640028' where id = $1",
        "update segments set width = width + 1 where id = $1",
        "update segments set height = height + 1 where id = $1",
        "update segments set starts_at = starts_at + 1 where id = $1",
        "update segments set ends_at = ends_at - 1 where id = $1",
        "update segments set tree = 'x' where id = $1",
    ];
    for change in changes {
        let recorded = Recorded::on(databases::sqlite().await).await;
        let id = recorded.segments[1];
        execute(&recorded, change, args![id]).await;
        assert_eq!(faults(&recorded).await, [(Place::Segment(id), Wrong::Changed)], "{change}");
    }
    for database in databases::both().await {
        let recorded = Recorded::on(database).await;
        let id = recorded.segments[1];
        execute(&recorded, "update segments set bytes = bytes + 1 where id = $1", args![id]).await;
        let found = faults(&recorded).await;
        assert!(matches!(found.as_slice(), [(_, Wrong::Changed), (Place::Segment(file), Wrong::Length { .. })] if *file == id));
        assert!(report(&recorded).await.to_string().contains("FAILED: 2 faults"));
    }
}

#[tokio::test]
async fn a_gap_keeps_its_cause_and_its_length() {
    let changes = [
        "update gaps set cause = 'ordered' where id = $1",
        "update gaps set starts_at = starts_at + 60000 where id = $1",
        "update gaps set ended_at = ended_at - 60000 where id = $1",
    ];
    for change in changes {
        let recorded = Recorded::on(databases::sqlite().await).await;
        execute(&recorded, change, args![recorded.gap]).await;
        assert_eq!(faults(&recorded).await, [(Place::Gap(recorded.gap), Wrong::Changed)], "{change}");
    }
    let recorded = Recorded::on(databases::sqlite().await).await;
    execute(&recorded, "delete from gaps where id = $1", args![recorded.gap]).await;
    assert_eq!(faults(&recorded).await, [(Place::Seal(seal(&recorded).await), Wrong::TakenOut(3, 5))], "a hidden hole");
}

#[tokio::test]
async fn one_flipped_byte_names_its_segment() {
    let recorded = Recorded::on(databases::sqlite().await).await;
    let path = recorded.path(1, 5);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[7] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(faults(&recorded).await, [(Place::Segment(recorded.segments[1]), Wrong::Bytes)]);
}

#[tokio::test]
async fn a_file_whose_row_was_changed_with_it_does_not_pass() {
    let recorded = Recorded::on(databases::sqlite().await).await;
    std::fs::write(recorded.path(1, 5), b"another story").unwrap();
    let sha256 = data_encoding::HEXLOWER.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, b"another story").as_ref());
    let sql = "update segments set sha256 = $2, bytes = 13 where id = $1";
    execute(&recorded, sql, args![recorded.segments[1], &sha256]).await;
    assert_eq!(faults(&recorded).await, [(Place::Segment(recorded.segments[1]), Wrong::Changed)]);
}

#[tokio::test]
async fn a_segment_that_is_taken_away_is_missed() {
    for database in databases::both().await {
        let recorded = Recorded::on(database).await;
        std::fs::remove_file(recorded.path(1, 5)).unwrap();
        let id = recorded.segments[1];
        assert_eq!(faults(&recorded).await, [(Place::Segment(id), Wrong::NoFile)]);
        // To say that retention did it does not help …
        execute(&recorded, "update segments set removed_at = ends_at + 60000 where id = $1", args![id]).await;
        assert_eq!(faults(&recorded).await, [(Place::Segment(id), Wrong::Early)]);
        // … nor does it to take the row away …
        execute(&recorded, "delete from segments where id = $1", args![id]).await;
        assert_eq!(faults(&recorded).await, [(Place::Seal(seal(&recorded).await), Wrong::TakenOut(2, 5))]);
        // … nor that the seal is over.
        execute(&recorded, "update seals set expired_at = 0, expired_record = 0 where id = $1", args![seal(&recorded).await]).await;
        assert_eq!(faults(&recorded).await, [(Place::Seal(seal(&recorded).await), Wrong::Expired)]);
    }
}

#[tokio::test]
async fn a_seal_that_is_taken_away_or_changed_is_missed() {
    let recorded = Recorded::on(databases::sqlite().await).await;
    let id = seal(&recorded).await;
    execute(&recorded, "update seals set ends_at = ends_at - 60000 where id = $1", args![id]).await;
    assert_eq!(faults(&recorded).await, [(Place::Seal(id), Wrong::Seal(0))]);
    execute(&recorded, "update segments set seal_id = null where seal_id = $1", args![id]).await;
    execute(&recorded, "update gaps set seal_id = null where seal_id = $1", args![id]).await;
    execute(&recorded, "delete from seals where id = $1", args![id]).await;
    assert_eq!(faults(&recorded).await, [(Place::Record(0), Wrong::NoSeal)]);
}

#[tokio::test]
async fn what_is_put_in_from_elsewhere_is_named() {
    for database in databases::both().await {
        let mut recorded = Recorded::on(database).await;
        let other = recorded.folder().join("other.mp4");
        std::fs::write(&other, b"from elsewhere").unwrap();
        assert_eq!(faults(&recorded).await, [(Place::File("other.mp4".into()), Wrong::Foreign)]);
        std::fs::remove_file(other).unwrap();

        // With a row, and even once the gateway has sealed it: the time was taken.
        recorded.clock.set(minute(120));
        let id = recorded.write(9, 11).await;
        recorded.seal().await;
        assert_eq!(faults(&recorded).await, [(Place::Segment(id), Wrong::Late)]);
        // Put under a seal that does not have it.
        execute(&recorded, "update segments set seal_id = $2 where id = $1", args![id, seal(&recorded).await]).await;
        assert!(faults(&recorded).await.contains(&(Place::Segment(id), Wrong::Changed)));
    }
}

#[tokio::test]
async fn a_row_that_escapes_the_seals_is_named() {
    let mut recorded = Recorded::on(databases::sqlite().await).await;
    let id = recorded.segments[0];
    execute(&recorded, "update segments set seal_id = null where id = $1", args![id]).await;
    let found = faults(&recorded).await;
    assert!(found.contains(&(Place::Segment(id), Wrong::Unsealed)), "{found:?}");
    assert!(found.contains(&(Place::Seal(seal(&recorded).await), Wrong::TakenOut(1, 5))), "{found:?}");
    recorded.write(30, 31).await;
    assert_eq!(report(&recorded).await.unsealed, 3, "what is new is no fault");
}

#[tokio::test]
async fn what_retention_lets_go_of_is_no_fault_and_what_somebody_removes_beside_it_is() {
    for database in databases::both().await {
        let recorded = Recorded::on(database).await;
        let keeper = recorded.keeper();
        // Eight minutes of the first quarter of an hour are over; its seal is not.
        recorded.clock.advance(minute(30 * DAY + 8).duration_since(recorded.clock.now()));
        keeper.round().await.unwrap();
        assert!(!recorded.path(0, 0).exists() && !recorded.path(1, 5).exists() && recorded.path(2, 10).exists());
        let found = report(&recorded).await;
        assert!(found.passed(), "{found}");
        assert_eq!((found.seals, found.expired, found.segments, found.files), (2, 0, 6, Some(5)));

        std::fs::remove_file(recorded.path(2, 10)).unwrap();
        let id = recorded.segments[2];
        assert_eq!(faults(&recorded).await, [(Place::Segment(id), Wrong::NoFile)]);
        execute(&recorded, "update segments set removed_at = $2 where id = $1", args![id, minute(30 * DAY + 8)]).await;
        assert_eq!(faults(&recorded).await, [(Place::Segment(id), Wrong::Early)], "it had four minutes left");
        execute(&recorded, "update segments set removed_at = null where id = $1", args![id]).await;

        // When all of it is over the rows go with their seals, and the records tell why.
        recorded.clock.advance(SignedDuration::from_hours(1));
        keeper.round().await.unwrap();
        let found = report(&recorded).await;
        assert!(found.passed(), "{found}");
        assert_eq!((found.seals, found.expired, found.segments, found.gaps, found.files), (2, 2, 0, 0, Some(0)));
        execute(&recorded, "delete from seals where id = $1", args![seal(&recorded).await]).await;
        assert_eq!(faults(&recorded).await, [(Place::Record(0), Wrong::NoSeal)]);
    }
}
