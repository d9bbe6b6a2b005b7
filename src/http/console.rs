//! What directors manage and inspectors look at: a file a subject, every route in one table.
//!
//! Every handler asks [`person::Person`] for a mandate or an insight, and leaves what it does to [`crate::console`].

mod alarm_keys;
mod appeals;
mod audit;
mod cameras;
mod children;
mod consents;
mod exports;
mod first_steps;
mod groups;
mod holds;
mod hours;
mod import;
mod kindergartens;
mod link;
mod mergers;
mod pauses;
mod people;
mod period;
mod person;
mod playbacks;
mod recording_rules;
mod recordings;
mod settings;
mod sheet;
pub(super) mod today;
mod viewings;

pub use cameras::Finder;

use super::Shared;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Every route of the console, with its description.
pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(today::today))
        .routes(routes!(pauses::close, pauses::history::history))
        .routes(routes!(pauses::open_again))
        .routes(routes!(viewings::viewings))
        .routes(routes!(viewings::people))
        .routes(routes!(viewings::marks::unusual))
        .routes(routes!(viewings::export::csv))
        .routes(routes!(viewings::ending::end, viewings::ending::let_in))
        .routes(routes!(viewings::refusals::refusals))
        .routes(routes!(audit::records))
        .routes(routes!(audit::export::csv))
        .routes(routes!(audit::proofs::checkpoint))
        .routes(routes!(audit::proofs::consistency))
        .routes(routes!(audit::proofs::inclusion))
        .routes(routes!(cameras::list, cameras::add))
        .routes(routes!(cameras::change, cameras::remove))
        .routes(routes!(cameras::health::health))
        .routes(routes!(cameras::masks::set))
        .routes(routes!(cameras::still::still))
        .routes(routes!(cameras::test::test))
        .routes(routes!(people::people))
        .routes(routes!(people::guardianships::add))
        .routes(routes!(people::guardianships::end))
        .routes(routes!(people::guardianships::days))
        .routes(routes!(people::guardianships::restrict, people::guardianships::lift))
        .routes(routes!(people::invitations::invite, people::invitations::withdraw))
        .routes(routes!(exports::order))
        .routes(routes!(exports::fetch))
        .routes(routes!(holds::list, holds::hold))
        .routes(routes!(holds::release))
        .routes(routes!(hours::hours, hours::set_week))
        .routes(routes!(hours::day))
        .routes(routes!(hours::set_dates))
        .routes(routes!(hours::end_date))
        .routes(routes!(hours::holidays))
        .routes(routes!(settings::settings, settings::set))
        .routes(routes!(recording_rules::rules, recording_rules::set))
        .routes(routes!(groups::make))
        .routes(routes!(groups::rename))
        .routes(routes!(groups::remove))
        .routes(routes!(children::list, children::enrol))
        .routes(routes!(children::rename))
        .routes(routes!(children::stay))
        .routes(routes!(children::leave))
        .routes(routes!(children::away, children::back))
        .routes(routes!(consents::own::look, consents::own::answer))
        .routes(routes!(consents::on_paper))
        .routes(routes!(consents::list))
        .routes(routes!(consents::export::csv))
        .routes(routes!(consents::publish))
        .routes(routes!(consents::set_rule))
        .routes(routes!(import::preview))
        .routes(routes!(import::import))
        .routes(routes!(import::template))
        .routes(routes!(import::export))
        .routes(routes!(kindergartens::list, kindergartens::found))
        .routes(routes!(kindergartens::appoint))
        .routes(routes!(kindergartens::dismiss))
        .routes(routes!(kindergartens::link))
        .routes(routes!(kindergartens::inspections::assign))
        .routes(routes!(kindergartens::inspections::unassign))
        .routes(routes!(cameras::find::find))
        .routes(routes!(cameras::find::streams))
        .routes(routes!(cameras::find::recorder))
        .routes(routes!(mergers::merge))
        .routes(routes!(mergers::part))
        .routes(routes!(people::access::block, people::access::unblock))
        .routes(routes!(people::access::logins, people::access::sign_out_everywhere))
        .routes(routes!(people::access::sign_out))
        .routes(routes!(alarm_keys::list, alarm_keys::make))
        .routes(routes!(alarm_keys::remove))
        .routes(routes!(appeals::list, appeals::own::report))
        .routes(routes!(appeals::export::csv))
        .routes(routes!(appeals::answer))
        .routes(routes!(appeals::own::reply))
        .routes(routes!(appeals::own::own))
        .routes(routes!(people::guests::ask, people::guests::own))
        .routes(routes!(people::guests::withdraw))
        .routes(routes!(people::guests::decide))
        .routes(routes!(people::staff::add))
        .routes(routes!(people::staff::move_to))
        .routes(routes!(people::staff::remove))
        .routes(routes!(recordings::day))
        .routes(routes!(playbacks::open, playbacks::list::playbacks))
        .routes(routes!(playbacks::list::csv))
        .routes(routes!(playbacks::end))
        .routes(routes!(playbacks::pieces::playlist))
        .routes(routes!(playbacks::pieces::segment))
}
