//! Links that let a person in once, to choose a password.

use super::super::{link, person::Person};
use crate::{
    console::people::{in_charge, invitations},
    db::invitations::{Invitation, Way},
    http::{Problem, Shared, caller::Body, openapi::WithLogin},
    id::AccountId,
    messages::{Message, NotSent},
    policy::{Charge, Refusal},
    qr,
};
use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How the link is to reach the person.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::console) struct NewInvitation {
    /// `print` shows it here, to be handed over; `sms` and `email` send it, where that is configured and the person logs in with such.
    way: Way,
}

/// A link that was just made, and perhaps sent.
#[derive(Serialize, utoipa::ToSchema)]
pub(in crate::http::console) struct MadeInvitation {
    /// Whether it replaces a password that there is.
    reset: bool,
    /// The first moment at which it no longer works.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Whether it was sent; where it was not to be, it is `null`.
    sent: Option<bool>,
    /// Why it was not sent: a code. The link is shown instead, where it may be.
    #[schema(example = "message_unreachable")]
    not_sent: Option<&'static str>,
    /// The link: shown this once, and only where it was not sent.
    #[schema(example = "https://tereze.example/invite#7K3M-9QPA-2TFW-HD84-XB1C-06RZ")]
    link: Option<String>,
    /// The same as a QR code: an SVG document.
    qr: Option<String>,
}

/// Makes a link by which the person comes in once, within seven days, and chooses a password; and sends it, where it is to be sent. An
/// earlier link no longer works.
#[utoipa::path(
    post, path = "/api/v1/people/{account}/invitation", tag = "console", request_body = NewInvitation, security(("log-in" = [])),
    params(("account" = String, Path, description = "The person's account")),
    responses(
        (status = 201, description = "Made", body = MadeInvitation),
        (status = 400, description = "`bad_request`, `bad_field`: the person cannot be reached in this `way`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`shared_account`: the link can only be sent; `person_blocked`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`wrong_content_type`", body = Problem, content_type = "application/problem+json"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not one of the kindergarten's people", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn invite(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
    Body(NewInvitation { way }): Body<NewInvitation>,
) -> Result<impl IntoResponse, Problem> {
    let charge = charge(&app, &person, &account).await?;
    let (to, shared) = (charge.account(), charge.is_shared());
    if !app.messages.ways(&to.login).contains(&way) {
        return Err(Problem::bad_field("way"));
    }
    let made = invitations::invite(&app.db, &charge, way, person.now).await?;
    let Invitation { reset, expires_at, .. } = made.invitation;
    let link = link::address(&app, &made);
    let sent = match way {
        Way::Print => None,
        way => {
            let kindergarten = &charge.mandate().site().kindergarten.name;
            let message = Message::invitation(to.language, kindergarten, &link, reset);
            Some(app.messages.send(way, &to.login, &message).await)
        }
    };
    // What could not be sent is not lost: it can be handed over. But a link that logs in elsewhere, too, is not for the director's eyes.
    let link = (sent != Some(Ok(())) && !shared).then_some(link);
    let made = MadeInvitation {
        reset,
        expires_at,
        sent: sent.map(|sent| sent.is_ok()),
        not_sent: sent.and_then(Result::err).map(NotSent::code),
        qr: link.as_deref().and_then(qr::svg),
        link,
    };
    Ok((StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(made)))
}

/// Takes the person's link back. Where there is none, nothing changes.
#[utoipa::path(
    delete, path = "/api/v1/people/{account}/invitation", tag = "console", security(("log-in" = [])),
    params(("account" = String, Path, description = "The person's account")),
    responses(
        (status = 204, description = "There is no link that works"),
        WithLogin,
        (status = 403, description = "`csrf`, `not_yours`: not one of the kindergarten's people", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http::console) async fn withdraw(
    State(app): State<Shared>,
    person: Person,
    Path(account): Path<String>,
) -> Result<StatusCode, Problem> {
    let charge = charge(&app, &person, &account).await?;
    invitations::withdraw(&app.db, &charge, person.now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The charge of the account with this id, if the caller looks after it.
pub(super) async fn charge<'a>(app: &Shared, person: &'a Person, account: &str) -> Result<Charge<'a>, Problem> {
    let mandate = person.own_mandate()?;
    let account: AccountId = account.parse().map_err(|_| Refusal::NotYours)?;
    in_charge(&app.db, mandate, account, person.now).await.map_err(Problem::from)
}
