//! `GET /api/v1/me`: everything that the page of one account shows, in one document. The same document is pushed whole by
//! [`events`](super::events) whenever it changes.

mod build;
mod mask;
mod news;
mod shortfall;
mod system;

use super::{
    Fault, Problem, Shared,
    caller::AtTheDoor,
    console::today::{self, Today},
    openapi::WithLogin,
};
use crate::{
    app::App,
    auth::{Caller, FactorState},
    db::{self, DbError},
    id::{AccountId, CameraId, ChildId, GroupId, KindergartenId},
    model::{Account, AppealState, Area, ConsentStanding, Language, Role},
    policy,
};
use axum::{Json, extract::State, http::header, response::IntoResponse};
use build::View;
use jiff::{SignedDuration, Timestamp, civil::Date};
use news::MyNews;
use serde::Serialize;
use shortfall::{MyDoubt, MyShortfall};
use std::{collections::HashMap, sync::Arc};

/// An operator's document shows counters that nobody tells of when they move.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// Everything that the page of the account shows.
#[utoipa::path(
    get, path = "/api/v1/me", tag = "me", security(("log-in" = [])),
    responses((status = 200, body = Me), WithLogin)
)]
pub(super) async fn me(State(app): State<Shared>, AtTheDoor(caller): AtTheDoor) -> Result<impl IntoResponse, Problem> {
    let (me, _) = document(&app, &caller).await?.ok_or(Fault::NotLoggedIn)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(me)))
}

/// The document of `caller` now, and the first moment at which it may look different by itself; `None` when the account is gone or
/// blocked.
pub(super) async fn document(app: &App, caller: &Caller) -> Result<Option<(Me, Timestamp)>, DbError> {
    let now = app.clock.now();
    let known = app.facts.of(caller.account.id, now).await?;
    let Some(known) = known.filter(|known| !known.account.blocked) else { return Ok(None) };
    let factor = app.logins.factor(&known.account).await?.map(|(state, _)| state);
    let known = if factor == Some(FactorState::Needed) { Arc::new(known.nothing_but_the_account()) } else { known };
    let operator = known.account.role == Role::Operator && factor != Some(FactorState::Needed);
    let system = if operator { Some(system::system(app, now).await?) } else { None };
    let (cameras, watching) = (app.media.states().borrow().clone(), app.sessions.watching().borrow().clone());
    let mut today = Vec::new();
    for site in &known.sites {
        if let Ok(mandate) = policy::manage(&known.account, Some(site.as_ref())) {
            today.push(today::of(app, mandate, &watching, now).await?);
        }
    }
    let appeals = if known.account.role == Role::Parent { db::appeals::standing(&app.db, known.account.id).await? } else { None };
    let appeals = appeals.map(|(steps, state)| MyAppeals { steps, state });
    let recent = if known.account.role == Role::Parent { app.facts.recent(&known, now).await? } else { HashMap::new() };
    let (forecast, doubt) = (app.keeper.forecast().borrow().clone(), *app.keeper.doubt().borrow());
    let view = View {
        recent: &recent,
        now,
        csrf: &caller.csrf,
        cameras: &cameras,
        watching: &watching,
        appeals,
        today,
        factor,
        system,
        forecast: &forecast,
        doubt,
    };
    let me = build::build(&known, view);
    let again = operator.then(|| now.saturating_add(LOOK_AGAIN).unwrap_or(Timestamp::MAX));
    let next = [build::next_change(&me, &known), again].into_iter().flatten().min().unwrap_or(Timestamp::MAX);
    Ok(Some((me, next)))
}

/// The account as its own pages show it.
pub(super) fn account(account: &Account) -> MyAccount {
    let Account { id, name, login, role, language, .. } = account.clone();
    MyAccount { id, name, login, role, language }
}

/// What the page of one account shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct Me {
    /// The gateway's time when this was made.
    #[schema(value_type = String, format = DateTime)]
    pub(super) now: Timestamp,
    /// To be sent back as `X-CSRF-Token` with whatever changes something.
    pub(super) csrf: String,
    /// Who is logged in.
    pub(super) account: MyAccount,
    /// The kindergartens that the account has to do with.
    pub(super) kindergartens: Vec<MyKindergarten>,
    /// A parent's children.
    pub(super) children: Vec<MyChild>,
    /// The groups whose cameras are listed; a staff member's is the one in whose room it works.
    pub(super) groups: Vec<MyGroup>,
    /// The cameras that the account may ever watch, open or not.
    pub(super) cameras: Vec<MyCamera>,
    /// How it stands with the second factor, for roles that have one. While it is `needed`, nothing else is in the document.
    pub(super) second_factor: Option<FactorState>,
    /// Counts the changes to what the pages of directors, inspectors and operators show; for them only.
    pub(super) revision: Option<i64>,
    /// How it stands with the problems that the account reported; none where it never did.
    pub(super) appeals: Option<MyAppeals>,
    /// How the own kindergarten stands, and who watches; for directors only.
    pub(super) today: Vec<Today>,
    /// How the machine does; for operators only.
    pub(super) system: Option<System>,
}

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct MyAccount {
    /// The account.
    pub(super) id: AccountId,
    /// The name as the person writes it.
    pub(super) name: String,
    /// What the person logs in with.
    #[schema(example = "+77011234567")]
    pub(super) login: String,
    /// The role.
    pub(super) role: Role,
    /// The language of the pages.
    pub(super) language: Language,
}

