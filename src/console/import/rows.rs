//! From cells to what they mean, and what is wrong with those that mean nothing.

use super::{
    Column,
    columns::Header,
    table::{Line, Table},
};
use crate::{
    auth::LoginName,
    console::{children, groups, text},
};
use jiff::{ToSpan, civil::Date};
use std::ops::RangeInclusive;

/// A row in which nothing is wrong by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) child: String,
    pub(super) group: String,
    /// Nothing was said where it is none.
    pub(super) said: Option<Date>,
    /// The first day: what was said, or today.
    pub(super) from: Date,
    pub(super) guardian: Option<Guardian>,
}

/// Somebody who may watch; without a name where only the number was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guardian {
    pub(super) name: Option<String>,
    pub(super) login: LoginName,
}

/// What is wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The row, as a spreadsheet counts.
    pub row: u32,
    /// In which column.
    pub column: Column,
    /// What.
    pub why: Why,
    /// What stands there, cut short, without what would confuse those who read it.
    pub value: String,
    /// The other row that it does not go together with.
    pub other: Option<u32>,
}

/// What can be wrong with a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// There is nothing.
    Missing,
    /// It is longer than any name.
    TooLong,
    /// It holds what is no text: control characters, several lines, marks that turn the direction of writing.
    Strange,
    /// Letters were lost when the file was saved.
    LostLetters,
    /// It is no day.
    NoDay,
    /// It is a day that nobody means.
    FarDay,
    /// It is no telephone number.
    NoPhone,
    /// Somebody logs in with it who is no parent.
    NoParent,
    /// Another row says otherwise.
    Twice,
    /// A child of this name is in another group.
    Elsewhere,
}

impl Why {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "cell_missing",
            Self::TooLong => "cell_too_long",
            Self::Strange => "cell_strange",
            Self::LostLetters => "cell_lost_letters",
            Self::NoDay => "cell_no_day",
            Self::FarDay => "cell_far_day",
            Self::NoPhone => "cell_no_phone",
            Self::NoParent => "cell_no_parent",
            Self::Twice => "cell_twice",
            Self::Elsewhere => "cell_elsewhere",
        }
    }
}

/// The rows of `table` that can be read, and the flaws of the others.
pub(super) fn read(table: &Table, header: &Header, today: Date) -> (Vec<Row>, Vec<Flaw>) {
    let (mut rows, mut flaws) = (Vec::new(), Vec::new());
    for line in table.below(header) {
        let mut cells = Cells { header, line, flaws: &mut flaws };
        let (child, group) = (cells.name(Column::Child, children::LONGEST_NAME), cells.name(Column::Group, groups::LONGEST_NAME));
        let (said, guardian) = (cells.day(today), cells.guardian());
        if let (Some(child), Some(group), Ok(said), Ok(guardian)) = (child, group, said, guardian) {
            rows.push(Row { number: line.number, child, group, said, from: said.unwrap_or(today), guardian });
        }
    }
    (rows, flaws)
}

/// The cells of one line; what is wrong is noted.
struct Cells<'a> {
    header: &'a Header,
    line: &'a Line,
    flaws: &'a mut Vec<Flaw>,
}

/// It is wrong, and noted.
struct Wrong;

impl Cells<'_> {
    fn text(&self, column: Column) -> &str {
        let text = self.header.cell(column, &self.line.cells);
        // What our own lists put before a text that a spreadsheet would take for a formula.
        text.strip_prefix('\'').filter(|rest| !rest.starts_with(char::is_alphanumeric)).unwrap_or(text)
    }

    fn wrong(&mut self, column: Column, why: Why) -> Wrong {
        let value = shown(self.text(column));
        self.flaws.push(Flaw { row: self.line.number, column, why, value, other: None });
        Wrong
    }

    fn name(&mut self, column: Column, longest: usize) -> Option<String> {
        match name(self.text(column), longest) {
            Ok(name) => Some(name),
            Err(why) => {
                self.wrong(column, why);
                None
            }
        }
    }

    fn day(&mut self, today: Date) -> Result<Option<Date>, Wrong> {
        match day(self.text(Column::FirstDay)) {
            Ok(None) => Ok(None),
            Ok(Some(day)) if children::plausible(day, today) => Ok(Some(day)),
            Ok(Some(_)) => Err(self.wrong(Column::FirstDay, Why::FarDay)),
            Err(why) => Err(self.wrong(Column::FirstDay, why)),
        }
    }

    /// Who has no number has no account: a name alone is nobody.
    fn guardian(&mut self) -> Result<Option<Guardian>, Wrong> {
        let phone = self.text(Column::Phone);
        if phone.is_empty() {
            return Ok(None);
        }
        let Ok(login) = phone.parse() else { return Err(self.wrong(Column::Phone, Why::NoPhone)) };
        let name = match self.text(Column::Guardian) {
            "" => None,
            text => Some(name(text, children::LONGEST_NAME).map_err(|why| self.wrong(Column::Guardian, why))?),
        };
        Ok(Some(Guardian { name, login }))
    }
}

