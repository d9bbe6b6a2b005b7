//! `site.toml`, from the file to the policy's answer, on both engines.

mod again;

use crate::world::databases::{self, Database};
use jiff::{SignedDuration, Timestamp, civil::date};
use std::{fs, path::PathBuf};
use tempfile::TempDir;
use tereze::{
    apply::{ApplyError, Mode, apply},
    args,
    clock::Clock,
    db::{self, Queries, accounts, cameras, site},
    id::{AccountId, KindergartenId},
    media::Transport,
    model::{Role, Site},
    secret::Secrets,
};

const SITE: &str = r#"
[[kindergarten]]
key = "balbobek"
name = "Балбөбек"
zone = "Asia/Almaty"
hours = { weekdays = ["08:00-12:30", "15:00-18:00"], saturday = ["09:00-11:00"] }

[[kindergarten.group]]
key = "sun"
name = "Күн"

[[kindergarten.group]]
key = "moon"
name = "Ай"
hours = { every_day = ["10:00-11:00"] }

[[kindergarten.camera]]
key = "room"
name = "Ойын бөлмесі"
group = "sun"
main = "rtsp://admin:p%40ss@10.0.0.7/main"
sub = "rtsp://admin:p%40ss@10.0.0.7/sub"
transport = "udp"

[[kindergarten.camera]]
key = "yard"
name = "Аула"
main = "rtsp://10.0.0.8/main"

[[kindergarten.account]]
key = "asel"
login = "8 (701) 123-45-67"
name = "Әсел Қасымова"
role = "parent"
password = "correct horse"

[[kindergarten.account]]
key = "saule"
login = "Saule@Inspection.example"
name = "Сәуле Нұрланова"
role = "inspector"

[[kindergarten.child]]
key = "amina"
name = "Әмина"
group = "sun"
from = 2026-09-01
guardians = [{ account = "asel", to = 2026-11-27 }]

[[kindergarten.inspector]]
account = "saule"
from = 2026-11-20
to = 2026-11-25

[[kindergarten.exception]]
date = 2026-12-16
hours = []
reason = "Тәуелсіздік күні"

[[kindergarten.pause]]
group = "sun"
from = 2026-11-23T10:00:00
until = 2026-11-23T11:00:00
reason = "Дәрігер"
"#;

struct World {
    test: Database,
    folder: TempDir,
    secrets: Secrets,
    clock: Clock,
}

impl World {
    fn new(test: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::from_file(&folder.path().join("key")).unwrap();
        Self { test, folder, secrets, clock: Clock::held("2026-11-23T03:00:00Z".parse().unwrap()) }
    }

    async fn both() -> [Self; 2] {
        databases::both().await.map(Self::new)
    }

    fn write(&self, text: &str) -> PathBuf {
        let path = self.folder.path().join("site.toml");
        fs::write(&path, text).unwrap();
        path
    }

    async fn try_apply(&self, text: &str, mode: Mode) -> Result<Vec<String>, ApplyError> {
        apply(&self.test.db, &self.secrets, &self.clock, &self.write(text), mode).await
    }

    async fn apply(&self, text: &str) -> Vec<String> {
        self.try_apply(text, Mode::Perform).await.unwrap()
    }

    async fn fails(&self, text: &str) -> String {
        let error = self.try_apply(text, Mode::Perform).await.unwrap_err().to_string();
        error.replace(&self.folder.path().display().to_string(), "")
    }

    async fn site_at(&self, at: Timestamp) -> Option<Site> {
        let ids: Vec<(KindergartenId,)> = self.test.db.rows("select id from kindergartens", args![]).await.unwrap();
        site::load(&self.test.db, ids.first()?.0, at).await.unwrap()
    }

    async fn site(&self) -> Site {
        self.site_at(self.clock.now()).await.unwrap()
    }

    /// The key of the group that was made in the console.
    async fn own_group(&self) -> String {
        self.test.text("select key from groups where key like '@%'").await
    }

    async fn records(&self) -> i64 {
        self.test.db.row::<(i64,)>("select count(*) from audit_records", args![]).await.unwrap().unwrap().0
    }

    async fn account(&self, login: &str) -> Option<AccountId> {
        accounts::by_login(&self.test.db, login, self.clock.now()).await.unwrap().map(|account| account.id)
    }
}

#[tokio::test]
async fn a_file_becomes_the_kindergarten_that_it_declares() {
    for world in World::both().await {
        let lines = world.apply(SITE).await;
        assert!(lines.contains(&"balbobek: + child amina is in group sun from 2026-09-01".to_owned()), "{lines:#?}");
        let site = world.site().await;
        assert_eq!(site.kindergarten.name, "Балбөбек");
        assert_eq!(site.groups.iter().map(|group| &*group.name).collect::<Vec<_>>(), ["Күн", "Ай"], "in the order of the file");
        assert_eq!(site.cameras.iter().map(|camera| camera.group).collect::<Vec<_>>(), [Some(site.groups[0].id), None]);
        assert_eq!(site.hours.len(), 5 * 2 + 1 + 7);
        assert_eq!(site.enrolments[0].from, date(2026, 9, 1));
        assert_eq!(site.guardianships[0].to, Some(date(2026, 11, 27)));
        assert!(site.exceptions[0].spans.is_empty());
        assert_eq!(site.pauses[0].from, "2026-11-23T05:00:00Z".parse().unwrap());

        let parent = accounts::by_login(&world.test.db, "+77011234567", world.clock.now()).await.unwrap().unwrap();
        assert_eq!((parent.role, parent.kindergarten), (Role::Parent, None));
        assert_eq!(site.guardianships[0].account, parent.id);
        assert_eq!(accounts::kindergartens(&world.test.db, &parent, world.clock.now()).await.unwrap(), [site.kindergarten.id]);
        assert!(world.account("saule@inspection.example").await.is_some());
    }
}

