//! SDP bodies of the two types that WHEP knows.

use super::super::{Fault, Problem};
use axum::{
    extract::{FromRequest, Request, rejection::StringRejection},
    http::{StatusCode, header},
};

/// An offer or answer (RFC 8866 §8.1).
pub(super) const OFFER: &str = "application/sdp";
/// A fragment (RFC 8840 §9.3).
pub(super) const FRAGMENT: &str = "application/trickle-ice-sdpfrag";

/// An SDP offer.
pub(in crate::http) struct Offer(pub(super) String);

/// A trickle fragment, or nothing.
pub(in crate::http) struct Fragment(pub(super) String);

impl<S: Send + Sync> FromRequest<S> for Offer {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        read(request, state, OFFER).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fragment {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        read(request, state, FRAGMENT).await.map(Self)
    }
}

/// The body, if it is of type `wanted`; parameters of the type are let be.
async fn read<S: Send + Sync>(request: Request, state: &S, wanted: &str) -> Result<String, Problem> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(wanted) {
        return Err(Fault::WrongContentType.into());
    }
    Ok(String::from_request(request, state).await?)
}

impl From<StringRejection> for Problem {
    fn from(rejection: StringRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge,
            _ => Fault::BadRequest,
        }
        .into()
    }
}
