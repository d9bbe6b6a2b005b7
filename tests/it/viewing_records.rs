//! The rows of viewings, which pages and exports read, must say what the audit records say.

use crate::world::databases::{self, Database};
use jiff::Timestamp;
use serde_json::json;
use tereze::{
    args,
    audit::{
        self, Action, Record,
        verify::{Fault, Kept, Place, Wrong, verify_db},
    },
    db::{Db, runs, viewings},
    id::{AccountId, CameraId, KindergartenId, RunId, ViewingId},
};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_788_000_000 + seconds).unwrap()
}

/// A parent watched one camera twice; the second viewing goes on.
async fn watched(db: &Db) -> [ViewingId; 2] {
    let (kindergarten, account, camera) = (KindergartenId::new(at(0)), AccountId::new(at(0)), CameraId::new(at(0)));
    let run = RunId::new(at(0));
    runs::begin(db, run, at(0)).await.unwrap();
    let sql = "insert into kindergartens (id, key, name, zone, languages, streams_per_account, viewers_per_camera, created_at)
         values ($1, 'balapan', 'Балапан', 'Asia/Almaty', 'kk', 1, 100, 0)";
    db.execute(sql, args![kindergarten]).await.unwrap();
    let sql = "insert into accounts (id, login, name, role, language, created_at) values ($1, 'a@b.kz', 'Әсел', 'parent', 'kk', 0)";
    db.execute(sql, args![account]).await.unwrap();
    let sql = "insert into cameras (id, kindergarten_id, key, name, source, created_at) values ($1, $2, 'c', 'c', '', 0)";
    db.execute(sql, args![camera, kindergarten]).await.unwrap();
    let ids = [ViewingId::new(at(10)), ViewingId::new(at(60))];
    for (id, starts, ends) in [(ids[0], at(10), Some(at(50))), (ids[1], at(60), None)] {
        let record = |action, at, details| Record {
            at,
            actor: Some(account),
            kindergarten: Some(kindergarten),
            action,
            subject: format!("viewing:{id}"),
            details,
        };
        let tx = db.begin().await.unwrap();
        let position = audit::append(&tx, record(Action::ViewingStarted, starts, json!({ "camera": camera }))).await.unwrap();
        let start = viewings::Start {
            id,
            run,
            account,
            kindergarten,
            camera,
            login: None,
            quality: "main",
            address: String::new(),
            at: starts,
            record: position,
        };
        viewings::start(&tx, start).await.unwrap();
        if let Some(ends) = ends {
            let details = json!({ "camera": camera, "code": "closed" });
            let position = audit::append(&tx, record(Action::ViewingEnded, ends, details)).await.unwrap();
            viewings::end(&tx, id, "closed", ends, position).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
    ids
}

async fn fault(database: &Database) -> Fault {
    verify_db(&database.db, &Kept::default()).await.unwrap().fault.expect("nobody noticed")
}

#[tokio::test]
async fn viewings_that_nobody_touched_are_as_the_records_tell() {
    for database in databases::both().await {
        watched(&database.db).await;
        let report = verify_db(&database.db, &Kept::default()).await.unwrap();
        assert!(report.passed() && report.viewings == 2, "{report}");
    }
}

#[tokio::test]
async fn a_viewing_that_was_changed_is_named() {
    let changes = [
        ("update viewings set started_at = started_at + 1 where ended_at is not null", 0),
        ("update viewings set account_id = (select id from accounts where login = 'x') where ended_at is not null", 0),
        ("update viewings set started_record = 1 where ended_at is not null", 1),
        ("update viewings set ended_at = ended_at - 1 where ended_at is not null", 1),
        ("update viewings set end_code = 'connection_lost' where ended_at is not null", 1),
    ];
    for (change, record) in changes {
        for database in databases::both().await {
            let [ended, _] = watched(&database.db).await;
            let other =
                "insert into accounts (id, login, name, role, language, created_at) values ('other', 'x', 'x', 'parent', 'kk', 0)";
            database.db.execute(other, args![]).await.unwrap();
            database.tamper(change).await;
            let expected = Fault { place: Place::Viewing(ended), wrong: Wrong::Viewing(record) };
            assert_eq!(fault(&database).await, expected, "{change}");
        }
    }
}

#[tokio::test]
async fn a_viewing_that_was_removed_or_made_endless_is_missed() {
    for database in databases::both().await {
        watched(&database.db).await;
        database
            .tamper("update viewings set ended_at = null, end_code = null, ended_record = null where ended_at is not null")
            .await;
        assert_eq!(fault(&database).await, Fault { place: Place::Record(1), wrong: Wrong::NoViewing });
        database.tamper("delete from viewings where started_record = 2").await;
        assert_eq!(fault(&database).await, Fault { place: Place::Record(2), wrong: Wrong::NoViewing });
    }
}

#[tokio::test]
async fn a_viewing_that_never_was_has_no_record() {
    for database in databases::both().await {
        let [_, running] = watched(&database.db).await;
        database.tamper("update viewings set started_record = 99 where ended_at is null").await;
        assert_eq!(fault(&database).await, Fault { place: Place::Viewing(running), wrong: Wrong::Viewing(99) });
    }
}
