//! What stands out and what does not, at the edges.

use super::*;

const HOME: &str = "192.0.2.…";
const WORK: &str = "198.51.100.…";

/// A moment `minutes` after nine o'clock.
fn at(minutes: i64) -> Timestamp {
    "2026-11-23T04:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

struct Person {
    account: AccountId,
    phone: LoginId,
    computer: LoginId,
}

impl Person {
    fn new() -> Self {
        Self { account: AccountId::new(at(0)), phone: LoginId::new(at(0)), computer: LoginId::new(at(0)) }
    }

    fn watches(&self, login: LoginId, network: &str, since: i64, until: Option<i64>) -> Seen {
        let (id, account, network) = (ViewingId::new(at(since)), self.account, network.to_owned());
        Seen { id, account, login: Some(login), network, since: at(since), until: until.map(at) }
    }

    fn is_refused(&self, minute: i64, times: u64) -> Denied {
        Denied { account: self.account, at: at(minute), times }
    }
}

fn kinds(seen: &[Seen], now: i64) -> Vec<Unusual> {
    marks(seen, &[], at(now)).iter().map(|mark| mark.kind).collect()
}

#[test]
fn two_devices_in_two_networks_at_the_same_time_stand_out() {
    let asel = Person::new();
    let phone = asel.watches(asel.phone, HOME, 0, Some(20));
    let computer = asel.watches(asel.computer, WORK, 10, None);
    let found = marks(&[computer.clone(), phone.clone()], &[], at(30));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].since, found[0].until), (Unusual::TwoPlaces, at(10), at(20)));
    assert_eq!(found[0].viewings, [phone.id, computer.id]);
}

#[test]
fn a_stream_that_takes_over_from_another_place_stands_out() {
    let asel = Person::new();
    let phone = asel.watches(asel.phone, HOME, 0, Some(10));
    assert_eq!(kinds(&[phone.clone(), asel.watches(asel.computer, WORK, 10, Some(12))], 30), [Unusual::TwoPlaces]);
    assert_eq!(kinds(&[phone, asel.watches(asel.computer, WORK, 11, Some(12))], 30), [], "one after the other is usual");
}

#[test]
fn one_device_that_changes_its_network_and_two_in_one_home_do_not_stand_out() {
    let asel = Person::new();
    let tram = [asel.watches(asel.phone, HOME, 0, Some(10)), asel.watches(asel.phone, WORK, 9, Some(20))];
    assert_eq!(kinds(&tram, 30), []);
    let home = [asel.watches(asel.phone, HOME, 0, Some(10)), asel.watches(asel.computer, HOME, 5, Some(20))];
    assert_eq!(kinds(&home, 30), []);
    let forgotten = [asel.watches(asel.phone, "", 0, Some(10)), asel.watches(asel.computer, HOME, 5, Some(20))];
    assert_eq!(kinds(&forgotten, 30), []);
}

#[test]
fn two_people_are_two() {
    let (asel, daniyar) = (Person::new(), Person::new());
    assert_eq!(kinds(&[asel.watches(asel.phone, HOME, 0, None), daniyar.watches(daniyar.phone, WORK, 0, None)], 60), []);
}

#[test]
fn more_than_two_hours_without_a_break_stand_out_and_two_hours_do_not() {
    let asel = Person::new();
    assert_eq!(kinds(&[asel.watches(asel.phone, HOME, 0, Some(120))], 300), []);
    assert_eq!(kinds(&[asel.watches(asel.phone, HOME, 0, Some(121))], 300), [Unusual::HoursOnEnd]);
    assert_eq!(kinds(&[asel.watches(asel.phone, HOME, 0, None)], 121), [Unusual::HoursOnEnd], "one that runs still");
    let interrupted =
        |hole: i64| [asel.watches(asel.phone, HOME, 0, Some(100)), asel.watches(asel.phone, HOME, 100 + hole, Some(150))];
    assert_eq!(kinds(&interrupted(5), 300), [Unusual::HoursOnEnd], "a tram in a tunnel");
    assert_eq!(kinds(&interrupted(6), 300), []);
    let found = marks(&interrupted(5), &[], at(300));
    assert_eq!((found[0].since, found[0].until, found[0].viewings.len()), (at(0), at(150), 2));
}

#[test]
fn a_short_viewing_inside_a_long_one_does_not_shorten_it() {
    let asel = Person::new();
    let wall = [asel.watches(asel.phone, HOME, 0, Some(130)), asel.watches(asel.phone, HOME, 5, Some(6))];
    assert_eq!(kinds(&wall, 300), [Unusual::HoursOnEnd]);
}

#[test]
fn more_than_ten_refusals_within_an_hour_stand_out() {
    let asel = Person::new();
    let refused = |refusals: &[Denied]| marks(&[], refusals, at(300));
    let ten: Vec<Denied> = (0..10).map(|minute| asel.is_refused(minute, 1)).collect();
    assert_eq!(refused(&ten), []);
    let late = [&ten[..], &[asel.is_refused(61, 1)]].concat();
    assert_eq!(refused(&late), [], "the first is more than an hour ago");
    let eleven = [&ten[..], &[asel.is_refused(60, 1)]].concat();
    let found = refused(&eleven);
    assert_eq!((found.len(), found[0].kind, found[0].times), (1, Unusual::ManyRefusals, 11));
    assert_eq!((found[0].since, found[0].until), (at(0), at(60)));
    assert_eq!(refused(&[asel.is_refused(3, 30)])[0].times, 30, "those that were only counted count");
    let others = Person::new();
    assert_eq!(refused(&[&ten[..], &[others.is_refused(1, 1)]].concat()), []);
}

#[test]
fn trouble_that_goes_on_is_one_mark_that_counts_every_refusal_once() {
    let asel = Person::new();
    let refusals: Vec<Denied> = (0..30).map(|n| asel.is_refused(5 * n, 1)).collect();
    let found = marks(&[], &refusals, at(300));
    assert_eq!((found.len(), found[0].times, found[0].until), (1, 30, at(145)));
}
