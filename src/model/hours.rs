//! Viewing hours: spans of a local day, and the moments at which they begin and end.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

const MINUTES_A_DAY: u16 = 24 * 60;

/// The text is not a span of hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotASpan {
    /// The two ends are the same minute: empty and 'all day' look alike, so neither is guessed.
    #[error("begins and ends at the same minute; write 00:00-24:00 for the whole day")]
    Empty,
    /// A minute outside 00:00 to 24:00.
    #[error("a time of day is 00:00 to 24:00")]
    OutsideDay,
    /// Not of the form `08:00-12:30`.
    #[error("a span is written like 08:00-12:30")]
    Form,
}

/// A span of one local day in minutes from its midnight. When it ends at or before its start, it runs over midnight into the
/// next day; the span belongs to the day on which it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DaySpan {
    start: u16,
    end: u16,
}

impl DaySpan {
    /// A span from minute `start` (0 to 1439) to minute `end` (1 to 1440, or less than `start` for the next day).
    pub fn new(start: u16, end: u16) -> Result<Self, NotASpan> {
        if start >= MINUTES_A_DAY || end > MINUTES_A_DAY {
            return Err(NotASpan::OutsideDay);
        }
        if start == end {
            return Err(NotASpan::Empty);
        }
        Ok(Self { start, end })
    }

    /// The minute at which it starts.
    pub fn start(self) -> u16 {
        self.start
    }

    /// The minute at which it ends; less than [`start`](Self::start) when it runs over midnight.
    pub fn end(self) -> u16 {
        self.end
    }

    /// The moments between which this span lies on `date` in `zone`. `None` when the zone's clock jumps over it whole.
    ///
    /// A wall-clock time that a jump leaves out means the first moment after the jump; one that comes twice means the first.
    pub fn on(self, date: Date, zone: &TimeZone) -> Option<Window> {
        let next = date.tomorrow().ok()?;
        let start = moment(date, self.start, zone)?;
        let end = match self.end {
            MINUTES_A_DAY => moment(next, 0, zone)?,
            end if end < self.start => moment(next, end, zone)?,
            end => moment(date, end, zone)?,
        };
        (start < end).then_some(Window { start, end })
    }
}

impl std::str::FromStr for DaySpan {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        let (start, end) = text.split_once(['-', '–']).ok_or(NotASpan::Form)?;
        Self::new(minute(start.trim())?, minute(end.trim())?)
    }
}

impl std::fmt::Display for DaySpan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.start / 60, self.start % 60, self.end / 60, self.end % 60)
    }
}

fn minute(text: &str) -> Result<u16, NotASpan> {
    let (hour, minute) = text.split_once(':').ok_or(NotASpan::Form)?;
    let digits = |part: &str| part.len() <= 2 && !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return Err(NotASpan::Form);
    }
    let (hour, minute): (u16, u16) = (hour.parse().map_err(|_| NotASpan::Form)?, minute.parse().map_err(|_| NotASpan::Form)?);
    if minute >= 60 || hour > 24 || (hour == 24 && minute > 0) {
        return Err(NotASpan::OutsideDay);
    }
    Ok(hour * 60 + minute)
}

fn moment(date: Date, minute: u16, zone: &TimeZone) -> Option<Timestamp> {
    let (hour, minute) = ((minute / 60).try_into().ok()?, (minute % 60).try_into().ok()?);
    zone.to_ambiguous_timestamp(date.at(hour, minute, 0, 0)).compatible().ok()
}

/// A span of time: from `start`, up to and not including `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// The first moment inside.
    pub start: Timestamp,
    /// The first moment after.
    pub end: Timestamp,
}

impl Window {
    /// Whether `moment` lies inside.
    pub fn contains(&self, moment: Timestamp) -> bool {
        self.start <= moment && moment < self.end
    }
}

/// The windows of `spans` that start on `date`, in order; those that touch or overlap become one.
pub fn day_windows(spans: &[DaySpan], date: Date, zone: &TimeZone) -> Vec<Window> {
    let mut windows: Vec<Window> = spans.iter().filter_map(|span| span.on(date, zone)).collect();
    merge(&mut windows);
    windows
}

/// Sorts `windows` and joins those that touch or overlap.
pub(crate) fn merge(windows: &mut Vec<Window>) {
    windows.sort_unstable();
    windows.dedup_by(|next, joined| {
        let touches = next.start <= joined.end;
        if touches {
            joined.end = joined.end.max(next.end);
        }
        touches
    });
}

/// The first beginning or end in `windows` that comes after `now`.
pub fn next_change(windows: &[Window], now: Timestamp) -> Option<Timestamp> {
    windows.iter().flat_map(|window| [window.start, window.end]).filter(|edge| *edge > now).min()
}
