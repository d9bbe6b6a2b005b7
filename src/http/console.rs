//! What directors manage and inspectors look at: a file a subject, every route in one table.
//!
//! Every handler asks [`person::Person`] for a mandate or an insight, and leaves what it does to [`crate::console`].

mod cameras;
mod pauses;
mod people;
mod person;
pub(super) mod today;

use super::Shared;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of the console, with its description.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(today::today))
        .routes(routes!(pauses::close))
        .routes(routes!(pauses::open_again))
        .routes(routes!(cameras::list, cameras::add))
        .routes(routes!(cameras::change, cameras::remove))
        .routes(routes!(cameras::test::test))
        .routes(routes!(people::people))
        .routes(routes!(people::guardianships::add))
        .routes(routes!(people::guardianships::end))
        .routes(routes!(people::guardianships::days))
        .routes(routes!(people::guardianships::restrict, people::guardianships::lift))
        .routes(routes!(people::invitations::invite, people::invitations::withdraw))
}
