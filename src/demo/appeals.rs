//! Two problems that parents of the demo reported, so that its pages show what they are for: one is answered, one waits.

use super::seed;
use crate::{
    console::appeals::{self, Answer, Report},
    db::{self, Db},
    id::ChildId,
    model::{Account, AppealAct, AppealKind, Site},
    policy,
};
use anyhow::Context;
use jiff::{SignedDuration, Timestamp};

/// Who reports what, and what the director says to it.
const REPORTS: [(&str, AppealKind, &str, Option<&str>); 2] = [
    (
        "+77010000001",
        AppealKind::Picture,
        "Көрініс жиі қатып қалады, балалар ойнап жүргенде әсіресе.",
        Some("Рақмет, тексердік: камераның кабелі босап қалған екен. Бүгін ауыстырамыз."),
    ),
    ("+77010000005", AppealKind::Seen, "Терезе ашық тұр, балаларға суық емес пе?", None),
];

/// How long before the report its minute was.
const BEFORE: SignedDuration = SignedDuration::from_mins(20);

/// Writes them, once: a parent of the demo who has reported something already is left alone, as is a kindergarten of other people.
pub(super) async fn seed(db: &Db, now: Timestamp) -> anyhow::Result<()> {
    let Some(director) = db::accounts::by_login(db, seed::DIRECTOR, now).await? else { return Ok(()) };
    let sites = db::site::of_account(db, &director, now).await?;
    let Some(site) = sites.first() else { return Ok(()) };
    for (login, kind, words, answer) in REPORTS {
        let Some(parent) = db::accounts::by_login(db, login, now).await? else { continue };
        if db::appeals::of_account(db, parent.id, 1).await?.is_empty() {
            let Some(report) = report(&parent, site, kind, words, now) else { continue };
            write(db, &director, &parent, site, report, answer, now).await.context("the demo's reports")?;
        }
    }
    Ok(())
}

/// The child that it concerns, and the report: about the room's camera. None where the parent has no child there any more.
fn report(parent: &Account, site: &Site, kind: AppealKind, words: &str, now: Timestamp) -> Option<(ChildId, Report)> {
    let child = site.guardianships.iter().find(|tie| tie.account == parent.id)?.child;
    let appellant = policy::appellant(parent, Some(site), child, now).ok()?;
    let room = site.cameras.iter().filter(|camera| camera.group.is_some());
    let camera = room.map(|camera| camera.id).find(|camera| appellant.may_name(*camera, now).is_ok());
    let happened_at = now.saturating_sub(BEFORE).unwrap_or(now);
    Some((child, Report { camera, happened_at, kind, words: words.to_owned() }))
}

async fn write(
    db: &Db,
    director: &Account,
    parent: &Account,
    site: &Site,
    (child, report): (ChildId, Report),
    answer: Option<&str>,
    now: Timestamp,
) -> anyhow::Result<()> {
    let appellant = policy::appellant(parent, Some(site), child, now)?;
    let appeal = appeals::report(db, appellant, report, now).await?;
    if let Some(words) = answer {
        let mandate = policy::manage(director, Some(site))?;
        let answer = Answer { act: AppealAct::Answered, words: words.to_owned() };
        appeals::answer(db, mandate, appeal.subject.id, answer, now).await?;
    }
    Ok(())
}
