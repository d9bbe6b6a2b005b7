//! Every error that leaves the gateway: `application/problem+json` (RFC 9457) with a stable code.
//!
//! `type` stays `about:blank` and `title` the status' own phrase: nothing here is prose for a screen to parse. The code is what
//! clients branch on and what the pages translate.

use super::limits::TooSoon;
use crate::{db::DbError, policy::Refusal};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Serialize;
use std::time::Duration;

/// An error as a client sees it.
#[derive(Debug, Clone, Default, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code says what it is.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    pub(super) kind: &'static str,
    /// The phrase of the status.
    pub(super) title: &'static str,
    /// The HTTP status.
    pub(super) status: u16,
    /// The stable code.
    #[schema(example = "outside_hours")]
    pub code: &'static str,
    /// When viewing opens next.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub opens_at: Option<Timestamp>,
    /// Until when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Since when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// The director's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The codec that the camera sends, where that is what stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codec: Option<String>,
    /// Which field of what was sent is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "name")]
    pub field: Option<&'static str>,
    /// Seconds after which trying again makes sense; the header `Retry-After` says the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem with nothing but a status and a code.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        let title = status.canonical_reason().unwrap_or_default();
        Self { kind: "about:blank", title, status: status.as_u16(), code, ..Self::default() }
    }

    /// A field of what was sent is wrong.
    pub fn bad_field(field: &'static str) -> Self {
        Self { field: Some(field), ..Fault::BadField.into() }
    }

    /// With the seconds, rounded up, after which to try again.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)), ..self }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Logs `error` whole and tells the client nothing of it.
    pub fn internal(error: &dyn std::error::Error) -> Self {
        let causes = std::iter::successors(error.source(), |cause| cause.source());
        let whole = causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"));
        tracing::error!(error = whole, "a request failed");
        Fault::Internal.into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, code, retry_after) = (self.status(), self.code, self.retry_after);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        // RFC 6750 §3: a request without any token is told the scheme alone.
        match code {
            "token_missing" => headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            _ if code.starts_with("token_") && status == StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""))
            }
            _ => None,
        };
        response.extensions_mut().insert(Code(code));
        response
    }
}

/// The code of a problem, left on the response for the metrics.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code(pub(super) &'static str);

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $code:literal);* $(;)?) => {
        /// What can be wrong with a request before anybody asks the policy.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault {
            $($(#[$doc])* $name),*
        }

        impl Fault {
            /// Every one of them, for those who must have a word for each.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The HTTP status.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),* }
            }
        }
    };
}

