//! View tokens, and every known way to forge one. Each attack is made with as much as an attacker could have.

use crate::world::databases;
use aws_lc_rs::{
    hmac,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tereze::{
    args,
    auth::{
        TokenError, TokenKeys,
        token::{IssueError, TrustedIssuer, Verified},
    },
    db::Db,
    id::{AccountId, GroupId, KindergartenId, LoginId},
    keyring::{self, Purpose},
    model::{Account, Language, Role, Window},
    policy::{TokenGrant, TokenSubject},
    secret::Secrets,
};

const ISSUER: &str = "https://tereze.example";

fn now() -> Timestamp {
    "2026-09-01T04:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn secrets() -> Secrets {
    Secrets::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap()
}

async fn keys(db: &Db) -> TokenKeys {
    TokenKeys::load(db, &secrets(), ISSUER, Vec::new(), now()).await.unwrap()
}

fn parent() -> Account {
    Account {
        id: AccountId::new(now()),
        login: "+77011234567".to_owned(),
        name: "Әсел".to_owned(),
        role: Role::Parent,
        kindergarten: None,
        language: Language::Kazakh,
        blocked: false,
    }
}

/// The group from an hour ago until in `seconds`.
fn grant(group: GroupId, seconds: i64) -> TokenGrant {
    TokenGrant { subject: TokenSubject::Group(group), windows: vec![Window { start: later(-3600), end: later(seconds) }] }
}

fn code(verified: Result<Verified, TokenError>) -> &'static str {
    verified.map_or_else(|error| error.code().expect("no database failed"), |_| "it was taken")
}

/// A token in the making: what it says, and the key that signs it.
struct Forge {
    header: Value,
    claims: Value,
    pair: Ed25519KeyPair,
}

impl Forge {
    /// A token as ours, with our own key: an attacker has less, and each test takes one thing away.
    async fn ours(db: &Db) -> Self {
        let key = keyring::all(db, Purpose::ViewToken).await.unwrap().remove(0);
        let pair = Ed25519KeyPair::from_pkcs8(&key.private(&secrets()).unwrap()).unwrap();
        let seconds = now().as_second();
        let claims = json!({
            "iss": ISSUER, "aud": "tereze:view", "sub": AccountId::new(now()), "jti": "one", "sid": LoginId::new(now()),
            "iat": seconds, "nbf": seconds, "exp": seconds + 600,
            "grants": [{ "group": GroupId::new(now()), "windows": [[seconds, seconds + 3600]] }],
        });
        Self { header: json!({ "alg": "EdDSA", "typ": "tereze-view+jwt", "kid": key.id }), claims, pair }
    }

    fn with(&mut self, part: &str, value: Value) -> &mut Self {
        let (place, name) = part.split_once('.').unwrap();
        let object = if place == "header" { &mut self.header } else { &mut self.claims };
        match value {
            Value::Null => drop(object.as_object_mut().unwrap().remove(name)),
            value => object[name] = value,
        }
        self
    }

    fn body(&self) -> String {
        format!("{}.{}", BASE64.encode(self.header.to_string()), BASE64.encode(self.claims.to_string()))
    }

    fn token(&self) -> String {
        let body = self.body();
        format!("{body}.{}", BASE64.encode(self.pair.sign(body.as_bytes())))
    }
}

#[tokio::test]
async fn a_token_says_what_was_granted_and_ends_with_the_last_window_or_in_ten_minutes() {
    for databases::Database { db, .. } in &databases::both().await {
        let (keys, account, login, group) = (keys(db).await, parent(), LoginId::new(now()), GroupId::new(now()));
        for (window, life) in [(3600, 600), (240, 240)] {
            let issued = keys.issue(&account, login, &[grant(group, window)], now()).unwrap();
            assert_eq!(issued.expires_at, later(life));
            let verified = keys.verify(&issued.token, later(1)).await.unwrap();
            assert_eq!((verified.account, verified.login), (account.id, Some(login)));
            assert_eq!(verified.scope.grants, vec![grant(group, window)]);
            assert_eq!(verified.scope.expires_at, later(life));
            assert_eq!(code(keys.verify(&issued.token, later(life)).await), "token_expired");
        }
    }
}

