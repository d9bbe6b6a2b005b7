//! A day laid out is the day that parents will meet.

use super::*;

fn codes<'a>(stretches: &[Stretch<'a>]) -> Vec<(Timestamp, &'a str)> {
    let code = |why| match why {
        Why::Open => "open",
        Why::OutsideHours => "hours",
        Why::Exception(Exception { reason, .. }) => reason,
        Why::Paused(Pause { reason, .. }) => reason,
        Why::NotAgreed => "consent",
    };
    stretches.iter().map(|stretch| (stretch.window.start, code(stretch.why))).collect()
}

#[test]
fn a_day_says_what_is_open_and_why_the_rest_is_not() {
    let mut world = World::new();
    let group = world.site.groups[0].id;
    world.pause(Scope::Group(group), at(MONDAY, 12, 0), at(MONDAY, 13, 0));
    world.pause(Scope::Camera(world.room), at(MONDAY, 15, 0), at(MONDAY, 16, 0));
    let day = day(&world.site, group, MONDAY);
    assert_eq!(
        codes(&day),
        [
            (at(MONDAY, 0, 0), "hours"),
            (at(MONDAY, 9, 0), "open"),
            (at(MONDAY, 12, 0), "nap"),
            (at(MONDAY, 13, 0), "open"),
            (at(MONDAY, 18, 0), "hours"),
        ]
    );
    assert_eq!(day.last().unwrap().window.end, at(date(2026, 3, 3), 0, 0));
}

#[test]
fn a_holiday_is_one_stretch_and_the_night_before_it_still_runs_over_midnight() {
    let mut world = World::new();
    let (group, holiday) = (world.site.groups[0].id, date(2026, 3, 3));
    world.site.hours.push(HoursLine { group: None, weekday: Weekday::Monday, span: "20:00-06:00".parse().unwrap() });
    world.site.exceptions.push(Exception {
        id: ExceptionId::new(at(MONDAY, 0, 0)),
        group: None,
        date: holiday,
        spans: vec![],
        reason: "holiday".into(),
        by: None,
    });
    let day = day(&world.site, group, holiday);
    assert_eq!(codes(&day), [(at(holiday, 0, 0), "open"), (at(holiday, 6, 0), "holiday")]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_day_laid_out_says_at_every_minute_what_a_parent_is_told(
        spans in prop::collection::vec((0u16..1440, 1u16..1440), 0..4),
        nights in prop::collection::vec((0u16..1440, 1u16..1440), 0..2),
        closed in any::<bool>(),
        pauses in prop::collection::vec((-300i64..1700, 1i64..600), 0..3),
    ) {
        let mut world = World::new();
        let group = world.site.groups[0].id;
        let span = |(start, length): (u16, u16)| DaySpan::new(start, (start + length) % 1440).unwrap();
        let line = |weekday, span| HoursLine { group: Some(group), weekday, span };
        world.site.hours.extend(nights.into_iter().map(|pair| line(Weekday::Sunday, span(pair))));
        let spans: Vec<DaySpan> = spans.into_iter().map(span).collect();
        world.site.hours.extend(spans.iter().map(|span| line(Weekday::Monday, *span)));
        if closed {
            let reason = "holiday".into();
            world.site.exceptions.push(Exception { id: ExceptionId::new(at(MONDAY, 0, 0)), group: None, date: MONDAY, spans: vec![], reason, by: None });
        }
        for (from, length) in pauses {
            let from = at(MONDAY, 0, 0) + SignedDuration::from_mins(from);
            world.pause(Scope::All, from, from + SignedDuration::from_mins(length));
        }
        let laid = day(&world.site, group, MONDAY);
        prop_assert!(laid.windows(2).all(|pair| pair[0].window.end == pair[1].window.start), "no gap");
        for minute in 0..1440 {
            let now = at(MONDAY, 0, 0) + SignedDuration::from_mins(minute);
            let stretch = laid.iter().find(|stretch| stretch.window.contains(now)).unwrap();
            match (outlook(&world.facts(&world.parent, world.room), now), stretch.why) {
                (Ok(until), Why::Open) => prop_assert!(until.is_some_and(|until| until >= stretch.window.end)),
                (Err(Refusal::OutsideHours { .. }), Why::OutsideHours | Why::Exception(_)) => {}
                (Err(Refusal::Paused { until, .. }), Why::Paused(pause)) => prop_assert_eq!(until, pause.until),
                (told, laid) => prop_assert!(false, "{now}: {told:?} and {laid:?}"),
            }
        }
    }
}
