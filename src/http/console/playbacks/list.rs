//! Who looked at recordings, at which, and why: for the director, and for an inspector, whose own looks are in it too.

use crate::{
    db::playbacks::{self, Listed, PlaybackRow},
    http::{
        Problem, Shared,
        caller::Params,
        console::{
            period::Period,
            person::Person,
            sheet::{MOST, Sheet, clock},
            viewings::Search,
        },
        openapi::WithLogin,
        words::Words,
    },
    id::{AccountId, CameraId, PlaybackId},
    model::Role,
};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How many are told at once.
const PAGE: u32 = 50;

/// Where the page before ended.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::http::console) struct After {
    /// `next` of the page before; the newest come first when nothing is said.
    after: Option<PlaybackId>,
}

/// A page of looks at recordings.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct PlaybackPage {
    /// The newest first.
    playbacks: Vec<Look>,
    /// To be sent as `after` for the next page; none when there is none.
    next: Option<PlaybackId>,
}

/// Somebody looked at what a camera recorded.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Look {
    /// The playback.
    id: PlaybackId,
    /// Who looked.
    account: AccountId,
    /// The name.
    name: String,
    /// The role.
    role: Role,
    /// Of which camera.
    camera: CameraId,
    /// Its name.
    camera_name: String,
    /// From which moment.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until which.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// The stated reason; empty where an inspector stated none.
    reason: String,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When it was left; where the page did not say so, when a piece was last asked for.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

impl From<Listed> for Look {
    fn from(Listed { playback, name, role, camera_name }: Listed) -> Self {
        let PlaybackRow { id, account, camera, reason, starts_at, ends_at, opened_at, seen_at, ended_at, .. } = playback;
        let until = ended_at.map_or(seen_at, Timestamp::from);
        Self { id, account, name, role, camera, camera_name, from: starts_at, to: ends_at, reason, since: opened_at, until }
    }
}

/// Who looked at recordings, the newest first, for the director and an assigned inspector.
#[utoipa::path(
    get, path = "/api/v1/playbacks", tag = "recordings", params(Search, Period, After), security(("log-in" = [])),
    responses(
        (status = 200, body = PlaybackPage),
        (status = 400, description = "`bad_request`, `bad_field`: `to` is before `from`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn playbacks(
    State(app): State<Shared>,
    person: Person,
    Params(search): Params<Search>,
    Params(period): Params<Period>,
    Params(After { after }): Params<After>,
) -> Result<impl IntoResponse, Problem> {
    let insight = person.insight(Some(search.kindergarten)).await?;
    let filter = search.filter(insight.site(), period)?;
    let mut rows = playbacks::list(&app.db, filter, after, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().map(|row| row.playback.id).filter(|_| more);
    let page = PlaybackPage { playbacks: rows.into_iter().map(Look::from).collect(), next };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(page)))
}

/// The same as a table (CSV, UTF-8), in the language of the account; that it was taken out is on record.
#[utoipa::path(
    get, path = "/api/v1/playbacks.csv", tag = "recordings", params(Search, Period), security(("log-in" = [])),
    responses(
        (status = 200, description = "The newest first, 50 000 at most", body = String, content_type = "text/csv"),
        (status = 400, description = "`bad_request`, `bad_field`: `to` is before `from`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`not_yours`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn csv(
    State(app): State<Shared>,
    person: Person,
    Params(search): Params<Search>,
    Params(period): Params<Period>,
) -> Result<Response, Problem> {
    let insight = person.insight(Some(search.kindergarten)).await?;
    let filter = search.filter(insight.site(), period)?;
    let (words, zone) = (Words::of(person.account().language), &insight.site().kindergarten.zone);
    let mut sheet = Sheet::new(&person, COLUMNS);
    for row in playbacks::list(&app.db, filter, None, MOST).await? {
        sheet.row(&fields(row.into(), words, zone));
    }
    let details =
        json!({ "what": "playbacks", "account": search.account, "camera": search.camera, "from": period.from, "to": period.to });
    sheet.taken("playbacks.csv", &person, insight, details).await
}

/// The head of the table: texts of the pages.
const COLUMNS: [&str; 8] = [
    "viewings.who",
    "viewings.role",
    "viewings.camera",
    "playbacks.from",
    "playbacks.to",
    "viewings.reason",
    "viewings.since",
    "viewings.until",
];

fn fields(look: Look, words: &Words, zone: &TimeZone) -> [String; COLUMNS.len()] {
    [
        look.name,
        words.get(&format!("role.{}", look.role)).to_owned(),
        look.camera_name,
        clock(look.from, zone),
        clock(look.to, zone),
        look.reason,
        clock(look.since, zone),
        clock(look.until, zone),
    ]
}
