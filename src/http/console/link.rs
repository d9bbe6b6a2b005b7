//! A link that lets a person in once, as whoever made it is shown it.

use crate::{console::links::Made, http::Shared, qr};
use jiff::Timestamp;
use serde::Serialize;

/// A link that was just made.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct MadeLink {
    /// Whether it replaces a password that there is.
    reset: bool,
    /// The first moment at which it no longer works.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The link: shown this once.
    #[schema(example = "https://tereze.example/invite#7K3M-9QPA-2TFW-HD84-XB1C-06RZ")]
    link: String,
    /// The same as a QR code: an SVG document.
    qr: Option<String>,
}

impl MadeLink {
    /// As it is shown.
    pub(super) fn of(app: &Shared, made: &Made) -> Self {
        let link = address(app, made);
        let it = &made.invitation;
        Self { reset: it.reset, expires_at: it.expires_at, qr: qr::svg(&link), link }
    }
}

/// The link itself.
pub(super) fn address(app: &Shared, made: &Made) -> String {
    format!("{}invite#{}", app.config.server.public_url, made.secret.shown())
}
