//! What can be wrong with a camera whose pictures arrive, and what makes sure that it is so: pure.

use crate::{media::CameraClock, still::Appearance};
use jiff::{SignedDuration, Timestamp};

/// A clock that is further off makes the time that is written into the picture worthless. Half a minute is what a camera drifts in some
/// weeks without a time server; one that asks a server is within a second.
const CLOCK_OFF: SignedDuration = SignedDuration::from_secs(30);

/// What was seen once may be a hand, or the light that is switched on again: it must be seen again after at least so long.
const SURE: SignedDuration = SignedDuration::from_mins(1);

/// A picture must have been the same for so long, in at least as many looks, before it is called frozen.
const FROZEN_FOR: SignedDuration = SignedDuration::from_mins(5);
const FROZEN_LOOKS: u32 = 3;

/// What is wrong with a camera whose pictures arrive. Its [`code`](Defect::code) is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Defect {
    /// Hardly any light, and nothing to be seen.
    Black,
    /// Light, and nothing to be seen: something is before the lens.
    Covered,
    /// The same picture again and again.
    Frozen,
    /// Its clock is far off.
    WrongClock,
}

impl Defect {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::Black, Self::Covered, Self::Frozen, Self::WrongClock];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Black => "black",
            Self::Covered => "covered",
            Self::Frozen => "frozen",
            Self::WrongClock => "wrong_clock",
        }
    }

    /// The one with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|defect| defect.code() == code)
    }

    /// Whether it is seen in the picture.
    pub const fn is_seen(self) -> bool {
        !matches!(self, Self::WrongClock)
    }
}

/// Something that is so, and since when.
pub type Since = (Defect, Timestamp);

/// What was seen of one camera, for as long as it matters.
#[derive(Debug, Default)]
pub(super) struct Memory {
    plain: Option<Since>,
    clock: Option<Since>,
    still: Option<Unchanged>,
}

#[derive(Debug)]
struct Unchanged {
    appearance: Appearance,
    since: Timestamp,
    looks: u32,
}

impl Memory {
    /// Whether `seen` is the picture of the look before. Then it is worth another: a film that begins again every few minutes, as a camera
    /// in a shop window shows it, could be met at the same place.
    pub(super) fn repeats(&self, seen: &Appearance) -> bool {
        self.still.as_ref().is_some_and(|still| still.appearance.is_same(seen) == Some(true))
    }

    /// Takes what a picture looks like; returns what is wrong with it for sure.
    pub(super) fn see(&mut self, seen: Appearance, now: Timestamp) -> Option<Since> {
        let plain = [(Defect::Black, seen.is_black()), (Defect::Covered, seen.is_covered())];
        if let Some((defect, _)) = plain.into_iter().find(|(_, is)| *is) {
            // A sensor without light may well give one picture twice.
            self.still = None;
            return sure(&mut self.plain, defect, now);
        }
        self.plain = None;
        match &mut self.still {
            Some(still) if still.appearance.is_same(&seen) == Some(true) => {
                still.looks += 1;
                let frozen = still.looks >= FROZEN_LOOKS && now.duration_since(still.since) >= FROZEN_FOR;
                frozen.then_some((Defect::Frozen, still.since))
            }
            still => {
                *still = Some(Unchanged { appearance: seen, since: now, looks: 1 });
                None
            }
        }
    }

    /// Takes what was seen to change within one look.
    pub(super) fn see_move(&mut self, seen: Appearance, now: Timestamp) {
        self.plain = None;
        self.still = Some(Unchanged { appearance: seen, since: now, looks: 1 });
    }

    /// Takes what a camera says of its clock; returns what is wrong with it for sure.
    pub(super) fn compare(&mut self, clock: CameraClock) -> Option<Since> {
        if clock.ahead.abs() <= CLOCK_OFF {
            self.clock = None;
            return None;
        }
        sure(&mut self.clock, Defect::WrongClock, clock.seen_at)
    }
}

/// What is so now was so before, long enough ago.
fn sure(before: &mut Option<Since>, defect: Defect, now: Timestamp) -> Option<Since> {
    match *before {
        Some((same, since)) if same == defect => (now.duration_since(since) >= SURE).then_some((defect, since)),
        _ => {
            *before = Some((defect, now));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn clock(seconds: i64, minutes: i64) -> CameraClock {
        CameraClock { ahead: SignedDuration::from_secs(seconds), seen_at: at(minutes) }
    }

    #[test]
    fn a_clock_is_wrong_when_it_is_far_off_for_a_while_in_either_direction() {
        for seconds in [31, -31, 86_400] {
            let mut memory = Memory::default();
            assert_eq!(memory.compare(clock(seconds, 0)), None);
            assert_eq!(memory.compare(clock(seconds, 1)), Some((Defect::WrongClock, at(0))));
            assert_eq!(memory.compare(clock(seconds, 9)), Some((Defect::WrongClock, at(0))));
            assert_eq!(memory.compare(clock(30, 10)), None);
            assert_eq!(memory.compare(clock(seconds, 11)), None, "it begins anew");
        }
    }

    #[test]
    fn every_code_is_its_own_and_read_back() {
        for defect in Defect::ALL {
            assert_eq!(Defect::of_code(defect.code()), Some(defect));
        }
        assert_eq!(Defect::of_code("online"), None);
    }
}