#[tokio::test]
async fn credentials_in_an_address_are_split_off_and_kept_sealed() {
    for world in World::both().await {
        world.apply(SITE).await;
        let sources = cameras::sources(&world.test.db, &world.secrets).await.unwrap();
        let room = sources.iter().find(|source| source.transport == Transport::Udp).unwrap();
        assert_eq!(room.main.as_str(), "rtsp://10.0.0.7/main");
        let credentials = room.credentials.as_ref().unwrap();
        assert_eq!((&*credentials.username, &*credentials.password), ("admin", "p@ss"));
        let stored: Vec<(String,)> = world.test.db.rows("select source from cameras", args![]).await.unwrap();
        assert!(stored.iter().all(|(sealed,)| !sealed.contains("10.0.0")));
        let records: Vec<(String,)> = world.test.db.rows("select record from audit_records", args![]).await.unwrap();
        let leaked =
            records.iter().find(|(record,)| record.contains("10.0.0") || record.contains("p@ss") || record.contains("argon2"));
        assert_eq!(leaked, None);
    }
}

#[tokio::test]
async fn the_same_file_again_is_nothing_to_do() {
    for world in World::both().await {
        world.apply(SITE).await;
        let (records, revision) = (world.records().await, db::revision(&world.test.db).await.unwrap());
        assert_eq!(world.apply(SITE).await, Vec::<String>::new());
        assert_eq!((world.records().await, db::revision(&world.test.db).await.unwrap()), (records, revision));
    }
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    for world in World::both().await {
        let shown = world.try_apply(SITE, Mode::DryRun).await.unwrap();
        assert!(world.site_at(world.clock.now()).await.is_none());
        assert_eq!(world.records().await, 0);
        assert_eq!(world.apply(SITE).await, shown);
    }
}

#[tokio::test]
async fn every_step_has_its_audit_record() {
    for world in World::both().await {
        let steps = world.apply(SITE).await.len();
        assert!(world.records().await >= i64::try_from(steps).unwrap());
        let before = world.records().await;
        assert_eq!(world.apply(&SITE.replace("\"Аула\"", "\"Бақша\"")).await, ["balbobek: ~ camera yard (Бақша): name"]);
        assert_eq!(world.records().await, before + 1);
    }
}

#[tokio::test]
async fn a_moved_child_has_an_ended_enrolment_and_a_new_one_and_the_past_stays_as_it_was() {
    for world in World::both().await {
        world.apply(SITE).await;
        let (before, first) = (world.clock.now(), world.site().await);
        world.clock.advance(SignedDuration::from_hours(1));
        let lines = world.apply(&SITE.replace("group = \"sun\"\nfrom = 2026-09-01", "group = \"moon\"\nfrom = 2026-11-23")).await;
        assert_eq!(
            lines,
            ["balbobek: - child amina is in group sun from 2026-09-01", "balbobek: + child amina is in group moon from 2026-11-23",]
        );
        let now = world.site().await;
        assert_eq!((now.children[0].id, now.enrolments.len()), (first.children[0].id, 1));
        assert_eq!(now.enrolments[0].group, now.groups[1].id);
        let then = world.site_at(before).await.unwrap();
        assert_eq!(then.enrolments, first.enrolments);
        assert!(world.site_at(before - SignedDuration::from_secs(1)).await.is_none());
    }
}

#[tokio::test]
async fn what_the_file_no_longer_has_is_removed_and_never_deleted() {
    for world in World::both().await {
        world.apply(SITE).await;
        let before = world.clock.now();
        world.clock.advance(SignedDuration::from_hours(1));
        let start = SITE.find("[[kindergarten.account]]\nkey = \"asel\"").unwrap();
        let end = SITE.find("[[kindergarten.account]]\nkey = \"saule\"").unwrap();
        let without =
            format!("{}{}", &SITE[..start], &SITE[end..]).replace("guardians = [{ account = \"asel\", to = 2026-11-27 }]", "");
        let lines = world.apply(&without).await;
        assert_eq!(lines, ["balbobek: - asel is a guardian of amina to 2026-11-27", "balbobek: - account asel (parent)"]);
        assert_eq!(world.account("+77011234567").await, None);
        assert!(world.site().await.guardianships.is_empty());
        assert!(accounts::by_login(&world.test.db, "+77011234567", before).await.unwrap().is_some());
        assert_eq!(world.site_at(before).await.unwrap().guardianships.len(), 1);
        // The login is free for somebody else.
        world
            .apply(&format!(
                "{without}\n[[kindergarten.account]]\nkey = \"b\"\nlogin = \"+77011234567\"\nname = \"Б\"\nrole = \"parent\"\n"
            ))
            .await;
        assert!(world.account("+77011234567").await.is_some());
    }
}

