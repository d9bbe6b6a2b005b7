//! In whose room the demo's staff member works: a `site.toml` says nothing of that, so its director does.

use super::seed;
use crate::{
    clock::Clock,
    console::people::{self, staff},
    db::{self, Db},
    policy,
};
use anyhow::Context;

/// Ties the staff member to the room of the first group, unless somebody has said otherwise.
pub(super) async fn place(db: &Db, clock: &Clock) -> anyhow::Result<()> {
    let now = clock.now();
    let director = db::accounts::by_login(db, seed::DIRECTOR, now).await?.context("the demo has no director")?;
    let home = director.kindergarten.context("the director manages nothing")?;
    let site = db::site::load(db, home, now).await?;
    let mandate = policy::manage(&director, site.as_ref())?;
    let (Some(zarina), Some(group)) = (db::accounts::by_login(db, seed::STAFF, now).await?, mandate.site().groups.first()) else {
        return Ok(());
    };
    if mandate.site().postings.is_empty() {
        let charge = people::in_charge(db, mandate, zarina.id, now).await?;
        staff::move_to(db, &charge, group.id, now).await?;
    }
    Ok(())
}
