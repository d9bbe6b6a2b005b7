//! The public holidays of Kazakhstan, as far as they can be known years ahead.
//!
//! The Law 'On Holidays' fixes the national and state holidays; the Labour Code makes 7 January and the first day of Kurban Ait days
//! off as well. When a holiday falls on a weekend, the next working day is off (Law 'On Holidays', article 5); that does not hold for the two
//! religious days. What the government moves by decree each year is known to nobody before: whoever takes these dates looks at them first.

use super::account::{UnknownWord, words};
use jiff::civil::{Date, Weekday, date};
use std::{collections::BTreeSet, fmt, ops::RangeInclusive, str::FromStr};

words! {
    /// Which holiday.
    HolidayName("holiday") {
        /// 1 and 2 January.
        NewYear = "new_year",
        /// 7 January.
        Christmas = "christmas",
        /// 8 March.
        WomensDay = "womens_day",
        /// 15 March since 2027, after the referendum of that day in 2026.
        ConstitutionDay = "constitution_day",
        /// 21 to 23 March.
        Nauryz = "nauryz",
        /// 1 May.
        UnityDay = "unity_day",
        /// 7 May.
        DefendersDay = "defenders_day",
        /// 9 May.
        VictoryDay = "victory_day",
        /// 6 July.
        CapitalDay = "capital_day",
        /// The first day, by the moon.
        KurbanAit = "kurban_ait",
        /// 25 October.
        RepublicDay = "republic_day",
        /// 16 December.
        IndependenceDay = "independence_day",
    }
}

/// A day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The day.
    pub date: Date,
    /// Which holiday it is.
    pub name: HolidayName,
    /// The day of the weekend for which this day is off.
    pub instead_of: Option<Date>,
    /// Whether the date is announced only later, and this is what is expected.
    pub expected: bool,
}

/// The years that are known.
pub const YEARS: RangeInclusive<i16> = 2026..=2050;

