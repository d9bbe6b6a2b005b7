//! The whole life of a recording, on either database: written, broken off, made whole, sealed, proved, and let go of in its time.

use super::{
    place::Place,
    story::{Story, until},
};
use crate::world::{
    databases,
    process::{Serving, done},
    recordings::{files, play},
};
use jiff::SignedDuration;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use tereze::{
    args,
    clock::Clock,
    db::{Db, Queries, segments},
    model::{GapCause, Window},
    recording::{
        calendar::HOLDS,
        disk::Disk,
        keeper::{Keeper, Parts},
        store::Store,
        timeline::{SEAM, stretches},
    },
};

/// Who keeps what lies in `store`, by `clock`.
fn keeper(db: &Db, store: &Store, clock: &Clock) -> Arc<Keeper> {
    let disk = Disk::of(|_| Ok(u64::MAX));
    let (db, store, clock) = (db.clone(), store.clone(), clock.clone());
    Keeper::new(Parts { db, store, clock, disk, reserve: 0, records: true, full: Arc::default() }, &mut Registry::default())
}

async fn a_recording_lives_and_goes(place: Place) {
    let serving = Serving::start(place.path()).await;
    let (db, camera) = place.db().await;
    until("it is recorded", async || Story::of(&db, camera).await.goes_on_after(0)).await;
    serving.kill().await;
    let serving = Serving::start(place.path()).await;
    until("it goes on by itself", async || {
        let story = Story::of(&db, camera).await;
        (story.segments.len() > 1).then(|| story.goes_on_after(0))?
    })
    .await;
    place.camera.freeze(true);
    until("the gap is known", async || Story::of(&db, camera).await.open(GapCause::NoVideo)).await;
    place.camera.freeze(false);
    until("it goes on", async || Story::of(&db, camera).await.goes_on_after(1)).await;
    until("what was broken off is whole", async || Story::of(&db, camera).await.segments[0].sha256.clone()).await;
    serving.stop().await;

    let (story, store) = (Story::of(&db, camera).await, Store::new(&place.path().join("disk/recordings")));
    story.assert_complete();
    assert_eq!(story.gaps.last().map(|gap| gap.cause), Some(GapCause::NoVideo), "its first key frame changes nothing of why");
    for row in &story.segments {
        let (played, span) = (play(&store.path(camera, row.id, row.starts_at)).await, row.ends_at.duration_since(row.starts_at));
        assert!((played.duration - span.as_secs_f64()).abs() < 0.15, "{played:?} instead of {span:?}");
    }
    let (first, last) = (&story.segments[0], &story.segments[story.segments.len() - 1]);
    let day = Window { start: first.starts_at, end: last.ends_at };
    let spans = segments::spans(&db, camera, day.start, day.end, SEAM).await.unwrap();
    assert_eq!(stretches(spans, day).len(), story.gaps.len() + 1, "{story:#?}");
    let count = async |sql: &'static str| db.row::<(i64,)>(sql, args![]).await.unwrap().unwrap().0;
    assert_eq!(count("select count(*) from segments where seal_id is null").await, 0, "all of it is sealed at the end");
    let verified = async || assert!(done(place.path(), &["verify"], "").await.contains("PASSED"));
    verified().await;

    // Thirty days later nobody knows whether they were: the machine was off. Nothing goes until the clock has held.
    let clock = Clock::held(last.ends_at + SignedDuration::from_hours(30 * 24 + 1));
    let keeper = keeper(&db, &store, &clock);
    keeper.round().await.unwrap();
    assert_eq!((keeper.doubt().borrow().unwrap().code(), files(store.folder()).len()), ("clock_ahead", story.segments.len()));
    clock.advance(HOLDS);
    keeper.round().await.unwrap();
    assert_eq!((*keeper.doubt().borrow(), files(store.folder()).len()), (None, 0));
    assert_eq!(count("select count(*) from segments").await + count("select count(*) from gaps").await, 0);
    assert_eq!(count("select count(*) from seals where expired_at is null").await, 0);
    assert_eq!(count("select count(*) from audit_records where action = 'recording_removed'").await, 0, "nothing went early");
    verified().await;
}

#[tokio::test]
async fn a_recording_is_written_and_made_whole_and_proved_and_let_go_of() {
    a_recording_lives_and_goes(Place::new().await).await;
}

#[tokio::test]
async fn a_recording_is_written_and_made_whole_and_proved_and_let_go_of_on_postgresql_as_well() {
    let database = databases::postgres().await;
    a_recording_lives_and_goes(Place::on(&database.url, None).await).await;
}
