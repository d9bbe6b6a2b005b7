//! Whom missing consent keeps from looking, by each rule.

use super::*;

const TUESDAY: Date = date(2026, 3, 3);
const WEDNESDAY: Date = date(2026, 3, 4);

/// A text is published, `rule` holds, and a child of a stranger is in the first group, too.
fn world(rule: ConsentRule) -> World {
    let mut world = World::new();
    let other = ChildId::new(Timestamp::UNIX_EPOCH);
    world.site.children.push(Child { id: other, name: "other".into() });
    let stay = Enrolment { id: EnrolmentId::new(Timestamp::UNIX_EPOCH), child: other, ..world.site.enrolments[0].clone() };
    world.site.enrolments.push(stay);
    world.site.consents = Consents { rule, texts: vec![ConsentText { version: 1, asks_again_from: None }], answers: vec![] };
    world
}

impl World {
    fn answer(&mut self, child: usize, answer: ConsentAnswer, version: u32) {
        let child = self.site.children[child].id;
        self.site.consents.answers.retain(|consent| consent.child != child);
        let (id, language) = (ConsentId::new(Timestamp::UNIX_EPOCH), Language::Kazakh);
        self.site.consents.answers.push(Consent { id, child, answer, version, language, day: MONDAY, by: None });
    }

    fn agree(&mut self, child: usize) {
        self.answer(child, ConsentAnswer::Agreed, 1);
    }

    fn absent(&mut self, child: usize, day: Date) {
        let child = self.site.children[child].id;
        self.site.absences.push(Absence { id: AbsenceId::new(Timestamp::UNIX_EPOCH), child, from: day, to: day });
    }

    fn ask_room(&self, day: Date) -> Result<(), Refusal> {
        self.ask(&self.parent, self.room, at(day, 10, 0)).map(drop)
    }
}

fn closed(opens: Option<Date>) -> Result<(), Refusal> {
    Err(Refusal::GroupConsent { opens_at: opens.map(|day| at(day, 9, 0)) })
}

#[test]
fn where_consents_are_only_recorded_nothing_follows_from_them() {
    let mut world = world(ConsentRule::Recorded);
    assert_eq!(world.ask_room(MONDAY), Ok(()));
    world.answer(0, ConsentAnswer::Withdrawn, 1);
    assert_eq!(world.ask_room(MONDAY), Ok(()));
}

#[test]
fn who_has_not_agreed_for_the_own_child_does_not_look_at_any_hour_nor_has_a_token() {
    for rule in [ConsentRule::Own, ConsentRule::Group] {
        let mut world = world(rule);
        world.agree(1);
        for answer in [None, Some(ConsentAnswer::Declined), Some(ConsentAnswer::Withdrawn)] {
            if let Some(answer) = answer {
                world.answer(0, answer, 1);
            }
            assert_eq!(world.ask_room(MONDAY), Err(Refusal::ConsentMissing), "{answer:?}");
            let night = at(MONDAY, 3, 0);
            assert_eq!(outlook(&world.facts(&world.parent, world.yard), night), Err(Refusal::ConsentMissing));
            assert!(token_grants(&world.parent, std::slice::from_ref(&world.site), at(MONDAY, 10, 0)).is_empty());
        }
        world.agree(0);
        assert_eq!(world.ask_room(MONDAY), Ok(()));
        assert!(world.ask(&world.director, world.room, at(MONDAY, 10, 0)).is_ok());
    }
}

#[test]
fn by_the_own_rule_other_families_keep_nobody_out_and_one_child_of_two_is_enough() {
    let mut world = world(ConsentRule::Own);
    world.agree(0);
    assert_eq!(world.ask_room(MONDAY), Ok(()), "the other child has no consent");
    let other = world.site.children[1].id;
    world.site.guardianships.push(Guardianship { child: other, ..world.site.guardianships[0].clone() });
    assert_eq!(world.ask_room(MONDAY), Ok(()), "through the first child");
    world.site.enrolments[1].group = world.site.groups[1].id;
    let now = at(MONDAY, 10, 0);
    assert_eq!(world.ask(&world.parent, world.other_room, now), Err(Refusal::ConsentMissing));
    assert!(world.ask(&world.parent, world.room, now).is_ok() && world.ask(&world.parent, world.yard, now).is_ok());
}