#[tokio::test]
async fn nothing_granted_is_no_token_and_too_much_does_not_fit() {
    let database = databases::sqlite().await;
    let (keys, login) = (keys(&database.db).await, LoginId::new(now()));
    let issue = |grants: &[TokenGrant]| keys.issue(&parent(), login, grants, now()).map(|issued| issued.token.len());
    assert_eq!(issue(&[]), Err(IssueError::Nothing));
    assert_eq!(issue(&[grant(GroupId::new(now()), 0)]), Err(IssueError::Nothing));
    let grants: Vec<TokenGrant> = (0..200).map(|_| grant(GroupId::new(now()), 60)).collect();
    assert!(issue(&grants[..50]).unwrap() <= 8192);
    assert_eq!(issue(&grants), Err(IssueError::TooLong));
}

#[tokio::test]
async fn the_forge_makes_a_good_token_when_nothing_is_wrong_with_it() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    let forge = Forge::ours(&database.db).await;
    assert!(keys.verify(&forge.token(), now()).await.is_ok(), "else the attacks prove nothing");
}

#[tokio::test]
async fn a_token_with_one_thing_wrong_opens_nothing_even_when_our_key_signed_it() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    let seconds = now().as_second();
    let id = |id: &dyn std::fmt::Display| json!(id.to_string());
    let wrongs = [
        ("header.alg", json!("none")),
        ("header.alg", json!("HS256")),
        ("header.alg", json!("Ed25519")),
        ("header.typ", json!("JWT")),
        ("header.typ", Value::Null),
        ("header.kid", json!("another")),
        ("header.kid", Value::Null),
        ("header.crit", json!(["exp"])),
        ("header.jku", json!("https://attacker.example/jwks.json")),
        ("header.jwk", json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })),
        ("claims.iss", json!("https://tereze.exemple")),
        ("claims.iss", json!([ISSUER])),
        ("claims.iss", Value::Null),
        ("claims.aud", json!("tereze:api")),
        ("claims.aud", json!(["tereze:view", "tereze:api"])),
        ("claims.aud", Value::Null),
        ("claims.sub", json!("an account")),
        ("claims.sub", Value::Null),
        ("claims.sid", Value::Null),
        ("claims.sid", json!("")),
        ("claims.jti", Value::Null),
        ("claims.iat", Value::Null),
        ("claims.nbf", Value::Null),
        ("claims.exp", Value::Null),
        ("claims.exp", json!((seconds + 600).to_string())),
        ("claims.exp", json!(seconds + 601)),
        ("claims.exp", json!(9e18)),
        ("claims.iat", json!(seconds - 1)),
        ("claims.iat", json!(i64::MIN)),
        ("claims.admin", json!(true)),
        ("claims.grants", Value::Null),
        ("claims.grants", json!([{ "windows": [[0, 1]] }])),
        ("claims.grants", json!([{ "group": "all", "windows": [[0, 1]] }])),
        ("claims.grants", json!([{ "camera": id(&GroupId::new(now())), "windows": [[0, 1]] }])),
        (
            "claims.grants",
            json!([{ "group": id(&GroupId::new(now())), "kindergarten": id(&KindergartenId::new(now())), "windows": [] }]),
        ),
    ];
    for (part, value) in wrongs {
        let mut forge = Forge::ours(&database.db).await;
        let token = forge.with(part, value.clone()).token();
        assert_eq!(code(keys.verify(&token, now()).await), "token_invalid", "{part} = {value}");
    }
}

#[tokio::test]
async fn a_token_for_later_opens_nothing_yet() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    let mut forge = Forge::ours(&database.db).await;
    let token = forge.with("claims.nbf", json!(now().as_second() + 60)).token();
    assert_eq!(code(keys.verify(&token, now()).await), "token_not_yet_valid");
    assert!(keys.verify(&token, later(60)).await.is_ok());
    let seconds = now().as_second() + 60;
    let token = forge.with("claims.iat", json!(seconds)).with("claims.exp", json!(seconds + 600)).token();
    assert_eq!(code(keys.verify(&token, now()).await), "token_not_yet_valid", "no life is longer than ten minutes from now");
}

#[tokio::test]
async fn a_token_of_another_key_opens_nothing_whatever_it_calls_itself() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    let mut forge = Forge::ours(&database.db).await;
    forge.pair = Ed25519KeyPair::generate().unwrap();
    assert_eq!(code(keys.verify(&forge.token(), now()).await), "token_invalid");
    // The key goes along in the header, as RFC 7515 §4.1.3 has it: it proves nothing but that its owner has it.
    let x = BASE64.encode(forge.pair.public_key().as_ref());
    forge.with("header.jwk", json!({ "kty": "OKP", "crv": "Ed25519", "x": x }));
    assert_eq!(code(keys.verify(&forge.token(), now()).await), "token_invalid");
}

