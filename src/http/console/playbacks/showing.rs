//! A playback that goes on: whoever asks for a piece of it is asked again whether it may.

use super::own;
use crate::{
    db::playbacks::{self, PlaybackRow},
    http::{Fault, Problem, Shared, caller::PlaysRecording, console::person::Person},
    id::LoginId,
    recording::playback,
};
use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::Deserialize;

/// What an address of a playback names.
#[derive(Deserialize)]
struct Address {
    playback: String,
}

/// A playback whose account asks, and may still look.
pub(in crate::http::console) struct Showing {
    /// The playback.
    pub(super) row: PlaybackRow,
    /// The log-in that asks.
    login: LoginId,
}

impl FromRequestParts<Shared> for Showing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let PlaysRecording(caller) = PlaysRecording::from_request_parts(parts, app).await?;
        let login = caller.login;
        let person = Person::of(caller, parts, app).await?;
        let address = Path::<Address>::from_request_parts(parts, app).await;
        let Path(Address { playback }) = address.map_err(|_| Fault::NotFound)?;
        let row = own(app, &person, &playback).await?;
        person.replay(row.camera, &row.reason)?;
        if playback::is_over(&row, person.now) {
            return Err(Fault::PlaybackOver.into());
        }
        playbacks::seen(&app.db, &row, person.now).await?;
        Ok(Self { row, login })
    }
}

impl Showing {
    /// Whether it may still go on: in the middle of a long answer, too, nobody is sent more than the policy lets through.
    pub(super) async fn goes_on(&self, app: &Shared) -> Result<bool, Problem> {
        let now = app.clock.now();
        let Some(row) = playbacks::by_id(&app.db, self.row.id).await? else { return Ok(false) };
        let Some(known) = app.facts.of(row.account, now).await? else { return Ok(false) };
        let site = known.recorded_by(row.camera);
        let may = crate::policy::replay(&known.account, site, row.camera, &row.reason, now).is_ok();
        Ok(may && !playback::is_over(&row, now) && app.logins.admits(self.login).await?)
    }
}