#[test]
fn by_the_groups_rule_a_room_opens_when_every_child_in_it_has_a_consent() {
    let mut world = world(ConsentRule::Group);
    world.agree(0);
    assert_eq!(world.ask_room(MONDAY), closed(None));
    assert_eq!(world.ask(&world.parent, world.yard, at(MONDAY, 10, 0)).map(drop), closed(None), "as with hours and pauses");
    assert!(world.ask(&world.director, world.room, at(MONDAY, 10, 0)).is_ok());
    assert!(world.ask(&world.inspector, world.room, at(MONDAY, 10, 0)).is_ok());
    assert_eq!(without_consent(&world.site, world.site.groups[0].id, MONDAY), [world.site.children[1].id].into());
    world.agree(1);
    assert_eq!(world.ask_room(MONDAY), Ok(()));
}

#[test]
fn who_is_absent_has_left_or_is_still_to_come_is_not_in_the_room() {
    let mut world = world(ConsentRule::Group);
    world.agree(0);
    world.absent(1, TUESDAY);
    let days = |world: &World| [MONDAY, TUESDAY, WEDNESDAY].map(|day| world.ask_room(day).is_ok());
    assert_eq!(days(&world), [false, true, false]);
    assert_eq!(world.ask_room(MONDAY), closed(Some(TUESDAY)), "as far as is known, it opens tomorrow");
    world.site.absences.clear();
    world.site.enrolments[1].from = TUESDAY;
    assert_eq!(days(&world), [true, false, false]);
    world.site.enrolments[1].to = Some(TUESDAY);
    assert_eq!(days(&world), [true, false, true]);
    world.site.children.pop();
    assert_eq!(days(&world), [true, true, true], "a child that was removed is nowhere");
}

#[test]
fn a_grant_ends_at_the_midnight_after_which_not_everybody_has_agreed() {
    let mut world = world(ConsentRule::Group);
    world.agree(0);
    world.absent(1, MONDAY);
    world.site.hours.iter_mut().for_each(|line| line.span = "00:00-24:00".parse().unwrap());
    let until = |world: &World| outlook(&world.facts(&world.parent, world.room), at(MONDAY, 23, 55)).unwrap();
    assert_eq!(until(&world), Some(at(TUESDAY, 0, 0)));
    world.absent(1, TUESDAY);
    assert_eq!(until(&world), Some(at(WEDNESDAY, 0, 0)), "tomorrow all the same");
}

#[test]
fn guests_for_the_day_count_for_the_room_that_they_are_in() {
    let mut world = world(ConsentRule::Group);
    let [group, host] = [world.site.groups[0].id, world.site.groups[1].id];
    world.agree(0);
    world.site.enrolments[1].group = host;
    assert_eq!(world.ask_room(MONDAY), Ok(()));
    world.site.mergers.push(Merger { id: MergerId::new(Timestamp::UNIX_EPOCH), group, host, date: TUESDAY });
    let refused = world.ask(&world.parent, world.other_room, at(TUESDAY, 10, 0));
    assert!(matches!(refused, Err(Refusal::GroupConsent { .. })), "the host's own child has no consent");
    world.agree(1);
    assert!(world.ask(&world.parent, world.other_room, at(TUESDAY, 10, 0)).is_ok());
    world.answer(0, ConsentAnswer::Withdrawn, 1);
    assert_eq!(without_consent(&world.site, host, TUESDAY), [world.site.children[0].id].into());
    assert!(without_consent(&world.site, group, TUESDAY).is_empty(), "nobody is in that room");
}

#[test]
fn a_text_that_asks_again_ends_earlier_consents_on_its_day_and_one_that_does_not_leaves_them() {
    let mut world = world(ConsentRule::Own);
    world.agree(0);
    world.site.hours.iter_mut().for_each(|line| line.span = "00:00-24:00".parse().unwrap());
    world.site.consents.texts.push(ConsentText { version: 2, asks_again_from: None });
    assert_eq!(world.ask_room(WEDNESDAY), Ok(()));
    world.site.consents.texts.push(ConsentText { version: 3, asks_again_from: Some(TUESDAY) });
    assert_eq!([MONDAY, TUESDAY].map(|day| world.ask_room(day)), [Ok(()), Err(Refusal::ConsentMissing)]);
    assert_eq!(world.ask(&world.parent, world.room, at(MONDAY, 23, 55)).unwrap().until(), at(TUESDAY, 0, 0));
    assert_eq!(world.site.consents.standing(world.site.children[0].id, TUESDAY), ConsentStanding::AskedAgain);
    world.answer(0, ConsentAnswer::Agreed, 3);
    assert_eq!(world.ask_room(WEDNESDAY), Ok(()));
}

