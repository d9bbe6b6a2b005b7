//! The database: SQLite or PostgreSQL, one SQL text a statement. One file a subject, the SQL beside the type that it fills.
//!
//! [`Db`] reads; [`Tx`] reads and writes. Both answer [`Queries`], so that a loader serves a page and a transaction alike.

pub mod accounts;
pub mod alarm_keys;
pub mod appeals;
pub mod believed_time;
mod bulk;
pub mod camera_defects;
pub mod camera_health;
pub mod cameras;
pub mod children;
pub mod company;
mod connect;
pub mod consents;
pub mod exports;
pub mod gaps;
pub mod groups;
pub mod guardianships;
pub mod guests;
pub mod holds;
pub mod hours;
pub mod interruptions;
pub mod invitations;
pub mod kept;
pub mod kindergartens;
mod known;
pub mod logins;
pub mod masks;
pub mod mergers;
mod migrations;
pub mod pauses;
pub mod people;
pub mod playbacks;
pub mod postings;
pub mod recent;
pub mod recording_rules;
pub mod runs;
pub mod seals;
pub mod second_factors;
pub mod segments;
pub mod settings;
pub mod site;
mod value;
pub mod viewings;
pub mod warnings;

pub use connect::{Db, DbError, Tx};
pub use value::{Day, Moment, Value};

use crate::args;
use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};
use std::future::Future;

/// A type that `#[derive(sqlx::FromRow)]` fills from a row of either engine.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

/// What can be asked.
pub trait Queries: Sync {
    /// Every row of a query.
    fn rows<T: Row>(&self, sql: &'static str, args: &[Value]) -> impl Future<Output = Result<Vec<T>, DbError>> + Send;

    /// The first row of a query, if there is one.
    fn row<T: Row>(&self, sql: &'static str, args: &[Value]) -> impl Future<Output = Result<Option<T>, DbError>> + Send;
}

/// The number that every change of facts adds one to.
pub async fn revision(db: &impl Queries) -> Result<i64, DbError> {
    let row: Option<(i64,)> = db.row("select number from revision where id = 1", args![]).await?;
    Ok(row.map_or(0, |(number,)| number))
}
