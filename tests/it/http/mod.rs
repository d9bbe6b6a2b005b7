//! What is served over HTTP, as its clients see it.

mod access;
mod account;
mod alarms;
mod appeals;
mod audit;
mod cameras;
mod children;
mod company;
mod consents;
mod elsewhere;
mod encrypted;
mod explain;
mod exports;
mod factor;
mod guests;
mod holds;
mod hours;
mod inspecting;
mod invitations;
mod kindergartens;
mod login;
mod me;
mod messages;
mod news;
mod openapi;
mod pages;
mod pauses;
mod players;
mod policy;
mod recording_rules;
mod recordings;
mod rights;
mod secrets;
mod sessions;
mod settings;
mod shortfalls;
mod staff;

mod token;
mod viewings;
mod warnings;
mod whep;

/// Whom `tests/world/site.toml` has.
pub(super) mod people {
    /// A parent in Күншуақ.
    pub(crate) const ASEL: &str = "+77010000001";
    /// A parent in Күншуақ and Балапан.
    pub(crate) const DANIYAR: &str = "+77010000002";
    /// A parent in Қарлығаш, which is paused.
    pub(crate) const OLGA: &str = "+77010000003";
    /// A parent in Күншуақ whom a court keeps from looking.
    pub(crate) const YERLAN: &str = "+77010000006";
    /// A parent without a child here.
    pub(crate) const AIDOS: &str = "+77010000008";
    /// The director.
    pub(crate) const GULNAR: &str = "+77010000010";
    /// Works there.
    pub(crate) const ZARINA: &str = "+77010000011";
    /// The inspector.
    pub(crate) const SAULE: &str = "saule@example.kz";
    /// The operator.
    pub(crate) const TIMUR: &str = "+77010000030";
}
