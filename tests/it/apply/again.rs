//! The file is applied again after people have changed things: what it has not changed itself stays as they made it.

use super::{SITE, World};
use jiff::{SignedDuration, civil::date};
use std::collections::BTreeSet;
use tereze::{
    apply::Mode,
    args,
    auth::password,
    db::{Queries, accounts, hours, masks, recording_rules},
    id::{ExceptionId, GroupId},
    model::{Area, Exception, RecordedQuality, RecordingRule, Scope, Watermark},
};

const LOGIN: &str = "+77011234567";

/// Does what a director does to the hours in the console.
async fn console(world: &World) {
    world.clock.advance(SignedDuration::from_mins(1));
    let (site, now) = (world.site().await, world.clock.now());
    let director = world.account("saule@inspection.example").await.unwrap();
    let tx = world.test.db.begin().await.unwrap();
    let sun = Some(site.groups[0].id);
    let own = BTreeSet::from([(1, "09:00-10:00".parse().unwrap())]);
    hours::set_week(&tx, site.kindergarten.id, sun, &own, now).await.unwrap();
    for (group, day) in [(None, date(2026, 12, 16)), (sun, date(2026, 12, 17))] {
        let spans = vec!["10:00-11:00".parse().unwrap()];
        let (id, by) = (ExceptionId::new(now), Some(director));
        let exception = Exception { id, group, date: day, spans, reason: "Ертеңгілік".into(), by };
        hours::except(&tx, site.kindergarten.id, &exception, now).await.unwrap();
    }
    tereze::db::pauses::end(&tx, site.kindergarten.id, site.pauses[0].id, director, now).await.unwrap();
    let hash = password::hash("the parent's own").await.unwrap();
    accounts::set_password(&tx, world.account(LOGIN).await.unwrap(), &hash, now).await.unwrap();
    tx.commit().await.unwrap();
    world.test.tamper("update groups set name = 'Шуақ' where key = 'sun'").await;
    world.test.tamper("update kindergartens set viewers_per_camera = 7").await;
    world.test.tamper("update accounts set language = 'en' where key = 'asel'").await;
    world.clock.advance(SignedDuration::from_mins(1));
}

/// A group that was made in the console, with a child of the file's in it.
async fn moves(world: &World) {
    world.clock.advance(SignedDuration::from_mins(1));
    let (site, now) = (world.site().await, world.clock.now());
    let tx = world.test.db.begin().await.unwrap();
    let id = GroupId::new(now);
    let sql = "insert into groups (id, kindergarten_id, key, name, created_at) values ($1, $2, $3, 'Жұлдыз', $4)";
    tx.execute(sql, args![id, site.kindergarten.id, tereze::console::own_key(id), now]).await.unwrap();
    tx.execute("update enrolments set until = $1 where until is null", args![now]).await.unwrap();
    let sql = "insert into enrolments (id, kindergarten_id, child_id, group_id, first_day, since) values ($1, $2, $3, $4, '2026-11-23', $5)";
    let enrolment = tereze::id::EnrolmentId::new(now);
    tx.execute(sql, args![enrolment, site.kindergarten.id, site.children[0].id, id, now]).await.unwrap();
    tx.touch().await.unwrap();
    tx.commit().await.unwrap();
    world.clock.advance(SignedDuration::from_mins(1));
}

async fn has_password(world: &World, text: &str) -> bool {
    let account = world.account(LOGIN).await.unwrap();
    password::verify(text, accounts::password_hash(&world.test.db, account).await.unwrap()).await
}

#[tokio::test]
async fn what_people_changed_stays_when_the_same_file_is_applied_again() {
    for world in World::both().await {
        world.apply(SITE).await;
        console(&world).await;
        moves(&world).await;
        assert_eq!(world.apply(SITE).await, Vec::<String>::new());
        let changed = SITE.replace("\"Аула\"", "\"Бақша\"");
        assert_eq!(world.apply(&changed).await, ["balbobek: ~ camera yard (Бақша): name"]);
        let site = world.site().await;
        let names: Vec<&str> = site.groups.iter().map(|group| &*group.name).collect();
        assert_eq!((names, site.kindergarten.limits.viewers_per_camera), (vec!["Шуақ", "Ай", "Жұлдыз"], 7));
        assert_eq!(site.hours.iter().filter(|line| line.group == Some(site.groups[0].id)).count(), 1);
        assert_eq!(site.exceptions.iter().map(|it| it.spans.len()).collect::<Vec<_>>(), [1, 1]);
        assert_eq!((site.pauses.len(), site.enrolments[0].group), (0, site.groups[2].id));
        assert!(has_password(&world, "the parent's own").await);
    }
}

