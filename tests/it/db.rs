//! The query layer on both engines.

use crate::world::databases;
use jiff::Timestamp;
use tereze::{
    args,
    db::{self, Moment, Queries, accounts},
    id::{AccountId, KindergartenId},
    model::{Account, Language, Role},
};

fn now() -> Timestamp {
    "2026-11-23T03:00:00Z".parse().unwrap()
}

fn operator() -> Account {
    let (id, login) = (AccountId::new(now()), "+77010000030".to_owned());
    Account {
        id,
        login,
        name: "Тимур".into(),
        role: Role::Operator,
        kindergarten: None,
        language: Language::English,
        blocked: false,
    }
}

#[tokio::test]
async fn values_of_every_type_come_back_as_they_went_in() {
    for test in databases::both().await {
        let (operator, tx) = (operator(), test.db.begin().await.unwrap());
        accounts::create(&tx, &operator, "hash", now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(accounts::by_id(&test.db, operator.id, now()).await.unwrap(), Some(operator.clone()));
        let sql = "select created_at, removed_at, kindergarten_id from accounts where id = $1";
        type Columns = (Moment, Option<Moment>, Option<KindergartenId>);
        assert_eq!(test.db.row::<Columns>(sql, args![operator.id]).await.unwrap(), Some((Moment(now()), None, None)));
    }
}

#[tokio::test]
async fn a_transaction_that_is_not_committed_leaves_nothing() {
    for test in databases::both().await {
        let before = db::revision(&test.db).await.unwrap();
        let (operator, tx) = (operator(), test.db.begin().await.unwrap());
        accounts::create(&tx, &operator, "hash", now()).await.unwrap();
        assert!(accounts::by_id(&tx, operator.id, now()).await.unwrap().is_some());
        drop(tx);
        assert_eq!(accounts::by_id(&test.db, operator.id, now()).await.unwrap(), None);
        assert_eq!(db::revision(&test.db).await.unwrap(), before);
    }
}

#[tokio::test]
async fn a_block_holds_from_its_moment_until_it_ends() {
    for test in databases::both().await {
        let operator = operator();
        let [made, blocked, freed] = [0, 10, 20].map(|seconds| now() + jiff::SignedDuration::from_secs(seconds));
        let tx = test.db.begin().await.unwrap();
        accounts::create(&tx, &operator, "hash", made).await.unwrap();
        assert!(accounts::block(&tx, operator.id, "lost phone", blocked).await.unwrap());
        assert!(!accounts::block(&tx, operator.id, "again", blocked).await.unwrap());
        assert!(accounts::unblock(&tx, operator.id, freed).await.unwrap());
        tx.commit().await.unwrap();
        for (at, expected) in [(made, false), (blocked, true), (freed, false)] {
            let account = accounts::by_login(&test.db, &operator.login, at).await.unwrap().unwrap();
            assert_eq!(account.blocked, expected, "{at}");
        }
    }
}

#[tokio::test]
async fn writers_come_one_after_another_and_none_is_lost() {
    for test in databases::both().await {
        let before = db::revision(&test.db).await.unwrap();
        let writers = (0..20).map(|_| {
            let db = test.db.clone();
            tokio::spawn(async move {
                let tx = db.begin().await.unwrap();
                tx.touch().await.unwrap();
                tx.commit().await.unwrap();
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        assert_eq!(db::revision(&test.db).await.unwrap(), before + 20);
    }
}

#[tokio::test]
async fn a_second_opening_finds_the_schema_up_to_date() {
    for test in databases::both().await {
        let again = db::Db::open(&test.url).await.unwrap();
        assert_eq!(db::revision(&again).await.unwrap(), 0);
    }
    assert!(matches!(db::Db::open("mysql://nowhere").await, Err(db::DbError::Address)));
}