/// The days off of `year`, in order; none outside of [`YEARS`].
pub fn holidays(year: i16) -> Vec<Holiday> {
    if !YEARS.contains(&year) {
        return Vec::new();
    }
    let constitution = (year >= 2027).then_some((3, 15, HolidayName::ConstitutionDay));
    let days = STATE.into_iter().chain(constitution).map(|(month, day, name)| (date(year, month, day), name));
    let plain = |(date, name)| Holiday { date, name, instead_of: None, expected: false };
    let mut found: Vec<Holiday> = days.map(plain).collect();
    found.sort_unstable();
    let state = found.clone();
    found.push(plain((date(year, 1, 7), HolidayName::Christmas)));
    let ait = KURBAN_AIT.into_iter().filter(|day| day.year() == year);
    found.extend(ait.map(|date| Holiday { expected: true, ..plain((date, HolidayName::KurbanAit)) }));

    let mut off: BTreeSet<Date> = found.iter().map(|holiday| holiday.date).collect();
    for holiday in state.into_iter().filter(|holiday| is_weekend(holiday.date)) {
        let mut day = holiday.date;
        while is_weekend(day) || off.contains(&day) {
            day = day.tomorrow().unwrap_or(day);
        }
        off.insert(day);
        found.push(Holiday { date: day, instead_of: Some(holiday.date), ..holiday });
    }
    found.sort_unstable();
    found
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The national and state holidays with a date of their own, in every year.
const STATE: [(i8, i8, HolidayName); 12] = [
    (1, 1, HolidayName::NewYear),
    (1, 2, HolidayName::NewYear),
    (3, 8, HolidayName::WomensDay),
    (3, 21, HolidayName::Nauryz),
    (3, 22, HolidayName::Nauryz),
    (3, 23, HolidayName::Nauryz),
    (5, 1, HolidayName::UnityDay),
    (5, 7, HolidayName::DefendersDay),
    (5, 9, HolidayName::VictoryDay),
    (7, 6, HolidayName::CapitalDay),
    (10, 25, HolidayName::RepublicDay),
    (12, 16, HolidayName::IndependenceDay),
];

/// 10 Dhu al-Hijja by the calendar of Umm al-Qura (Unicode CLDR's `islamic-umalqura`), which the Spiritual Administration of the Muslims
/// of Kazakhstan has followed in each of the years 2019 to 2025. In 2039 it comes twice.
const KURBAN_AIT: [Date; 26] = [
    date(2026, 5, 27),
    date(2027, 5, 16),
    date(2028, 5, 5),
    date(2029, 4, 24),
    date(2030, 4, 13),
    date(2031, 4, 2),
    date(2032, 3, 22),
    date(2033, 3, 12),
    date(2034, 3, 1),
    date(2035, 2, 19),
    date(2036, 2, 8),
    date(2037, 1, 27),
    date(2038, 1, 16),
    date(2039, 1, 5),
    date(2039, 12, 26),
    date(2040, 12, 15),
    date(2041, 12, 4),
    date(2042, 11, 23),
    date(2043, 11, 12),
    date(2044, 11, 1),
    date(2045, 10, 21),
    date(2046, 10, 11),
    date(2047, 9, 30),
    date(2048, 9, 19),
    date(2049, 9, 8),
    date(2050, 8, 28),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn days_off(year: i16) -> Vec<String> {
        let said = |holiday: &Holiday| {
            let instead = holiday.instead_of.map(|day| format!(" for {day}")).unwrap_or_default();
            format!("{} {}{instead}", holiday.date, holiday.name)
        };
        holidays(year).iter().map(said).collect()
    }

    #[test]
    fn a_holiday_on_a_weekend_makes_the_next_working_day_off_and_a_religious_day_does_not() {
        assert_eq!(
            days_off(2027),
            [
                "2027-01-01 new_year",
                "2027-01-02 new_year",
                "2027-01-04 new_year for 2027-01-02",
                "2027-01-07 christmas",
                "2027-03-08 womens_day",
                "2027-03-15 constitution_day",
                "2027-03-21 nauryz",
                "2027-03-22 nauryz",
                "2027-03-23 nauryz",
                "2027-03-24 nauryz for 2027-03-21",
                "2027-05-01 unity_day",
                "2027-05-03 unity_day for 2027-05-01",
                "2027-05-07 defenders_day",
                "2027-05-09 victory_day",
                "2027-05-10 victory_day for 2027-05-09",
                "2027-05-16 kurban_ait",
                "2027-07-06 capital_day",
                "2027-10-25 republic_day",
                "2027-12-16 independence_day",
            ]
        );
    }

    #[test]
    fn two_holidays_on_one_weekend_make_two_working_days_off() {
        let january: Vec<String> = days_off(2028).into_iter().take(5).collect();
        let moved = ["2028-01-03 new_year for 2028-01-01", "2028-01-04 new_year for 2028-01-02"];
        assert_eq!(january[2..4], moved);
    }

    #[test]
    fn constitution_day_moved_to_march_and_2026_has_none() {
        assert!(!days_off(2026).iter().any(|day| day.contains("constitution_day")));
    }

    #[test]
    fn every_year_has_kurban_ait_and_2039_has_it_twice() {
        for year in YEARS {
            let times = holidays(year).iter().filter(|holiday| holiday.expected).count();
            assert_eq!(times, if year == 2039 { 2 } else { 1 }, "{year}");
        }
        assert!(holidays(2025).is_empty() && holidays(2051).is_empty());
    }

    #[test]
    fn no_day_is_off_twice_for_the_same_reason_and_what_is_moved_falls_on_a_working_day() {
        for holiday in YEARS.flat_map(holidays) {
            assert!(holiday.instead_of.is_none_or(|instead| is_weekend(instead) && !is_weekend(holiday.date)), "{holiday:?}");
        }
    }
}
