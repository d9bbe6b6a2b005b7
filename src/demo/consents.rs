//! Families of the demo's kindergarten that have agreed to the camera: written down by its director, as on paper.

use super::seed;
use crate::{
    clock::Clock,
    console::consents::{self, NewText, OnPaper, PROPOSAL, Word},
    db::{self, Db},
    model::Language,
    policy,
};
use anyhow::Context;

/// The one whose answer is still awaited, so that its parent is asked.
const AWAITED: &str = "Томирис Жұмабаева";

/// Publishes the text that is proposed and writes down most families' yes, once.
pub(super) async fn give(db: &Db, clock: &Clock) -> anyhow::Result<()> {
    let now = clock.now();
    let director = db::accounts::by_login(db, seed::DIRECTOR, now).await?.context("the demo has no director")?;
    let home = director.kindergarten.context("the director manages nothing")?;
    if !db::consents::texts(db, home).await?.is_empty() {
        return Ok(());
    }
    let site = db::site::load(db, home, now).await?;
    let mandate = policy::manage(&director, site.as_ref())?;
    let text =
        NewText { kk: PROPOSAL.kk.to_owned(), ru: PROPOSAL.ru.to_owned(), en: Some(PROPOSAL.en.to_owned()), asks_again_from: None };
    let version = consents::publish(db, mandate, text, now).await?;
    let agreed = mandate.site().children.iter().filter(|child| child.name != AWAITED);
    for (number, child) in agreed.enumerate() {
        let word = Word { agrees: true, version, language: Language::Kazakh };
        let paper = OnPaper { word, day: mandate.site().date(now), document: format!("№ {}", number + 1) };
        consents::on_paper(db, mandate, child.id, paper, now).await?;
    }
    Ok(())
}