faults! {
    /// Nobody is logged in here.
    NotLoggedIn = UNAUTHORIZED, "not_logged_in";
    /// The password is right; now the second factor is to be shown.
    SecondFactor = UNAUTHORIZED, "second_factor";
    /// The role needs a second factor, which is to be set up before anything else opens.
    SecondFactorNeeded = FORBIDDEN, "second_factor_needed";
    /// A request that changes something lacks the log-in's `X-CSRF-Token`.
    Csrf = FORBIDDEN, "csrf";
    /// A log-in was sent by another site's page.
    CrossSite = FORBIDDEN, "cross_site";
    /// The account's role may not ask for this.
    NotAllowed = FORBIDDEN, "not_allowed";
    /// The request cannot be read.
    BadRequest = BAD_REQUEST, "bad_request";
    /// The body is larger than anything this server takes.
    TooLarge = PAYLOAD_TOO_LARGE, "too_large";
    /// The body is not of the type that this address takes.
    WrongContentType = UNSUPPORTED_MEDIA_TYPE, "wrong_content_type";
    /// More requests than one account or address may make.
    TooManyRequests = TOO_MANY_REQUESTS, "too_many_requests";
    /// There is nothing here.
    NotFound = NOT_FOUND, "not_found";
    /// The address does not take this method.
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method_not_allowed";
    /// A view token for everything would be too long: one kindergarten has to be named.
    NameAKindergarten = BAD_REQUEST, "name_a_kindergarten";
    /// A reason is missing, too long, or more than one line.
    BadReason = BAD_REQUEST, "bad_reason";
    /// A field of what was sent is missing or cannot be; `field` names it.
    BadField = BAD_REQUEST, "bad_field";
    /// The login belongs to an account that is no parent's.
    LoginTaken = CONFLICT, "login_taken";
    /// Somebody logs in with this already.
    LoginInUse = CONFLICT, "login_in_use";
    /// The account is a guardian of the child already.
    AlreadyGuardian = CONFLICT, "already_guardian";
    /// As many wishes of the parent wait for the director as may.
    TooManyWaiting = CONFLICT, "too_many_waiting";
    /// As many problems that the parent reported are open as may.
    TooManyOpen = CONFLICT, "too_many_open";
    /// The parent wrote as often as may be in a day.
    TooOften = TOO_MANY_REQUESTS, "too_often";
    /// Another kindergarten has a part in the account.
    SharedAccount = CONFLICT, "shared_account";
    /// The person is to be unblocked first.
    PersonBlocked = CONFLICT, "person_blocked";
    /// There is no link with this secret.
    InvitationUnknown = NOT_FOUND, "invitation_unknown";
    /// The link has expired.
    InvitationExpired = GONE, "invitation_expired";
    /// Somebody came in by the link.
    InvitationUsed = GONE, "invitation_used";
    /// The director took the link back.
    InvitationWithdrawn = GONE, "invitation_withdrawn";
    /// A newer link took its place.
    InvitationReplaced = GONE, "invitation_replaced";
    /// The password has too few characters.
    PasswordTooShort = BAD_REQUEST, "password_too_short";
    /// The password has too many.
    PasswordTooLong = BAD_REQUEST, "password_too_long";
    /// A group's own week would have no hours at all.
    NoHours = BAD_REQUEST, "no_hours";
    /// A pause would end in the past, or too far away.
    BadUntil = BAD_REQUEST, "bad_until";
    /// A camera's address leads to another device now, or its user is another: the password is needed again.
    PasswordNeeded = BAD_REQUEST, "password_needed";
    /// The kindergarten has as many cameras as it may.
    TooManyCameras = BAD_REQUEST, "too_many_cameras";
    /// As many cameras are tested or looked for as may be.
    CamerasBusy = SERVICE_UNAVAILABLE, "cameras_busy";
    /// A camera's picture cannot be decoded here, though browsers may show it.
    NoStill = CONFLICT, "no_still";
    /// Another has this name.
    NameTaken = CONFLICT, "name_taken";
    /// Children are in the group, or will be.
    GroupHasChildren = CONFLICT, "group_has_children";
    /// Cameras show the group's room.
    GroupHasCameras = CONFLICT, "group_has_cameras";
    /// Nobody has published a text on the camera, so there is nothing to agree to.
    NoConsentText = CONFLICT, "no_consent_text";
    /// The text that was read is not the newest.
    ConsentTextChanged = CONFLICT, "consent_text_changed";
    /// Another guardian of the child said no.
    ConsentRefused = CONFLICT, "consent_refused";
    /// One of two groups is together with another on that day.
    MergedOtherwise = CONFLICT, "merged_otherwise";
    /// A file is of no kind that is read, or broken.
    FileUnreadable = BAD_REQUEST, "file_unreadable";
    /// A file has no rows.
    FileEmpty = BAD_REQUEST, "file_empty";
    /// A file has more rows than are taken.
    FileTooLong = BAD_REQUEST, "file_too_long";
    /// A file names no such column; `field` is which.
    ColumnMissing = BAD_REQUEST, "column_missing";
    /// Rows of a file are at fault; nothing was done.
    RowsAtFault = CONFLICT, "rows_at_fault";
    /// This machine's network lets nothing be sent to everybody.
    NoNetwork = SERVICE_UNAVAILABLE, "no_network";
    /// The device that is asked for its streams does not answer.
    DeviceSilent = BAD_REQUEST, "device_silent";
    /// It refuses the user name or the password.
    DevicePassword = BAD_REQUEST, "device_password";
    /// It answers something that is not ONVIF.
    DeviceStrange = BAD_REQUEST, "device_strange";
    /// An inspector, or a parent's open report, keeps the recording.
    HoldNotYours = CONFLICT, "hold_not_yours";
    /// A panic button's key is not known here, or was taken away.
    AlarmKeyUnknown = UNAUTHORIZED, "alarm_key_unknown";
    /// The kindergarten has as many keys as it may.
    TooManyKeys = CONFLICT, "too_many_keys";
    /// Nothing was recorded of the span.
    NothingRecorded = CONFLICT, "nothing_recorded";
    /// Some of the span is still being written.
    StillRecording = CONFLICT, "still_recording";
    /// As many recordings are kept for good as may.
    TooManyHolds = CONFLICT, "too_many_holds";
    /// A recording was opened too long ago, or was left.
    PlaybackOver = FORBIDDEN, "playback_over";
    /// What was recorded is not there any more.
    RecordingGone = NOT_FOUND, "recording_gone";
    /// No area of the camera's picture is covered, so none can be in what is taken out.
    NoMasks = CONFLICT, "no_masks";
    /// With areas covered, the span is too long.
    MaskedTooLong = BAD_REQUEST, "masked_too_long";
    /// The recording's pictures cannot be decoded here, so nothing can be covered in them.
    MasksNotPossible = CONFLICT, "masks_not_possible";
    /// Areas are being covered in another recording.
    MaskingBusy = SERVICE_UNAVAILABLE, "masking_busy";
    /// What was recorded is encrypted, and its key is not here.
    RecordingLocked = SERVICE_UNAVAILABLE, "recording_locked";
    /// The file has no such bytes.
    NoSuchRange = RANGE_NOT_SATISFIABLE, "no_such_range";
    /// The running stream is another's, or over, or never was.
    NoSuchSession = NOT_FOUND, "no_such_session";
    /// The audit log has no signed checkpoint yet.
    NoCheckpoint = NOT_FOUND, "no_checkpoint";
    /// A record of the audit log is missing or cannot be read.
    LogDamaged = CONFLICT, "log_damaged";
    /// `If-Match` names another ICE session than the current one.
    EtagMismatch = PRECONDITION_FAILED, "etag_mismatch";
    /// The answer took too long.
    TimedOut = SERVICE_UNAVAILABLE, "timed_out";
    /// Our fault.
    Internal = INTERNAL_SERVER_ERROR, "internal";
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::new(fault.status(), fault.code())
    }
}

