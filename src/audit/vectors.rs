//! What the tree makes of small logs, kept for those who check it in another language: `tests/web/tree.json`, which the tests of the
//! pages read.

use super::{
    checkpoint::Checkpoint,
    note::NoteSigner,
    proof,
    record::{Entry, commitment},
    tree::Hash,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web/tree.json");

/// A private key (RFC 8410 §7) that signs nothing but this: its seed is 32 zero bytes.
const KEY: &str = "MC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const RECORD: &str = r#"{"action":"log_in","actor":null,"at":"2026-09-01T04:00:00Z","details":{"address":"192.0.2.7","name":"Әсел"},"kindergarten":null,"subject":"account:1"}"#;

fn texts(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(Hash::to_string).collect()
}

fn vectors() -> Value {
    let leaves: Vec<Hash> = (0..8).map(|n: usize| Hash::of_leaf(&[u8::try_from(n).unwrap()])).collect();
    let sizes = 0..=leaves.len();
    let roots: Vec<Hash> = sizes.clone().map(|size| proof::root(&leaves[..size])).collect();
    let inclusion = sizes.clone().flat_map(|size| (0..size).map(move |index| (index, size)));
    let inclusion = inclusion.map(|(index, size)| {
        let path = proof::inclusion(&leaves[..size], index).unwrap();
        json!({ "index": index, "size": size, "path": texts(&path) })
    });
    let consistency = sizes.clone().flat_map(|to| (0..=to).map(move |from| (from, to)));
    let consistency = consistency.map(|(from, to)| {
        let path = proof::consistency(&leaves[..to], from).unwrap();
        json!({ "from": from, "to": to, "path": texts(&path) })
    });
    let at: Timestamp = "2026-09-01T04:00:00Z".parse().unwrap();
    let salt = Hash::of(&[b"salt"]).to_string();
    let committed = commitment(&salt, RECORD).unwrap();
    let entry = Entry { position: 0, at, action: "log_in", kindergarten: None, commitment: committed };
    let record = json!({
        "position": 0, "at": at.as_millisecond(), "action": "log_in", "kindergarten": null, "record": RECORD, "salt": salt,
        "commitment": committed.to_string(), "leaf": entry.leaf().to_string(),
    });
    let signer = NoteSigner::new("tereze.example/audit", &BASE64_STANDARD.decode(KEY).unwrap()).unwrap();
    let checkpoint = Checkpoint { origin: signer.key().name().to_owned(), size: 8, root: roots[8] };
    json!({
        "leaves": texts(&leaves),
        "roots": texts(&roots),
        "inclusion": inclusion.collect::<Vec<_>>(),
        "consistency": consistency.collect::<Vec<_>>(),
        "record": record,
        "note": signer.sign(&checkpoint.to_string()),
        "key": signer.key().to_string(),
    })
}

#[test]
fn the_pages_are_tested_with_what_this_tree_makes() {
    let vectors = format!("{}\n", serde_json::to_string(&vectors()).unwrap());
    if std::fs::read_to_string(FILE).unwrap_or_default() != vectors {
        std::fs::write(FILE, vectors).unwrap();
        panic!("{FILE} was not what the tree makes; it has been written anew: look at what changed");
    }
}