#[tokio::test]
async fn the_public_key_is_no_secret_to_sign_with() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    let mut forge = Forge::ours(&database.db).await;
    forge.with("header.alg", json!("HS256"));
    let public = forge.pair.public_key().as_ref().to_vec();
    let x = BASE64.encode(&public).into_bytes();
    for secret in [public, x, keys.jwks(now()).to_string().into_bytes()] {
        let body = forge.body();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), body.as_bytes());
        let token = format!("{body}.{}", BASE64.encode(tag));
        assert_eq!(code(keys.verify(&token, now()).await), "token_invalid");
    }
}

#[tokio::test]
async fn a_token_without_a_signature_opens_nothing() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    let mut forge = Forge::ours(&database.db).await;
    let honest = forge.body();
    let none = forge.with("header.alg", json!("none")).body();
    for token in [format!("{none}."), none, format!("{honest}."), honest] {
        assert_eq!(code(keys.verify(&token, now()).await), "token_invalid");
    }
}

#[tokio::test]
async fn no_altered_character_of_a_token_goes_unseen() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    let token = Forge::ours(&database.db).await.token();
    for at in 0..token.len() {
        let mut altered = token.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        assert!(keys.verify(&altered, now()).await.is_err(), "character {at}");
    }
}

#[tokio::test]
async fn what_is_no_token_is_refused_without_looking_far() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    assert_eq!(code(keys.verify("", now()).await), "token_missing");
    let token = Forge::ours(&database.db).await.token();
    for text in [".", "..", "...", "a.b.c", "Bearer x", &format!("{token}.x"), &format!("{token}="), &"x".repeat(8193), "\u{0}"] {
        assert_eq!(code(keys.verify(text, now()).await), "token_invalid");
    }
}

#[tokio::test]
async fn a_claim_that_stands_twice_is_refused() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    let forge = Forge::ours(&database.db).await;
    for (name, value) in
        [("sub", json!(AccountId::new(now()))), ("exp", json!(now().as_second() + 600)), ("aud", json!("tereze:view"))]
    {
        let claims = forge.claims.to_string().replacen('{', &format!("{{\"{name}\":{value},"), 1);
        let body = format!("{}.{}", BASE64.encode(forge.header.to_string()), BASE64.encode(claims));
        let token = format!("{body}.{}", BASE64.encode(forge.pair.sign(body.as_bytes())));
        assert_eq!(code(keys.verify(&token, now()).await), "token_invalid", "{name}");
    }
}

#[tokio::test]
async fn after_a_rotation_old_tokens_are_good_until_they_expire_and_new_ones_have_the_new_key() {
    for databases::Database { db, .. } in &databases::both().await {
        let (keys, account, login) = (keys(db).await, parent(), LoginId::new(now()));
        let grants = [grant(GroupId::new(now()), 7200)];
        let kids = |at| keys.jwks(at)["keys"].as_array().unwrap().iter().map(|key| key["kid"].to_string()).collect::<Vec<_>>();
        let old = keys.issue(&account, login, &grants, now()).unwrap().token;
        let before = tereze::db::revision(db).await.unwrap();
        let id = TokenKeys::rotate(db, &secrets(), None, now()).await.unwrap();
        assert!(tereze::db::revision(db).await.unwrap() > before, "a server that runs must hear of it");
        keys.reload(now()).await.unwrap();
        assert_eq!(kids(now()).len(), 2);

        // Until every node knows the new key, the old one goes on signing.
        let last = keys.issue(&account, login, &grants, later(1)).unwrap().token;
        let new = keys.issue(&account, login, &grants, later(2)).unwrap().token;
        let kid = |token: &str| {
            let header: Value = serde_json::from_slice(&BASE64.decode(token.split('.').next().unwrap()).unwrap()).unwrap();
            header["kid"].as_str().unwrap().to_owned()
        };
        assert_eq!(kid(&old), kid(&last));
        assert_eq!(kid(&new), id);
        for token in [&old, &last, &new] {
            assert!(keys.verify(token, later(599)).await.is_ok());
        }
        assert_eq!(code(keys.verify(&last, later(601)).await), "token_expired");
        assert_eq!(kids(later(602)), [format!("\"{id}\"")], "the old key is gone when nothing can need it");
        assert_eq!(code(keys.verify(&last, later(602)).await), "token_invalid");
    }
}