/// A kindergarten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct MyKindergarten {
    /// The kindergarten.
    pub(super) id: KindergartenId,
    /// Its name.
    pub(super) name: String,
    /// The time zone of its hours (IANA name).
    #[schema(example = "Asia/Almaty")]
    pub(super) zone: String,
    /// Its district.
    pub(super) district: String,
    /// The languages in which it speaks with its people.
    pub(super) languages: Vec<Language>,
    /// What its pictures carry of this viewer, beside the time: enough to know somebody again, not enough to call. None where the director
    /// has turned it off.
    #[schema(example = "Әсел Қ. ··· 4567")]
    pub(super) watermark: Option<String>,
    /// What will be missing of its recordings, while something can still be done about it: for directors and inspectors only.
    pub(super) shortfalls: Vec<MyShortfall>,
    /// Why none of its recordings goes because of its age, where the gateway's clock is not believed: for directors and inspectors only.
    pub(super) clock: Option<MyDoubt>,
    /// An inspector's first day.
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) from: Option<Date>,
    /// An inspector's last day.
    #[schema(value_type = Option<String>, format = Date)]
    pub(super) to: Option<Date>,
}

/// A child of a parent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct MyChild {
    /// The child.
    pub(super) id: ChildId,
    /// Its name.
    pub(super) name: String,
    /// Its kindergarten.
    pub(super) kindergarten: KindergartenId,
    /// The group in whose room it is today.
    pub(super) group: Option<GroupId>,
    /// The name of its own group, where that is another today.
    pub(super) home: Option<String>,
    /// Whether an order closes this parent's view.
    pub(super) restricted: bool,
    /// What changed for it lately or is to come, the nearest day first: 6 pieces at most.
    pub(super) news: Vec<MyNews>,
    /// How it stands with the consent to the camera; none where this parent does not answer for the child, or is asked nothing.
    pub(super) consent: Option<MyConsent>,
}

/// How it stands with the consent to the camera in a child's room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct MyConsent {
    /// How it stands today.
    pub(super) standing: ConsentStanding,
    /// Whether the newest text waits for an answer, today or soon.
    pub(super) asked: bool,
}

/// How it stands with the problems that the account reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct MyAppeals {
    /// Counts what was said and done about all of them: the list is another once it has grown.
    pub(super) steps: i64,
    /// How the one stands about which something was said last.
    pub(super) state: AppealState,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct MyGroup {
    /// The group.
    pub(super) id: GroupId,
    /// Its name.
    pub(super) name: String,
    /// Its kindergarten.
    pub(super) kindergarten: KindergartenId,
    /// How many accounts watch its cameras now.
    pub(super) viewers: u32,
}

/// A camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct MyCamera {
    /// The camera.
    pub(super) id: CameraId,
    /// Its name.
    pub(super) name: String,
    /// Its kindergarten.
    pub(super) kindergarten: KindergartenId,
    /// The group whose room it shows, or none for the yard and the like.
    pub(super) group: Option<GroupId>,
    /// Whether sound goes with the picture.
    pub(super) sound: bool,
    /// What nobody sees of its picture: each the left, top, width and height of a rectangle, in thousandths of the picture.
    #[schema(value_type = Vec<[u16; 4]>)]
    pub(super) masks: Vec<Area>,
    /// How many accounts watch it now.
    pub(super) viewers: u32,
    /// Whether it can be watched now, and if not, why and until when.
    pub(super) state: Outlook,
    /// Today's hours.
    pub(super) today: Vec<Span>,
}

/// Whether a camera can be watched now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct Outlook {
    /// `live`, `camera_offline`, `wrong_codec` (browsers cannot show what the camera sends), or the code of the refusal.
    pub(super) code: &'static str,
    /// Since when it is offline.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) since: Option<Timestamp>,
    /// Live: when it closes. Paused: when the pause ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) until: Option<Timestamp>,
    /// When it opens next.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) opens_at: Option<Timestamp>,
    /// The director's words.
    pub(super) reason: Option<String>,
}

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct Span {
    /// The first moment inside.
    #[schema(value_type = String, format = DateTime)]
    pub(super) start: Timestamp,
    /// The first moment after.
    #[schema(value_type = String, format = DateTime)]
    pub(super) end: Timestamp,
}

/// How the machine does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct System {
    /// The version of the program.
    pub(super) version: &'static str,
    /// Since when it runs.
    #[schema(value_type = String, format = DateTime)]
    pub(super) started_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub(super) database: &'static str,
    /// How the cameras are: `online`, `failed`, `idle`.
    pub(super) cameras: CameraCounts,
    /// Streams that run now.
    pub(super) viewers: u32,
    /// Streams that were opened since midnight.
    pub(super) viewings_today: u64,
    /// Records in the audit log.
    pub(super) audit_size: u64,
    /// When its newest checkpoint was signed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) last_checkpoint_at: Option<Timestamp>,
}

/// How many cameras are how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct CameraCounts {
    /// Pictures arrive.
    pub(super) online: u32,
    /// Something is wrong.
    pub(super) failed: u32,
    /// Nobody watches, so nobody looks.
    pub(super) idle: u32,
}