#[tokio::test]
async fn what_both_changed_is_the_files_and_the_plan_says_so() {
    for world in World::both().await {
        world.apply(SITE).await;
        console(&world).await;
        moves(&world).await;
        let file = SITE
            .replace("\"Күн\"", "\"Аспан\"")
            .replace("hours = []", "hours = [\"12:00-13:00\"]")
            .replace("group = \"sun\"\nfrom = 2026-09-01", "group = \"moon\"\nfrom = 2026-09-01")
            .replace("correct horse", "battery staple");
        let lines = world.try_apply(&file, Mode::DryRun).await.unwrap();
        assert_eq!(world.apply(&file).await, lines);
        let over: Vec<&str> = lines.iter().filter_map(|line| line.strip_suffix(" (over what was changed here since)")).collect();
        assert_eq!(
            over,
            [
                "balbobek: - child amina is in group @ from 2026-11-23".replace('@', &world.own_group().await),
                "balbobek: - hours on 2026-12-16: 10:00-11:00 (Ертеңгілік)".to_owned(),
                "balbobek: ~ group sun (Аспан): name".to_owned(),
                "balbobek: + child amina is in group moon from 2026-09-01".to_owned(),
                "balbobek: + hours on 2026-12-16: 12:00-13:00 (Тәуелсіздік күні)".to_owned(),
            ]
        );
        assert_eq!(lines.len(), over.len() + 1, "{lines:#?}");
        let site = world.site().await;
        assert_eq!(site.enrolments.iter().map(|stay| stay.group).collect::<Vec<_>>(), [site.groups[1].id]);
        assert_eq!(site.exceptions.len(), 2, "the date that the file never spoke of stays");
        assert!(has_password(&world, "battery staple").await);
        assert_eq!(world.apply(&file).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_thing_keeps_what_a_person_changed_of_it_when_the_file_changes_something_else() {
    for world in World::both().await {
        world.apply(SITE).await;
        world.test.tamper("update accounts set name = 'Әсел Ж.' where key = 'asel'").await;
        let file = SITE.replace("8 (701) 123-45-67", "8 (701) 123-45-68");
        assert_eq!(world.apply(&file).await, ["balbobek: ~ account asel (parent): login"]);
        let account = accounts::by_login(&world.test.db, "+77011234568", world.clock.now()).await.unwrap().unwrap();
        assert_eq!(account.name, "Әсел Ж.");
    }
}

#[tokio::test]
async fn what_a_person_removed_stays_away_until_the_file_says_something_new_of_it() {
    for world in World::both().await {
        world.apply(SITE).await;
        world.clock.advance(SignedDuration::from_mins(1));
        let now = world.clock.now();
        let tx = world.test.db.begin().await.unwrap();
        tx.execute("update children set removed_at = $1", args![now]).await.unwrap();
        tx.execute("update enrolments set until = $1", args![now]).await.unwrap();
        tx.execute("update guardianships set until = $1", args![now]).await.unwrap();
        tx.commit().await.unwrap();
        world.clock.advance(SignedDuration::from_mins(1));
        assert_eq!(world.apply(SITE).await, Vec::<String>::new());
        let elsewhere = SITE.replace("\"Аула\"", "\"Бақша\"");
        assert_eq!(world.apply(&elsewhere).await, ["balbobek: ~ camera yard (Бақша): name"]);
        assert!(world.site().await.children.is_empty());

        let moved = elsewhere.replace("group = \"sun\"\nfrom = 2026-09-01", "group = \"moon\"\nfrom = 2026-09-01");
        assert_eq!(
            world.apply(&moved).await,
            [
                "balbobek: + child amina (Әмина) (over what was changed here since)",
                "balbobek: + child amina is in group moon from 2026-09-01 (over what was changed here since)",
                "balbobek: + asel is a guardian of amina to 2026-11-27 (over what was changed here since)",
            ]
        );
    }
}

#[tokio::test]
async fn what_the_file_takes_out_goes_with_whatever_people_tied_to_it_and_what_they_made_stays() {
    for world in World::both().await {
        world.apply(SITE).await;
        moves(&world).await;
        let start = SITE.find("[[kindergarten.child]]").unwrap();
        let end = SITE.find("[[kindergarten.inspector]]").unwrap();
        let without = format!("{}{}", &SITE[..start], &SITE[end..]);
        world.apply(&without).await;
        let site = world.site().await;
        assert_eq!((site.children.len(), site.enrolments.len(), site.guardianships.len()), (0, 0, 0));
        assert_eq!(site.groups.last().unwrap().name, "Жұлдыз");
    }
}

#[tokio::test]
async fn a_database_from_before_this_was_remembered_is_the_files_but_for_what_people_ordered() {
    for world in World::both().await {
        world.apply(SITE).await;
        console(&world).await;
        let now = world.clock.now();
        let site = world.site().await;
        let pause = tereze::model::Pause {
            id: tereze::id::PauseId::new(now),
            scope: Scope::All,
            from: now,
            until: now + SignedDuration::from_hours(1),
            reason: "Қонақтар".into(),
            by: world.account("saule@inspection.example").await,
        };
        let tx = world.test.db.begin().await.unwrap();
        tereze::db::pauses::begin(&tx, site.kindergarten.id, &pause).await.unwrap();
        tx.commit().await.unwrap();
        world.test.tamper("delete from declarations").await;
        let lines = world.apply(SITE).await;
        assert!(lines.contains(&"balbobek: ~ group sun (Күн): name".to_owned()), "{lines:#?}");
        assert!(lines.contains(&"balbobek: - hours of group sun: Monday 09:00-10:00".to_owned()), "{lines:#?}");
        assert!(lines.contains(&"balbobek: ~ account asel: password".to_owned()), "{lines:#?}");
        let site = world.site().await;
        assert!(site.pauses.iter().any(|there| there.id == pause.id));
        assert!(site.exceptions.iter().any(|exception| exception.date == date(2026, 12, 17)));
        assert_eq!(world.apply(SITE).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_is_remembered_of_the_file_tells_nothing_of_passwords_and_addresses() {
    for world in World::both().await {
        world.apply(SITE).await;
        let rows: Vec<(String, String)> = world.test.db.rows("select subject, digest from declarations", args![]).await.unwrap();
        assert!(rows.iter().any(|(subject, _)| subject == "camera room source"));
        assert!(rows.iter().any(|(subject, _)| subject == "account asel password"));
        for (subject, digest) in rows {
            assert!(!subject.contains("10.0.0") && !subject.contains("p@ss") && !subject.contains("horse"), "{subject}");
            assert_eq!((digest.len(), digest.ends_with('=')), (44, true), "32 bytes in base64");
        }
    }
}

#[tokio::test]
async fn a_watermark_is_the_files_where_the_file_names_one_and_else_the_directors() {
    for world in World::both().await {
        world.apply(SITE).await;
        assert_eq!(world.site().await.kindergarten.watermark, Watermark::NameAndLogin);
        world.test.tamper("update kindergartens set watermark = 'off'").await;
        world.clock.advance(SignedDuration::from_mins(1));
        assert_eq!(world.apply(&SITE.replace("Балбөбек", "Балапан")).await.len(), 1, "the name alone");
        assert_eq!(world.site().await.kindergarten.watermark, Watermark::Off, "a file that says nothing leaves it");
        let named = SITE.replacen("zone =", "watermark = \"name\"\nzone =", 1);
        let told = world.apply(&named).await;
        assert!(told.iter().any(|line| line.contains("watermark")), "{told:?}");
        assert_eq!(world.site().await.kindergarten.watermark, Watermark::Name);
        world.test.tamper("update kindergartens set watermark = 'off'").await;
        assert_eq!(world.apply(&named).await, Vec::<String>::new(), "what the director changed since stays");
        assert!(world.fails(&SITE.replacen("zone =", "watermark = \"loud\"\nzone =", 1)).await.contains("watermark"));
    }
}

#[tokio::test]
async fn what_is_covered_of_a_picture_is_one_answer_of_the_file_or_of_the_director() {
    for world in World::both().await {
        let masked =
            SITE.replacen("[[kindergarten.camera]]", "[[kindergarten.camera]]\nmasks = [[0, 0, 200, 300], [500, 0, 100, 100]]", 1);
        assert!(masked != SITE, "the site has a camera");
        world.apply(SITE).await;
        let told = world.apply(&masked).await;
        assert_eq!(told.iter().filter(|line| line.contains("is covered: ")).count(), 2, "{told:?}");
        let site = world.site().await;
        let camera = site.masks[0].camera;
        assert_eq!(
            site.masks(camera).iter().map(|area| area.numbers()).collect::<Vec<_>>(),
            [[0, 0, 200, 300], [500, 0, 100, 100]]
        );
        assert_eq!(world.apply(&masked).await, Vec::<String>::new());

        // A director covers something else: that stays until the file says something new.
        world.clock.advance(SignedDuration::from_mins(1));
        let (tx, areas) = (world.test.db.begin().await.unwrap(), [Area::new([10, 10, 10, 10]).unwrap()].into());
        masks::set(&tx, site.kindergarten.id, camera, &areas, world.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.apply(&masked).await, Vec::<String>::new());
        let told = world.apply(SITE).await;
        assert!(told.len() == 1 && told[0].ends_with("(over what was changed here since)"), "{told:?}");
        assert!(world.site().await.masks.is_empty());
        let beyond = SITE.replacen("[[kindergarten.camera]]", "[[kindergarten.camera]]\nmasks = [[900, 0, 200, 300]]", 1);
        assert!(world.fails(&beyond).await.contains("within the picture"));
    }
}

#[tokio::test]
async fn what_is_recorded_is_one_answer_of_the_file_or_of_the_director() {
    for world in World::both().await {
        world.apply(SITE).await;
        let site = world.site().await;
        let yard = site.cameras.iter().find(|camera| camera.name == "Аула").unwrap().id;
        let room = site.cameras.iter().find(|camera| camera.id != yard).unwrap().id;
        let ruled = SITE.replacen("zone =", "recording = { days = 60, bytes = 400_000_000_000 }\nzone =", 1);
        let ruled = ruled.replacen("name = \"Аула\"", "name = \"Аула\"\nrecording = { stream = \"sub\", days = 45 }", 1);
        let mut told = world.apply(&ruled).await;
        told.sort();
        let lines = [
            "balbobek: + camera yard: the sub stream is recorded, and kept for 45 days",
            "balbobek: + cameras: the main stream is recorded, and kept for 60 days or 400000000000 bytes",
        ];
        assert_eq!(told, lines);
        let common = RecordingRule { days: 60, bytes: Some(400_000_000_000), ..RecordingRule::DEFAULT };
        let own = RecordingRule { days: 45, quality: RecordedQuality::Sub, ..RecordingRule::DEFAULT };
        let rules = world.site().await.recording_rules;
        assert_eq!((rules.of(room), rules.of(yard)), (common, own));
        assert_eq!(world.apply(&ruled).await, Vec::<String>::new());

        // A director wants something else, here and for another camera: that stays until the file says something new of it.
        world.clock.advance(SignedDuration::from_mins(1));
        let theirs = RecordingRule { days: 90, ..RecordingRule::DEFAULT };
        let tx = world.test.db.begin().await.unwrap();
        for camera in [None, Some(room)] {
            recording_rules::set(&tx, site.kindergarten.id, camera, Some(theirs), world.clock.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(world.apply(&ruled).await, Vec::<String>::new());
        let told = world.apply(&ruled.replacen("days = 45", "recorded = false", 1)).await;
        assert_eq!(told.len(), 2, "the yard's alone: {told:?}");
        let rules = world.site().await.recording_rules;
        assert_eq!((rules.common(), rules.of(room), rules.of(yard).recorded), (theirs, theirs, false));
        let told = world.apply(&ruled.replacen("days = 60", "days = 61", 1)).await;
        assert!(
            told.iter().any(|line| line.contains("61 days") && line.ends_with("(over what was changed here since)")),
            "{told:?}"
        );

        // What a camera that is taken out of the file recorded is kept as before.
        let (before, after) = ruled.split_once("[[kindergarten.camera]]\nkey = \"yard\"").unwrap();
        world.apply(&(before.to_owned() + &after[after.find("[[").unwrap()..])).await;
        let kept = recording_rules::all(&world.test.db).await.unwrap().into_iter().find(|ruled| ruled.camera == yard).unwrap();
        assert_eq!((kept.present, kept.rule.days), (false, 45));
        for (wrong, said) in
            [("days = 29", "must be 30 to 366"), ("bytes = 5", "must be 1000000000 to"), ("stream = \"third\"", "third")]
        {
            let text = SITE.replacen("zone =", &format!("recording = {{ {wrong} }}\nzone ="), 1);
            let fault = world.fails(&text).await;
            assert!(fault.contains(said) && fault.contains(":5:"), "{fault}");
        }
    }
}