impl From<TooSoon> for Problem {
    fn from(TooSoon { wait }: TooSoon) -> Self {
        Self::from(Fault::TooManyRequests).retry_after(wait)
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        Self::internal(&error)
    }
}

/// How long to wait before asking a full camera again: viewers come and go within seconds.
const FULL_FOR: Duration = Duration::from_secs(15);

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let code = refusal.code();
        match refusal {
            Refusal::TokenExpired => Self::new(StatusCode::UNAUTHORIZED, code),
            Refusal::TooManyViewers { .. } => Self::new(StatusCode::SERVICE_UNAVAILABLE, code).retry_after(FULL_FOR),
            Refusal::GroupConsent { opens_at } => Self { opens_at, ..Self::new(StatusCode::FORBIDDEN, code) },
            Refusal::OutsideHours { opens_at, reason } => Self { opens_at, reason, ..Self::new(StatusCode::FORBIDDEN, code) },
            Refusal::Paused { until, reason, opens_at } => {
                Self { until: Some(until), reason: Some(reason), opens_at, ..Self::new(StatusCode::FORBIDDEN, code) }
            }
            Refusal::EndedByDirector { until, reason } => {
                Self { until: Some(until), reason: Some(reason), ..Self::new(StatusCode::FORBIDDEN, code) }
            }
            _ => Self::new(StatusCode::FORBIDDEN, code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_code_of_its_own() {
        let codes: std::collections::BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.code()).collect();
        assert_eq!(codes.len(), Fault::ALL.len());
    }

    #[test]
    fn a_wait_is_rounded_up_to_whole_seconds() {
        let problem = Problem::from(Fault::TooManyRequests).retry_after(Duration::from_millis(1_001));
        assert_eq!(problem.retry_after, Some(2));
    }
}
