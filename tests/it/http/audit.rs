//! The audit records and their proofs, as a page that trusts nobody gets them.

use super::{
    elsewhere::{MARAT, OTHER},
    people::{ASEL, GULNAR, SAULE, TIMUR, ZARINA},
};
use crate::world::{
    api::{Visitor, eventually},
    databases,
    gateway::Gateway,
    offer::Player,
};
use serde_json::{Value, json};
use tereze::{
    args,
    audit::{
        self,
        checkpoint::Checkpoint,
        note::NoteKey,
        proof::{continues, includes},
        tree::Hash,
    },
    db::Queries,
};

/// Somebody who looks at the records.
struct Reader {
    visitor: Visitor,
    kindergarten: String,
}

impl Reader {
    async fn of(gateway: &Gateway, login: &str) -> Self {
        let visitor = Visitor::log_in(gateway, login).await;
        let kindergarten = visitor.me().await["kindergartens"][0]["id"].as_str().unwrap().to_owned();
        Self { visitor, kindergarten }
    }

    fn address(&self, what: &str, more: &str) -> String {
        format!("/api/v1/audit/{what}?kindergarten={}{more}", self.kindergarten)
    }

    async fn look(&self, what: &str, more: &str) -> Value {
        self.visitor.get(&self.address(what, more)).await.ok(200).json()
    }

    /// The newest checkpoint, once it covers `size` records.
    async fn checkpoint(&self, size: u64) -> Checkpoint {
        eventually("a checkpoint", || async {
            let signed = self.look("checkpoint", "").await;
            let key: NoteKey = signed["key"].as_str().unwrap().parse().unwrap();
            let checkpoint = Checkpoint::open(signed["note"].as_str().unwrap(), &[key]).unwrap();
            (checkpoint.size >= size).then_some(checkpoint)
        })
        .await
    }
}

fn hashes(path: &Value) -> Vec<Hash> {
    path.as_array().unwrap().iter().map(|hash| hash.as_str().unwrap().parse().unwrap()).collect()
}

/// The hash of the leaf of a record that is proven, as somebody would make it who has only src/audit/README.md.
fn leaf(proof: &Value) -> Hash {
    let text = |name: &str| proof[name].as_str().unwrap().to_owned();
    let entry = format!(
        "tereze audit record 1\n{}\n{}\n{}\n{}\n{}\n",
        proof["position"],
        proof["at"],
        text("action"),
        text("kindergarten"),
        text("commitment")
    );
    Hash::of_leaf(entry.as_bytes())
}

async fn every_record_is_proven_on(gateway: Gateway) {
    let director = Reader::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    Player::of(&gateway, &asel).await.open(&asel.camera("Ойын бөлмесі").await).await;
    let size = audit::state(gateway.db()).await.unwrap().size;
    let first = director.checkpoint(size).await;

    let page = director.look("records", "").await;
    let records = page["records"].as_array().unwrap();
    assert_eq!((&records[0]["action"], &records[0]["name"]), (&json!("viewing_started"), &json!("Әсел Қасымова")));
    assert_eq!(records[0]["details"]["address"], "127.0.0.…", "the list tells the network");
    let positions: Vec<String> = records.iter().map(|record| record["position"].to_string()).collect();
    let query = format!("&positions={}&size={}", positions.join(","), first.size);
    let proven = director.look("proofs/inclusion", &query).await;
    let proofs = proven["proofs"].as_array().unwrap();
    assert_eq!(proofs.len(), records.len());
    for (record, proof) in records.iter().zip(proofs) {
        assert_eq!(record["position"], proof["position"]);
        let salt: Hash = proof["salt"].as_str().unwrap().parse().unwrap();
        let committed = Hash::of(&[salt.bytes(), proof["record"].as_str().unwrap().as_bytes()]);
        assert_eq!(proof["commitment"], committed.to_string());
        let position = proof["position"].as_u64().unwrap();
        assert!(includes(leaf(proof), position, first.size, &hashes(&proof["path"]), first.root), "{proof}");
    }

    // The log goes on, and continues what was signed before.
    Visitor::log_in(&gateway, ZARINA).await;
    let second = director.checkpoint(first.size + 1).await;
    let query = format!("&from={}&to={}", first.size, second.size);
    let path = hashes(&director.look("proofs/consistency", &query).await["path"]);
    assert!(continues((first.size, first.root), (second.size, second.root), &path));
    gateway.stop().await;
}

#[tokio::test]
async fn every_record_is_proven_to_stand_in_the_signed_log() {
    every_record_is_proven_on(Gateway::start().await).await;
}

#[tokio::test]
async fn every_record_is_proven_on_postgresql_as_well() {
    let database = databases::postgres().await;
    every_record_is_proven_on(Gateway::start_on(&database.url).await).await;
}

#[tokio::test]
async fn records_come_a_page_at_a_time_and_are_found_by_action_person_and_day() {
    let gateway = Gateway::start().await;
    let director = Reader::of(&gateway, GULNAR).await;
    let asel = Visitor::log_in(&gateway, ASEL).await;
    let account = asel.me().await["account"]["id"].as_str().unwrap().to_owned();
    let count = |page: &Value| page["records"].as_array().unwrap().len();
    let (mut told, mut before) = (0, String::new());
    let all: Option<(i64,)> =
        gateway.db().row("select count(*) from audit_records where kindergarten_id is not null", args![]).await.unwrap();
    loop {
        let page = director.look("records", &before).await;
        told += count(&page);
        match page["next"].as_u64() {
            Some(next) => before = format!("&before={next}"),
            None => break,
        }
    }
    assert_eq!(told as i64, all.unwrap().0);
    assert_eq!(count(&director.look("records", &format!("&account={account}")).await), 1);
    let log_ins = director.look("records", "&action=log_in").await;
    assert_eq!(count(&log_ins), 2);
    assert!(log_ins["records"].as_array().unwrap().iter().all(|record| record["action"] == "log_in"));
    assert_eq!(count(&director.look("records", "&to=2026-11-22").await), 0);
    director.visitor.get(&director.address("records", "&action=nothing")).await.refused(400, "bad_request");
    gateway.stop().await;
}