#[tokio::test]
async fn a_password_is_hashed_anew_only_when_it_differs() {
    for world in World::both().await {
        world.apply(SITE).await;
        let account = world.account("+77011234567").await.unwrap();
        let first = accounts::password_hash(&world.test.db, account).await.unwrap().unwrap();
        assert!(first.starts_with("$argon2id$"));
        world.apply(SITE).await;
        assert_eq!(accounts::password_hash(&world.test.db, account).await.unwrap(), Some(first.clone()));
        let lines = world.apply(&SITE.replace("correct horse", "battery staple")).await;
        assert_eq!(lines, ["balbobek: ~ account asel: password"]);
        assert_ne!(accounts::password_hash(&world.test.db, account).await.unwrap(), Some(first));
        // Without a password in the file the stored one stays.
        assert!(world.apply(&SITE.replace("password = \"correct horse\"", "")).await.is_empty());
    }
}

#[tokio::test]
async fn every_fault_is_named_by_line_and_field_and_nothing_changes() {
    for world in World::both().await {
        world.apply(SITE).await;
        let before = (world.records().await, db::revision(&world.test.db).await.unwrap());
        for (old, new, fault) in [
            ("group = \"sun\"\nmain", "group = \"sky\"\nmain", "kindergarten[0].camera[0].group: no group has the key 'sky'"),
            ("key = \"moon\"", "key = \"sun\"", "kindergarten[0].group[1].key: a second 'sun'"),
            ("08:00-12:30", "08:00-25:30", "kindergarten[0].hours.weekdays[0]: a time of day is 00:00 to 24:00"),
            ("Asia/Almaty", "Asia/Alma-Ata", "kindergarten[0].zone: no time zone of this name; write it like Asia/Almaty"),
            ("8 (701) 123-45-67", "12345", "kindergarten[0].account[0].login: neither a phone number nor an e-mail address"),
            (
                "account = \"asel\"",
                "account = \"nobody\"",
                "kindergarten[0].child[0].guardians[0].account: no account has the key 'nobody'",
            ),
            (
                "account = \"saule\"",
                "account = \"asel\"",
                "kindergarten[0].inspector[0].account: the account 'asel' has not the role 'inspector'",
            ),
            ("\"correct horse\"", "\"short\"", "kindergarten[0].account[0].password: a password has at least 8 characters"),
            ("to = 2026-11-25", "to = 2026-11-19", "kindergarten[0].inspector[0].to: is before 'from'"),
            ("until = 2026-11-23T11:00:00", "until = 2026-11-23T09:00:00", "kindergarten[0].pause[0].until: is not after 'from'"),
            (
                "rtsp://10.0.0.8/main",
                "http://10.0.0.8/main",
                "kindergarten[0].camera[1].main: must be an address like rtsp://10.0.0.7/stream1",
            ),
        ] {
            let text = SITE.replacen(old, new, 1);
            assert_ne!(text, SITE, "{old}");
            let same = text.bytes().zip(SITE.bytes()).take_while(|(new, old)| new == old).count();
            let line = 1 + text.as_bytes()[..same].iter().filter(|byte| **byte == b'\n').count();
            let error = world.fails(&text).await;
            assert!(error.starts_with(&format!("/site.toml:{line}:")) && error.ends_with(fault), "{error}\nis not {line}: {fault}");
        }
        let error = world.fails(&SITE.replace("rtsp://10.0.0.8/main", "secret").replace("\"correct horse\"", "4242")).await;
        assert!(!error.contains("4242") && !error.contains("secret"), "{error}");
        assert_eq!((world.records().await, db::revision(&world.test.db).await.unwrap()), before);
    }
}

#[tokio::test]
async fn another_kindergarten_is_left_alone_and_may_share_its_people() {
    for world in World::both().await {
        world.apply(SITE).await;
        let other = r#"
            [[kindergarten]]
            key = "other"
            name = "Other"
            zone = "Asia/Almaty"
            [[kindergarten.group]]
            key = "sun"
            name = "Sun"
            [[kindergarten.child]]
            key = "amina"
            name = "Ali"
            group = "sun"
            from = 2026-09-01
            guardians = [{ account = "asel" }]
        "#;
        world.apply(other).await;
        assert!(world.apply(SITE).await.is_empty());
        let parent = accounts::by_login(&world.test.db, "+77011234567", world.clock.now()).await.unwrap().unwrap();
        assert_eq!(site::of_account(&world.test.db, &parent, world.clock.now()).await.unwrap().len(), 2);
        let taken =
            format!("{other}\n[[kindergarten.account]]\nkey = \"a\"\nlogin = \"+77011234567\"\nname = \"A\"\nrole = \"parent\"\n");
        assert!(world.fails(&taken).await.ends_with("account[0].login: another account has this login"));
    }
}