fn name(text: &str, longest: usize) -> Result<String, Why> {
    if text.is_empty() {
        return Err(Why::Missing);
    }
    // Windows-1251 has no Kazakh letters: what is saved in it has a question mark for each.
    if text.contains(['?', '\u{fffd}']) {
        return Err(Why::LostLetters);
    }
    if text.chars().count() > longest {
        return Err(Why::TooLong);
    }
    let name = text::line(text, longest).ok_or(Why::Strange)?;
    // Spaces in a row are a slip of the hand, and would make two children of one.
    Ok(name.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Numbers that a spreadsheet shows as days of 1954 to 2118; as years they would make no sense.
const SERIALS: RangeInclusive<i32> = 20_000..=80_000;

/// `2026-09-01`, `01.09.2026`, `1/9/26`, or the days since the end of 1899 that a spreadsheet counts; `None` for nothing.
fn day(text: &str) -> Result<Option<Date>, Why> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(days) = text.parse().ok().filter(|days| SERIALS.contains(days)) {
        return jiff::civil::date(1899, 12, 30).checked_add(days.days()).map(Some).map_err(|_| Why::NoDay);
    }
    // A spreadsheet may add the time, midnight, and the year's 'г.'.
    let text = text.split(['T', ' ']).next().unwrap_or(text).trim_end_matches(['г', '.']);
    let parts: Vec<&str> = text.split(['.', '/', '-']).collect();
    let [first, month, last] = parts[..] else { return Err(Why::NoDay) };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let number = |text: &str| text.parse::<i16>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
    let year = match (year.len(), number(year)) {
        (4, Some(year)) => year,
        (2, Some(year)) => 2000 + year,
        _ => return Err(Why::NoDay),
    };
    let part = |text: &str| number(text).and_then(|number| i8::try_from(number).ok()).ok_or(Why::NoDay);
    Date::new(year, part(month)?, part(day)?).map(Some).map_err(|_| Why::NoDay)
}

/// In characters.
const LONGEST_SHOWN: usize = 60;

/// `text` as it may be shown to somebody who is told that it is wrong.
pub(super) fn shown(text: &str) -> String {
    let strange =
        |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut shown: String = text.chars().take(LONGEST_SHOWN).map(|c| if strange(c) { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_understood_however_a_spreadsheet_writes_it() {
        let first = date(2026, 9, 1);
        for text in [
            "2026-09-01",
            "01.09.2026",
            "1.9.2026",
            "01/09/2026",
            "1-9-26",
            "46266",
            "2026-09-01T00:00:00",
            "01.09.2026 0:00",
            "01.09.2026г.",
        ] {
            assert_eq!(day(text), Ok(Some(first)), "{text}");
        }
        assert_eq!(day(""), Ok(None));
        for text in
            ["soon", "31.02.2026", "32.13.2026", "2026", "1.9", "-1.-9.2026", "99999999999", "1.9.226", "0.0.0", "...", "+1.9.2026"]
        {
            assert_eq!(day(text), Err(Why::NoDay), "{text}");
        }
    }

    #[test]
    fn a_name_is_text_or_it_is_said_why_not() {
        let name = |text: &str| name(text, 120);
        assert_eq!(name("Ким  Анна\u{a0}"), Ok("Ким Анна".to_owned()));
        assert_eq!(name("<img src=x onerror=alert(1)> 👶🏽"), Ok("<img src=x onerror=alert(1)> 👶🏽".to_owned()));
        assert_eq!(name(""), Err(Why::Missing));
        assert_eq!(name(&"ұ".repeat(500)), Err(Why::TooLong));
        assert_eq!(name("Ким\u{202e}аннА"), Err(Why::Strange));
        assert_eq!(name("Ким\nАнна"), Err(Why::Strange));
        assert_eq!(name("?лихан Ж?мабаев"), Err(Why::LostLetters));
    }

    #[test]
    fn what_is_shown_of_a_cell_is_short_and_turns_nothing_around() {
        assert_eq!(shown("a\u{202e}b\nc"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(shown(&"ұ".repeat(500)).chars().count(), 61);
    }
}