#[tokio::test]
async fn an_erased_record_says_so_and_keeps_its_place() {
    let gateway = Gateway::start().await;
    let director = Reader::of(&gateway, GULNAR).await;
    Visitor::log_in(&gateway, ASEL).await;
    let page = director.look("records", "&action=log_in").await;
    let position = page["records"][0]["position"].as_u64().unwrap();
    let tx = gateway.db().begin().await.unwrap();
    let told = audit::erase(&tx, position, None, "asked for", gateway.clock.now()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let erased = director.look("records", "&action=log_in").await["records"][0].clone();
    assert_eq!((&erased["erased_by"], &erased["name"], &erased["details"]), (&json!(told), &Value::Null, &Value::Null));
    let checkpoint = director.checkpoint(told + 1).await;
    let proven = director.look("proofs/inclusion", &format!("&positions={position}&size={}", checkpoint.size)).await;
    let proof = &proven["proofs"][0];
    assert_eq!((&proof["record"], &proof["salt"], &proof["erased_by"]), (&Value::Null, &Value::Null, &json!(told)));
    assert!(includes(leaf(proof), position, checkpoint.size, &hashes(&proof["path"]), checkpoint.root));
    gateway.stop().await;
}

#[tokio::test]
async fn only_the_director_and_an_assigned_inspector_read_the_records_of_a_kindergarten() {
    let mut gateway = Gateway::start().await;
    gateway.add(OTHER).await;
    let director = Reader::of(&gateway, GULNAR).await;
    let looks = [
        ("records", ""),
        ("records.csv", ""),
        ("checkpoint", ""),
        ("proofs/consistency", "&from=1&to=2"),
        ("proofs/inclusion", "&positions=0&size=1"),
    ];
    for login in [ASEL, ZARINA, TIMUR, MARAT] {
        let visitor = Visitor::log_in(&gateway, login).await;
        for (what, more) in looks {
            visitor.get(&director.address(what, more)).await.refused(403, "not_yours");
        }
    }
    for (what, more) in looks {
        Visitor::stranger(&gateway).get(&director.address(what, more)).await.refused(401, "not_logged_in");
    }
    let inspector = Reader::of(&gateway, SAULE).await;
    assert!(!inspector.look("records", "").await["records"].as_array().unwrap().is_empty());

    // Another kindergarten's record, the server's own, and one that is not there look the same.
    let marat = Reader::of(&gateway, MARAT).await;
    let theirs = marat.look("records", "").await["records"][0]["position"].clone();
    for position in [theirs, json!(0), json!(1_000_000)] {
        let query = format!("&positions={position}&size=1");
        director.visitor.get(&director.address("proofs/inclusion", &query)).await.refused(403, "not_yours");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn what_cannot_be_proven_is_refused() {
    let gateway = Gateway::start().await;
    let director = Reader::of(&gateway, GULNAR).await;
    let mine = director.look("records", "").await["records"][0]["position"].as_u64().unwrap();
    let many = vec![mine.to_string(); 101].join(",");
    for (what, more) in [
        ("proofs/consistency", "&from=3&to=2".to_owned()),
        ("proofs/consistency", "&from=1&to=1000000".to_owned()),
        ("proofs/inclusion", format!("&positions={mine}&size={mine}")),
        ("proofs/inclusion", format!("&positions={mine}&size=1000000")),
        ("proofs/inclusion", format!("&positions={many}&size={}", mine + 1)),
        ("proofs/inclusion", format!("&positions=first&size={}", mine + 1)),
    ] {
        director.visitor.get(&director.address(what, &more)).await.refused(400, "bad_field");
    }
    director.visitor.get(&director.address("proofs/consistency", "&from=-1&to=2")).await.refused(400, "bad_request");

    gateway.db().execute("delete from audit_records where position = 1", args![]).await.unwrap();
    director.visitor.get(&director.address("proofs/consistency", "&from=2&to=3")).await.refused(409, "log_damaged");
    gateway.stop().await;
}

#[tokio::test]
async fn the_records_leave_as_a_table_in_words() {
    let gateway = Gateway::start().await;
    let director = Reader::of(&gateway, GULNAR).await;
    let answer = director.visitor.get(&director.address("records.csv", "&action=log_in")).await.ok(200);
    let lines: Vec<&str> = answer.body.lines().collect();
    assert!(lines[0].starts_with("\u{feff}\"№\";\"Уақыты\";\"Кім\""), "{}", lines[0]);
    assert!(lines[1].contains("\"2026-11-23 10:31:00\";\"Гүлнар Сапарова\";\"Директор\";\"Жүйеге кірді\""), "{}", lines[1]);
    assert!(lines[1].contains("127.0.0.…"), "{}", lines[1]);
    assert_eq!(director.look("records", "&action=exported").await["records"].as_array().unwrap().len(), 1);
    gateway.stop().await;
}
