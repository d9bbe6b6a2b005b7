//! Whether this machine's clock can be believed: pure. What goes because its days are over is gone for good, and by a clock that was set a
//! year ahead the days of everything are over.
//!
//! Time passes at the same pace whatever the clock is set to. A clock that has moved by more than what has passed, or by less, is doubted
//! until it is right again, or until it has gone on from there for three days: whoever had to notice that has had a weekend for it.

use jiff::{SignedDuration, Timestamp};

/// A clock that was set by no more is believed: summer time, and what a clock without network is wrong by.
const SET: SignedDuration = SignedDuration::from_hours(2);
/// Between two runs nobody knows how much time has passed: a machine may be off for a long weekend.
const AWAY: SignedDuration = SignedDuration::from_hours(4 * 24);
/// A time that is doubted is believed after the clock has gone on with it for so long.
pub const HOLDS: SignedDuration = SignedDuration::from_hours(3 * 24);

/// What is believed.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    /// The time that was believed last, and how much had passed by then.
    believed: Reading,
    /// The first time that was not.
    doubted: Option<Reading>,
}

/// What the clock showed when so much time had passed.
#[derive(Debug, Clone, Copy)]
struct Reading {
    shown: Timestamp,
    passed: SignedDuration,
}

/// Why the clock is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doubt {
    /// What it should have shown when it was doubted first, to the minute.
    pub expected: Timestamp,
    /// What it showed.
    pub shown: Timestamp,
    /// When that is believed, by the clock as it is, if it stays so.
    pub until: Timestamp,
}

impl Doubt {
    /// The stable code of the notice.
    pub fn code(&self) -> &'static str {
        if self.shown > self.expected { "clock_ahead" } else { "clock_behind" }
    }
}

impl Calendar {
    /// Goes on from the last run, which believed `last`, and `doubted` what came after. Now the clock shows `now`, and `passed` is how much
    /// has passed since the program began.
    pub fn new(last: Timestamp, doubted: bool, now: Timestamp, passed: SignedDuration) -> Self {
        let shown = if !doubted && (SignedDuration::ZERO..=AWAY).contains(&now.duration_since(last)) { now } else { last };
        Self { believed: Reading { shown, passed }, doubted: None }
    }

    /// The clock shows `now`, and so much has `passed`: why it is not believed, if it is not.
    pub fn look(&mut self, now: Timestamp, passed: SignedDuration) -> Option<Doubt> {
        let reading = Reading { shown: now, passed };
        // From one doubtful time to the next, each has its three days.
        let doubted = self.doubted.filter(|doubted| doubted.leads_to(reading)).unwrap_or(reading);
        let until = doubted.shown.saturating_add(HOLDS).unwrap_or(Timestamp::MAX);
        if self.believed.leads_to(reading) || now >= until {
            *self = Self { believed: reading, doubted: None };
            return None;
        }
        self.doubted = Some(doubted);
        Some(Doubt { expected: self.believed.after(doubted.passed), shown: doubted.shown, until })
    }

    /// The time that was believed last.
    pub fn believed(&self) -> Timestamp {
        self.believed.shown
    }
}

impl Reading {
    /// What the clock should show when so much has `passed`.
    fn after(self, passed: SignedDuration) -> Timestamp {
        self.shown.saturating_add(passed - self.passed).unwrap_or(Timestamp::MAX)
    }

    fn leads_to(self, later: Self) -> bool {
        later.shown.duration_since(self.after(later.passed)).abs() <= SET
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);

    fn start() -> Timestamp {
        "2026-11-22T10:00:00Z".parse().unwrap()
    }

    /// Whether the clock is believed at each of these hours, of which the first is that of the time that has passed, the second what the clock is wrong by.
    fn believed(calendar: &mut Calendar, hours: &[(i32, i32)]) -> Vec<bool> {
        let look = |(passed, wrong): &(i32, i32)| {
            let passed = HOUR * *passed;
            calendar.look(start() + passed + HOUR * *wrong, passed).is_none()
        };
        hours.iter().map(look).collect()
    }

    fn calendar() -> Calendar {
        Calendar::new(start(), false, start(), SignedDuration::ZERO)
    }

    #[test]
    fn a_clock_that_jumps_is_doubted_until_it_is_right_again() {
        for year in [8_760, -8_760] {
            let told = believed(&mut calendar(), &[(0, 0), (5, 1), (6, year), (40, year), (41, 0), (42, year)]);
            assert_eq!(told, [true, true, false, false, true, false]);
        }
    }

    #[test]
    fn a_time_that_has_held_for_three_days_is_believed() {
        let told = believed(&mut calendar(), &[(1, 900), (72, 900), (73, 900), (74, 900), (75, 0)]);
        assert_eq!(told, [false, false, true, true, false]);
        let told = believed(&mut calendar(), &[(1, 900), (60, 2_000), (73, 2_000), (131, 2_000), (132, 2_000)]);
        assert_eq!(told, [false, false, false, false, true], "another wrong time has three days of its own");
    }

    #[test]
    fn what_is_doubted_is_told_with_both_times_and_the_end_of_the_doubt() {
        let mut calendar = calendar();
        let doubt = calendar.look(start() + HOUR * 1_000, HOUR).unwrap();
        assert_eq!((doubt.expected, doubt.shown, doubt.code()), (start() + HOUR, start() + HOUR * 1_000, "clock_ahead"));
        assert_eq!(doubt.until, doubt.shown + HOUR * 72);
        assert_eq!(calendar.look(start() + HOUR * 1_001, HOUR * 2), Some(doubt), "the same as long as it lasts");
        assert_eq!(calendar.believed(), start());
        assert_eq!(
            Calendar::new(start(), false, start() - HOUR * 9, SignedDuration::ZERO)
                .look(start() - HOUR * 9, SignedDuration::ZERO)
                .unwrap()
                .code(),
            "clock_behind"
        );
    }

    #[test]
    fn a_machine_that_was_off_for_a_long_weekend_is_believed_and_one_that_was_restarted_in_doubt_is_not() {
        let at = |days: i32, doubted| {
            let now = start() + HOUR * 24 * days;
            Calendar::new(start(), doubted, now, SignedDuration::ZERO).look(now, SignedDuration::ZERO).is_none()
        };
        assert_eq!([at(4, false), at(5, false), at(365, false), at(4, true), at(0, true)], [true, false, false, false, true]);
    }

    proptest! {
        #[test]
        fn a_clock_that_nobody_sets_is_never_doubted(looks in prop::collection::vec(0_i32..2_000, 1..50)) {
            let (mut calendar, mut passed) = (calendar(), SignedDuration::ZERO);
            for hours in looks {
                passed += HOUR * hours;
                prop_assert_eq!(calendar.look(start() + passed, passed), None);
            }
        }
    }
}
