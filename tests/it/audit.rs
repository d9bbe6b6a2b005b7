//! The audit log in both databases, and everything that somebody who has the database might do to it.

use crate::world::databases::{self, Database};
use serde_json::json;
use tereze::{
    args,
    audit::{
        self, Action, Checkpoints, Record,
        verify::{Fault, Kept, Place, Report, Wrong, verify_db},
    },
    clock::Clock,
    db::{Db, Queries},
    id::AccountId,
    secret::Secrets,
};

const NOW: &str = "2026-09-01T04:00:00Z";

fn clock() -> Clock {
    Clock::held(NOW.parse().unwrap())
}

/// A master key that no machine uses.
fn secrets() -> Secrets {
    Secrets::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap()
}

async fn checkpoints(db: &Db) -> Checkpoints {
    Checkpoints::load(db, &secrets(), "tereze.example/audit", &clock()).await.unwrap()
}

async fn append(db: &Db, count: u64) {
    for n in 0..count {
        let now = clock().now();
        let record = Record {
            at: now,
            actor: Some(AccountId::new(now)),
            kindergarten: None,
            action: Action::LogIn,
            subject: format!("account:{n}"),
            details: json!({ "address": "192.0.2.7" }),
        };
        let tx = db.begin().await.unwrap();
        audit::append(&tx, record).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// A log of ten records with checkpoints over four and ten.
async fn logs() -> [Database; 2] {
    let databases = databases::both().await;
    for Database { db, .. } in &databases {
        let checkpoints = checkpoints(db).await;
        append(db, 4).await;
        checkpoints.sign().await.unwrap().unwrap();
        append(db, 6).await;
        checkpoints.sign().await.unwrap().unwrap();
    }
    databases
}

async fn report(database: &Database) -> Report {
    verify_db(&database.db, &Kept::default()).await.unwrap()
}

async fn fault(database: &Database) -> (Place, Wrong) {
    let Fault { place, wrong } = report(database).await.fault.expect("nobody noticed");
    (place, wrong)
}

#[tokio::test]
async fn a_log_that_nobody_touched_verifies() {
    for database in logs().await {
        let report = report(&database).await;
        assert!(report.passed(), "{report}");
        assert_eq!((report.records, report.checkpoints, report.unsigned, report.erased), (10, 2, 0, 0));
        assert_eq!(audit::state(&database.db).await.unwrap().size, 10);
    }
}

#[tokio::test]
async fn an_empty_log_verifies() {
    for database in databases::both().await {
        assert!(report(&database).await.passed());
        assert_eq!(checkpoints(&database.db).await.sign().await.unwrap(), None, "there is nothing to sign");
    }
}

#[tokio::test]
async fn whatever_is_changed_in_a_record_that_record_is_named() {
    let changes: [(&'static str, Wrong); 12] = [
        ("update audit_records set record = replace(record, '192.0.2.7', '192.0.2.8') where position = 5", Wrong::Text),
        ("update audit_records set record = record || ' ' where position = 5", Wrong::Text),
        ("update audit_records set salt = (select salt from audit_records where position = 6) where position = 5", Wrong::Text),
        ("update audit_records set salt = 'none' where position = 5", Wrong::Text),
        ("update audit_records set at = at + 1 where position = 5", Wrong::Column("time")),
        ("update audit_records set action = 'log_out' where position = 5", Wrong::Column("action")),
        ("update audit_records set kindergarten_id = 'x' where position = 5", Wrong::Column("kindergarten")),
        ("update audit_records set actor = null where position = 5", Wrong::Column("actor")),
        ("update audit_records set subject = 'account:0' where position = 5", Wrong::Column("subject")),
        ("update audit_records set root = (select root from audit_records where position = 6) where position = 5", Wrong::Root),
        ("update audit_records set record = null, salt = null, actor = null, subject = null where position = 5", Wrong::Emptied),
        ("update audit_records set commitment = 'x' where position = 5", Wrong::Unreadable("commitment")),
    ];
    for (change, wrong) in &changes {
        let database = databases::sqlite().await;
        append(&database.db, 10).await;
        database.tamper(change).await;
        assert_eq!(fault(&database).await, (Place::Record(5), wrong.clone()), "{change}");
    }
    for database in logs().await {
        database.tamper(changes[0].0).await;
        let report = report(&database).await;
        assert_eq!(report.records, 5);
        assert!(report.to_string().contains("FAILED: record 5: was changed"), "{report}");
    }
}

#[tokio::test]
async fn a_record_that_is_taken_out_is_missed() {
    for database in logs().await {
        database.tamper("delete from audit_records where position = 5").await;
        assert_eq!(fault(&database).await, (Place::Record(5), Wrong::Missing));
        database.tamper("update audit_records set position = position - 1 where position = 6").await;
        assert_eq!(fault(&database).await.0, Place::Record(5), "closing the gap does not help");
    }
}

#[tokio::test]
async fn records_that_change_places_are_noticed() {
    for database in logs().await {
        database.tamper("update audit_records set position = 100 where position = 5").await;
        database.tamper("update audit_records set position = 5 where position = 6").await;
        database.tamper("update audit_records set position = 6 where position = 100").await;
        assert_eq!(fault(&database).await, (Place::Record(5), Wrong::Root));
    }
}

#[tokio::test]
async fn a_record_that_is_slipped_in_or_doubled_is_noticed() {
    let copy = "insert into audit_records (position, at, action, kindergarten_id, actor, subject, record, salt, commitment, root)
         select 10, at, action, kindergarten_id, actor, subject, record, salt, commitment, root from audit_records where position = 9";
    for database in logs().await {
        database.tamper(copy).await;
        assert_eq!(fault(&database).await, (Place::Record(10), Wrong::BeyondHead));
        database.tamper("update audit_head set size = 11").await;
        assert_eq!(fault(&database).await.0, Place::Head, "a size that its own hashes do not fit");
    }
}

#[tokio::test]
async fn a_log_that_is_cut_off_misses_what_its_checkpoint_covers() {
    for database in logs().await {
        database.tamper("delete from audit_records where position >= 4").await;
        assert_eq!(fault(&database).await, (Place::Record(4), Wrong::CutOff(10)));
        // The head of four records, as somebody who has read this program would write it.
        let root = database.text("select root from audit_records where position = 3").await;
        let set_back = "update audit_head set size = 4, frontier = $1";
        database.db.execute(set_back, args![root]).await.unwrap();
        assert_eq!(fault(&database).await, (Place::Record(4), Wrong::CutOff(10)));
    }
}

#[tokio::test]
async fn whoever_makes_the_tree_anew_is_betrayed_by_the_checkpoints() {
    for database in logs().await {
        // Everything from the sixth record on is appended afresh: each hash fits, and the story is another.
        database.tamper("delete from audit_records where position >= 4").await;
        let root = database.text("select root from audit_records where position = 3").await;
        database.db.execute("update audit_head set size = 4, frontier = $1", args![root]).await.unwrap();
        append(&database.db, 6).await;
        assert_eq!(fault(&database).await, (Place::Between(4, 10), Wrong::Rewritten(10)));
    }
}

#[tokio::test]
async fn an_altered_checkpoint_is_not_believed() {
    for database in logs().await {
        database
            .tamper("update audit_checkpoints set note = replace(note, 'tereze.example', 'tereze.exemple') where size = 4")
            .await;
        assert!(matches!(fault(&database).await, (Place::Checkpoint(4), Wrong::Note(_))));
        database.tamper("delete from audit_checkpoints where size = 4").await;
        assert!(report(&database).await.passed());
        database.tamper("update audit_checkpoints set size = 9").await;
        assert_eq!(fault(&database).await, (Place::Checkpoint(9), Wrong::Size));
    }
}

#[tokio::test]
async fn a_kept_checkpoint_proves_that_nothing_before_it_was_changed() {
    for database in databases::both().await {
        let checkpoints = checkpoints(&database.db).await;
        append(&database.db, 5).await;
        let kept = Kept { checkpoint: checkpoints.sign().await.unwrap(), key: Some(checkpoints.key().clone()) };
        append(&database.db, 5).await;
        let report = verify_db(&database.db, &kept).await.unwrap();
        assert!(report.passed() && report.kept == Some(5), "{report}");

        // All signed evidence in the database is destroyed, and the whole log written anew.
        for table in ["delete from audit_records", "delete from audit_checkpoints", "update audit_head set size = 0, frontier = ''"]
        {
            database.tamper(table).await;
        }
        append(&database.db, 10).await;
        assert!(self::report(&database).await.passed(), "by itself it looks sound");
        let fault = verify_db(&database.db, &kept).await.unwrap().fault.unwrap();
        assert_eq!(fault, Fault { place: Place::Between(0, 5), wrong: Wrong::Rewritten(5) });

        let shorter = Kept { checkpoint: kept.checkpoint.map(|note| note.replace("\n5\n", "\n4\n")), key: kept.key };
        let fault = verify_db(&database.db, &shorter).await.unwrap().fault.unwrap();
        assert_eq!(fault.place, Place::Kept, "a kept checkpoint must be as it was signed");
    }
}

#[tokio::test]
async fn a_log_signed_by_another_key_is_not_the_one_whose_key_was_kept() {
    for database in logs().await {
        let other = databases::sqlite().await;
        let key = Some(checkpoints(&other.db).await.key().clone());
        let fault = verify_db(&database.db, &Kept { checkpoint: None, key }).await.unwrap().fault.unwrap();
        assert!(matches!(fault, Fault { place: Place::Checkpoint(4), wrong: Wrong::Note(_) }));
    }
}

#[tokio::test]
async fn a_record_whose_personal_data_was_erased_still_verifies_and_is_counted() {
    for database in logs().await {
        let tx = database.db.begin().await.unwrap();
        assert_eq!(audit::erase(&tx, 5, None, "asked for by its person", clock().now()).await.unwrap(), Some(10));
        assert_eq!(audit::erase(&tx, 5, None, "again", clock().now()).await.unwrap(), None);
        assert_eq!(audit::erase(&tx, 10, None, "to hide it", clock().now()).await.unwrap(), None);
        tx.commit().await.unwrap();
        let report = report(&database).await;
        assert!(report.passed(), "{report}");
        assert_eq!((report.records, report.erased), (11, 1));
        let left = "select count(*) from audit_records where position = 5
             and record is null and salt is null and actor is null and subject is null";
        assert_eq!(database.number(left).await, 1, "nothing of the person is left");

        database.tamper("update audit_records set record = null, salt = null, actor = null, subject = null, erased_by = 10 where position = 6").await;
        assert_eq!(fault(&database).await, (Place::Record(6), Wrong::Emptied), "one erasure does not cover another");
    }
}

#[tokio::test]
async fn a_record_goes_with_the_transaction_that_it_tells_of() {
    for Database { db, .. } in databases::both().await {
        append(&db, 1).await;
        let tx = db.begin().await.unwrap();
        let record = Record {
            at: clock().now(),
            actor: None,
            kindergarten: None,
            action: Action::LogOut,
            subject: "account:x".to_owned(),
            details: json!({}),
        };
        assert_eq!(audit::append(&tx, record).await.unwrap(), 1);
        drop(tx);
        assert_eq!(audit::state(&db).await.unwrap().size, 1);
        append(&db, 1).await;
        assert!(verify_db(&db, &Kept::default()).await.unwrap().passed());
    }
}

#[tokio::test]
async fn many_who_append_at_once_come_one_after_another() {
    for Database { db, .. } in databases::both().await {
        let writers: Vec<_> = (0..8)
            .map(|_| {
                tokio::spawn({
                    let db = db.clone();
                    async move { append(&db, 5).await }
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        let report = verify_db(&db, &Kept::default()).await.unwrap();
        assert!(report.passed() && report.records == 40, "{report}");
    }
}

#[tokio::test]
async fn a_checkpoint_follows_an_append_within_a_second_and_one_is_made_at_the_end() {
    for Database { db, .. } in databases::both().await {
        let stop = tokio_util::sync::CancellationToken::new();
        let signer = tokio::spawn(checkpoints(&db).await.run(stop.clone()));
        append(&db, 1).await;
        let began = tereze::clock::monotonic();
        let first = "select count(*) from audit_checkpoints where size = 1";
        while db.row::<(i64,)>(first, args![]).await.unwrap() != Some((1,)) {
            assert!(began.elapsed() < std::time::Duration::from_secs(10), "no checkpoint was made");
            tokio::task::yield_now().await;
        }
        append(&db, 1).await;
        stop.cancel();
        signer.await.unwrap();
        let report = verify_db(&db, &Kept::default()).await.unwrap();
        assert!(report.passed() && report.unsigned == 0, "{report}");
    }
}

#[tokio::test]
async fn a_log_that_grows_while_it_is_checked_verifies() {
    for Database { db, .. } in databases::both().await {
        let signer = checkpoints(&db).await;
        let growing = tokio::spawn({
            let db = db.clone();
            async move {
                for _ in 0..40 {
                    append(&db, 1).await;
                    signer.sign().await.unwrap();
                }
            }
        });
        while !growing.is_finished() {
            let report = verify_db(&db, &Kept::default()).await.unwrap();
            assert!(report.passed(), "{report}");
        }
        growing.await.unwrap();
    }
}

#[tokio::test]
async fn proofs_of_logs_of_several_blocks_hold_against_the_roots_in_the_database() {
    use tereze::audit::{Prover, proof::continues, tree::Hash};
    let database = databases::sqlite().await;
    append(&database.db, 2_500).await;
    let prover = Prover::new(&database.db);
    let rows: Vec<(String,)> = database.db.rows("select root from audit_records order by position", args![]).await.unwrap();
    let root = |size: u64| rows[size as usize - 1].0.parse::<Hash>().unwrap();
    // A block has 1024 leaves: inside the first, at its edges, in the second, in the last.
    let sizes = [1, 2, 700, 1_023, 1_024, 1_025, 1_500, 2_047, 2_048, 2_049, 2_500];
    for from in sizes {
        for to in sizes.into_iter().filter(|to| *to >= from) {
            let path = prover.consistency(from, to).await.unwrap();
            assert!(continues((from, root(from)), (to, root(to)), &path), "{from} to {to}");
        }
    }
    for size in sizes {
        for position in [0, size / 2, size - 1] {
            let path = prover.inclusion(position, size).await.unwrap();
            assert!(path.len() <= 12, "{position} of {size}");
        }
    }
    assert!(prover.consistency(1, 2_501).await.is_err());
    assert!(prover.inclusion(2_500, 2_500).await.is_err());
}