#[tokio::test]
async fn the_key_set_has_public_keys_only_and_none_is_readable_in_the_database() {
    let database = databases::sqlite().await;
    let keys = keys(&database.db).await;
    let key = &keys.jwks(now())["keys"][0];
    let mut members: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!((key["kty"].as_str(), key["crv"].as_str(), key["alg"].as_str()), (Some("OKP"), Some("Ed25519"), Some("EdDSA")));
    let stranger = Secrets::from_base64("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap();
    assert!(TokenKeys::load(&database.db, &stranger, ISSUER, Vec::new(), now()).await.is_err());
}

/// A city portal that is trusted for the kindergarten `balapan`, which has one group, and knows one parent; and another kindergarten.
struct City {
    keys: TokenKeys,
    forge: Forge,
    parent: AccountId,
    ours: GroupId,
    theirs: GroupId,
}

async fn city(db: &Db) -> City {
    let [ours, theirs] = [GroupId::new(now()), GroupId::new(now())];
    for (group, key) in [(ours, "balapan"), (theirs, "kunshuak")] {
        let kindergarten = KindergartenId::new(now());
        db.execute(
            "insert into kindergartens (id, key, name, zone, languages, streams_per_account, viewers_per_camera, created_at)
             values ($1, $2, $2, 'Asia/Almaty', 'kk', 1, 100, 0)",
            args![kindergarten, key],
        )
        .await
        .unwrap();
        let sql = "insert into groups (id, kindergarten_id, key, name, created_at) values ($1, $2, 'g', 'g', 0)";
        db.execute(sql, args![group, kindergarten]).await.unwrap();
    }
    let parent = AccountId::new(now());
    for (account, role, external) in [(parent, "parent", "city/17"), (AccountId::new(now()), "director", "city/1")] {
        let sql =
            "insert into accounts (id, login, name, role, language, external_id, created_at) values ($1, $2, 'a', $3, 'kk', $2, 0)";
        db.execute(sql, args![account, external, role]).await.unwrap();
    }
    let pair = Ed25519KeyPair::generate().unwrap();
    let x = BASE64.encode(pair.public_key().as_ref());
    let jwks = json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": "city-1" }] }).to_string();
    let trusted = TrustedIssuer::new("city", &jwks, vec!["balapan".to_owned()]).unwrap();
    let keys = TokenKeys::load(db, &secrets(), ISSUER, vec![trusted], now()).await.unwrap();
    let mut forge = Forge { pair, ..Forge::ours(db).await };
    forge.with("header.kid", json!("city-1")).with("claims.iss", json!("city")).with("claims.sub", json!("17"));
    let lines: Vec<Value> = [ours, theirs].iter().map(|group| json!({ "group": group, "windows": [[0, 1]] })).collect();
    forge.with("claims.sid", Value::Null).with("claims.grants", json!(lines));
    City { keys, forge, parent, ours, theirs }
}

#[tokio::test]
async fn a_trusted_issuer_speaks_for_its_parents_in_the_kindergartens_named() {
    for databases::Database { db, .. } in &databases::both().await {
        let city = city(db).await;
        let verified = city.keys.verify(&city.forge.token(), now()).await.unwrap();
        assert_eq!((verified.account, verified.login), (city.parent, None));
        let subjects: Vec<TokenSubject> = verified.scope.grants.iter().map(|grant| grant.subject).collect();
        assert_eq!(subjects, [TokenSubject::Group(city.ours)], "not for {}", city.theirs);
        assert_eq!(city.keys.jwks(now())["keys"].as_array().unwrap().len(), 1, "its keys are not ours to publish");
    }
}

#[tokio::test]
async fn a_trusted_issuer_cannot_speak_for_others_nor_as_us() {
    let database = databases::sqlite().await;
    let mut city = city(&database.db).await;
    let ours = Forge::ours(&database.db).await;
    let wrongs = [
        ("claims.sub", json!("18")),
        ("claims.sub", json!("1")),
        ("claims.iss", json!(ISSUER)),
        ("claims.iss", json!("another")),
        ("claims.sid", json!(LoginId::new(now()))),
        ("header.kid", ours.header["kid"].clone()),
    ];
    for (part, value) in wrongs {
        let (header, claims) = (city.forge.header.clone(), city.forge.claims.clone());
        let token = city.forge.with(part, value.clone()).token();
        assert_eq!(code(city.keys.verify(&token, now()).await), "token_invalid", "{part} = {value}");
        (city.forge.header, city.forge.claims) = (header, claims);
    }
    let mut ours = Forge { claims: city.forge.claims.clone(), ..ours };
    assert_eq!(code(city.keys.verify(&ours.token(), now()).await), "token_invalid", "our key, their name");
    let token = ours.with("header.kid", json!("city-1")).token();
    assert_eq!(code(city.keys.verify(&token, now()).await), "token_invalid", "our key under their id");
}