#[test]
fn hours_and_pauses_speak_before_other_families_do() {
    let mut world = world(ConsentRule::Group);
    world.agree(0);
    let told = |world: &World, hour| outlook(&world.facts(&world.parent, world.room), at(MONDAY, hour, 0));
    assert_eq!(told(&world, 8), Err(Refusal::OutsideHours { opens_at: None, reason: None }), "it would not open at nine");
    world.pause(Scope::All, at(MONDAY, 10, 0), at(MONDAY, 11, 0));
    assert!(matches!(told(&world, 10), Err(Refusal::Paused { opens_at: None, .. })));
    assert_eq!(told(&world, 11), Err(Refusal::GroupConsent { opens_at: None }));
}

#[test]
fn explain_names_the_rule_and_how_many_lack_a_consent() {
    let mut world = world(ConsentRule::Group);
    let last = |world: &World| explain(&world.facts(&world.parent, world.room), at(MONDAY, 10, 0)).steps.pop().unwrap();
    let step = last(&world);
    assert_eq!((step.rule, step.passed), ("consent", false));
    assert_eq!(step.facts, [("consent_rule", "group".to_owned()), ("without_consent", "1".to_owned())]);
    world.agree(0);
    let step = last(&world);
    assert_eq!((step.rule, step.passed), ("group_consent", false));
    assert_eq!(step.facts, [("without_consent", "1".to_owned())]);
}

/// What the director's day says of the first group at this hour.
fn why(world: &World, date: Date, hour: i8) -> Why<'_> {
    let laid = day(&world.site, world.site.groups[0].id, date);
    laid.into_iter().find(|stretch| stretch.window.contains(at(date, hour, 0))).unwrap().why
}

#[test]
fn the_directors_day_says_what_parents_are_told() {
    let mut world = world(ConsentRule::Group);
    world.agree(0);
    world.absent(1, TUESDAY);
    let group = world.site.groups[0].id;
    assert_eq!([why(&world, MONDAY, 10), why(&world, TUESDAY, 10)], [Why::NotAgreed, Why::Open]);
    let (now, opens) = (at(MONDAY, 10, 0), Some(at(TUESDAY, 9, 0)));
    assert_eq!(standing(&world.site, group, now), Standing::NotAgreed { opens_at: opens });
    assert_eq!(standing(&world.site, group, at(MONDAY, 8, 0)), Standing::Closed { opens_at: opens, reason: None });
}

#[test]
fn only_a_lasting_guardian_without_a_restriction_speaks_for_a_child() {
    let mut world = world(ConsentRule::Own);
    let (child, now) = (world.site.children[0].id, at(MONDAY, 10, 0));
    let may = |world: &World| speaker(&world.parent, Some(&world.site), child, now).map(drop);
    assert_eq!(may(&world), Ok(()));
    assert!(speaks(world.parent.id, &world.site, child, now));
    world.site.guardianships[0].restricted = true;
    assert_eq!(may(&world), Err(Refusal::Restricted));
    assert!(!speaks(world.parent.id, &world.site, child, now));
    world.site.guardianships[0] = Guardianship { restricted: false, to: Some(WEDNESDAY), ..world.site.guardianships[0].clone() };
    assert_eq!(may(&world), Err(Refusal::NotYours));
    assert!(!speaks(world.parent.id, &world.site, child, now));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_said_of_its_opening_and_of_the_day_is_true_whoever_is_away(
        away in prop::collection::vec(0i8..14, 0..8), agreed in any::<bool>(), hour in 0i64..14 * 24,
    ) {
        let mut world = world(ConsentRule::Group);
        world.agree(0);
        if agreed {
            world.agree(1);
        }
        for day in away {
            world.absent(1, MONDAY.checked_add(jiff::Span::new().days(day)).unwrap());
        }
        let now = at(MONDAY, 0, 30) + SignedDuration::from_hours(hour);
        let told = outlook(&world.facts(&world.parent, world.room), now);
        let group = world.site.groups[0].id;
        let laid = day(&world.site, group, world.site.date(now));
        let why = laid.iter().find(|stretch| stretch.window.contains(now)).unwrap().why;
        match &told {
            Ok(until) => {
                prop_assert_eq!(why, Why::Open);
                let last = until.unwrap() - SignedDuration::from_millis(1);
                prop_assert!(outlook(&world.facts(&world.parent, world.room), last).is_ok());
            }
            Err(Refusal::GroupConsent { .. }) => prop_assert_eq!(why, Why::NotAgreed),
            Err(refusal) => prop_assert_eq!((refusal.code(), why), ("outside_hours", Why::OutsideHours)),
        }
        if let Some(opens) = told.err().and_then(|refusal| refusal.opens_at()) {
            prop_assert!(outlook(&world.facts(&world.parent, world.room), opens).is_ok());
            prop_assert!(outlook(&world.facts(&world.parent, world.room), opens - SignedDuration::from_millis(1)).is_err());
        }
    }
}
