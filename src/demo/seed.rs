//! What the demo's kindergarten is, and what of it depends on the moment at which somebody tries it.

use super::camera::Scene;
use jiff::{
    SignedDuration, Timestamp, ToSpan, Unit, Zoned, ZonedRound,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use std::net::SocketAddr;

/// Where the kindergarten is.
pub(super) const ZONE: &str = "Asia/Almaty";
/// The director.
pub(super) const DIRECTOR: &str = "+77010000010";
/// The log-in of the staff member.
pub(super) const STAFF: &str = "+77010000011";
/// Everybody's password.
pub(super) const PASSWORD: &str = "tereze-demo";

const SITE: &str = include_str!("site.toml");
const RENEWED: &str = include_str!("renewed.toml");
const BEGIN: &str = "# >>> ";
const END: &str = "# <<<";
const GOOD_UNTIL: &str = "when it starts after ";

/// Who can log in, and what there is to see: (login, name, role, what).
pub(super) const PEOPLE: [(&str, &str, &str, &str); 11] = [
    ("+77010000001", "Әсел Қасымова", "parent", "Әмина in Күншуақ, open now"),
    ("+77010000002", "Данияр Жұмабаев", "parent", "Әлихан in Күншуақ, open now; Томирис in Балапан, opens later"),
    ("+77010000003", "Ольга Ким", "parent", "Максим in Қарлығаш, paused for a while"),
    ("+77010000004", "Марина Иванова", "parent", "Артём in Балапан, opens later"),
    ("+77010000005", "Айгүл Оспанова", "parent", "Мирас in Күншуақ, open now"),
    ("+77010000006", "Ерлан Оспанов", "parent", "nothing: restricted by a court order"),
    ("+77010000007", "Роза Әбенова", "parent", "her grandchild Нұрай in Күншуақ, until Friday"),
    ("+77010000010", "Гүлнар Сапарова", "director", "every camera of Балбөбек"),
    ("+77010000011", "Зарина Ахметова", "staff", "no video; who watches the room of Күншуақ"),
    ("+77010000020", "Сәуле Нұрланова", "inspector", "every camera of Балбөбек, for two weeks"),
    ("+77010000030", "Тимур Ли", "operator", "the state of the system, no video"),
];

/// The camera that listens at `address`, as the cameras themselves are set: see [`super::camera::SimulatedCameraConfig::new`].
pub(super) struct CameraAt<'a> {
    pub(super) scene: Scene,
    pub(super) address: SocketAddr,
    pub(super) username: &'a str,
    pub(super) password: &'a str,
}

/// A new `site.toml`, for the data folder `folder` and what listens at `cameras`.
pub(super) fn site(folder: &str, cameras: &[CameraAt<'_>], now: Timestamp) -> Result<String, jiff::Error> {
    let mut text = SITE.replace("{folder}", folder).replace("{zone}", ZONE).replace("{password}", PASSWORD);
    for camera in cameras {
        text = text.replace(&format!("{{{}}}", camera.scene.name()), &camera.address.to_string());
        text = text.replace("{username}", camera.username).replace("{camera_password}", camera.password);
    }
    Ok(text + &renewed(now)?)
}

/// `site` with the part renewed that has had its time at `now`; as it is when that part is still good, or was taken out.
pub(super) fn renew(site: &str, now: Timestamp) -> Result<String, jiff::Error> {
    let Some(begin) = site.find(BEGIN) else { return Ok(site.to_owned()) };
    let Some(length) = site[begin..].find(END) else { return Ok(site.to_owned()) };
    let good_until = site[begin..].lines().next().and_then(|line| line.split_once(GOOD_UNTIL));
    let good_until: Option<Timestamp> = good_until.and_then(|(_, moment)| moment.trim_end_matches('.').parse().ok());
    if good_until.is_some_and(|good_until| now < good_until) {
        return Ok(site.to_owned());
    }
    let after = site[begin + length + END.len()..].trim_start_matches('\n');
    Ok(format!("{}{}{after}", &site[..begin], renewed(now)?))
}

/// The part that depends on the moment: one group opens later, one is paused, a grandmother's right ends on Friday.
fn renewed(now: Timestamp) -> Result<String, jiff::Error> {
    let now = now.round(Unit::Second)?.to_zoned(TimeZone::get(ZONE)?);
    let (opens_at, hours_today) = opening(&now)?;
    let pause_ends = now.checked_add(2.hours())?;
    let friday = coming_friday(now.date())?;
    let tomorrow = now.date().tomorrow()?;
    // From the moment on at which the first of these is over, the demo would no longer show what it promises.
    let good_until = opens_at.timestamp().min(pause_ends.timestamp());
    let when = if opens_at.date() == now.date() { " today" } else { " tomorrow" };
    Ok(RENEWED
        .replace("{good_until}", &good_until.to_string())
        .replace("{friday}", &friday.to_string())
        .replace("{today}", &now.date().to_string())
        .replace("{tomorrow}", &tomorrow.to_string())
        .replace("{in_two_weeks}", &now.date().checked_add(2.weeks())?.to_string())
        .replace("{when}", when)
        .replace("{hours_today}", &hours_today)
        .replace("{now}", &now.datetime().to_string())
        .replace("{pause_ends}", &pause_ends.datetime().to_string()))
}

/// When the group that opens later opens, and its hours of today: in one to two hours, or tomorrow at nine when it is late.
fn opening(now: &Zoned) -> Result<(Zoned, String), jiff::Error> {
    let next_hour = now.checked_add(SignedDuration::from_mins(90))?.round(ZonedRound::new().smallest(Unit::Hour))?;
    if next_hour.date() == now.date() && next_hour.hour() < 22 {
        let hours = format!("\"{:02}:00-24:00\"", next_hour.hour());
        return Ok((next_hour, hours));
    }
    let nine = now.date().tomorrow()?.at(9, 0, 0, 0).to_zoned(now.time_zone().clone())?;
    Ok((nine, String::new()))
}

/// The next Friday, today included.
fn coming_friday(date: Date) -> Result<Date, jiff::Error> {
    if date.weekday() == Weekday::Friday { Ok(date) } else { date.nth_weekday(1, Weekday::Friday) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn in_the_afternoon_a_group_opens_today_and_in_the_night_tomorrow() {
        // 15:10 in Almaty, a Sunday.
        let text = renewed(at("2026-11-22T10:10:00Z")).unwrap();
        assert!(text.contains("opens later today") && text.contains("[\"17:00-24:00\"]"), "{text}");
        assert!(text.contains("to = 2026-11-27"), "{text}");
        let text = renewed(at("2026-11-22T17:10:00Z")).unwrap();
        assert!(text.contains("opens later tomorrow") && text.contains("hours = []"), "{text}");
    }

    #[test]
    fn the_renewed_part_is_left_alone_while_it_is_good_and_replaced_after() {
        let now = at("2026-11-22T10:10:00Z");
        let site = format!("before\n{}after\n", renewed(now).unwrap());
        assert_eq!(renew(&site, now + 1.hour()).unwrap(), site);
        let later = renew(&site, now + 26.hours()).unwrap();
        assert!(later.starts_with("before\n# >>> ") && later.ends_with("after\n") && later.contains("2026-11-23"), "{later}");
        assert_eq!(later.matches("[[kindergarten.pause]]").count(), 1);
    }
}
