//! Connections to either engine, and transactions.

use super::{Queries, Row, Value, migrations, value::arguments};
use crate::{args, secret::SecretError};
use sqlx::{
    AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    postgres::{PgArguments, PgPoolOptions},
    sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{str::FromStr, time::Duration};
use tokio::sync::Mutex;

/// How long a connection is waited for, and how long SQLite waits for another process's write to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// Something went wrong with the database; it holds no argument of a statement, only the engine's words.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The address is of neither engine.
    #[error("a database is 'sqlite:PATH' or 'postgres://…'")]
    Address,
    /// The engine refused.
    #[error("database: {0}")]
    Engine(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A sealed column does not open.
    #[error("the database holds a secret that is {0}")]
    Sealed(#[from] SecretError),
    /// A row holds what this version cannot read.
    #[error("the database holds what cannot be read: {0}")]
    Unreadable(String),
}

impl From<std::convert::Infallible> for DbError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Db {
    /// SQLite in one file: many readers, and one writer, so that no write waits in a busy loop.
    Sqlite {
        /// Connections that cannot write.
        readers: SqlitePool,
        /// The one connection that can.
        writer: SqlitePool,
    },
    /// PostgreSQL.
    Postgres(PgPool),
}

impl Db {
    /// Opens `sqlite:PATH` (made when missing) or `postgres://…`, and brings the schema up to date.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        let db = match url.split_once(':') {
            Some(("sqlite", _)) => Self::sqlite(url).await?,
            Some(("postgres" | "postgresql", _)) => {
                let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE);
                Self::Postgres(pool.connect(url).await?)
            }
            _ => return Err(DbError::Address),
        };
        match &db {
            Self::Sqlite { writer, .. } => migrations::migrator().run(writer).await?,
            Self::Postgres(pool) => migrations::migrator().run(pool).await?,
        }
        Ok(db)
    }

    async fn sqlite(url: &str) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An audit record that was answered for must survive a power cut.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let pool = || SqlitePoolOptions::new().acquire_timeout(PATIENCE);
        let writer = pool().max_connections(1).connect_with(options.clone()).await?;
        let readers = pool().max_connections(8).connect_with(options.pragma("query_only", "on")).await?;
        Ok(Self::Sqlite { readers, writer })
    }

    /// Which engine it is: `sqlite` or `postgres`.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// Begins a transaction that writes. Nothing of it remains unless it is [committed](Tx::commit).
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Ok(Tx(match self {
            // At once: a read that turns into a write could not wait for another process's write.
            Self::Sqlite { writer, .. } => Inner::Sqlite(Mutex::new(writer.begin_with("begin immediate").await?)),
            Self::Postgres(pool) => Inner::Postgres(Mutex::new(pool.begin().await?)),
        }))
    }

    /// Runs one statement that writes, in a transaction of its own; returns how many rows it touched.
    pub async fn execute(&self, sql: &'static str, args: &[Value]) -> Result<u64, DbError> {
        match self {
            Self::Sqlite { writer, .. } => {
                Ok(sqlx::query_with(sql, arguments::<SqliteArguments>(args)?).execute(writer).await?.rows_affected())
            }
            Self::Postgres(pool) => Ok(sqlx::query_with(sql, arguments::<PgArguments>(args)?).execute(pool).await?.rows_affected()),
        }
    }

    /// Waits for the statements under way, then closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Queries for Db {
    async fn rows<T: Row>(&self, sql: &'static str, args: &[Value]) -> Result<Vec<T>, DbError> {
        match self {
            Self::Sqlite { readers, .. } => {
                Ok(sqlx::query_as_with(sql, arguments::<SqliteArguments>(args)?).fetch_all(readers).await?)
            }
            Self::Postgres(pool) => Ok(sqlx::query_as_with(sql, arguments::<PgArguments>(args)?).fetch_all(pool).await?),
        }
    }

    async fn row<T: Row>(&self, sql: &'static str, args: &[Value]) -> Result<Option<T>, DbError> {
        match self {
            Self::Sqlite { readers, .. } => {
                Ok(sqlx::query_as_with(sql, arguments::<SqliteArguments>(args)?).fetch_optional(readers).await?)
            }
            Self::Postgres(pool) => Ok(sqlx::query_as_with(sql, arguments::<PgArguments>(args)?).fetch_optional(pool).await?),
        }
    }
}

/// A transaction that writes. Dropped without [`commit`](Self::commit), it leaves nothing behind.
#[derive(Debug)]
pub struct Tx(Inner);

/// The mutex lets a transaction be asked through `&self`, as the database itself is; nobody ever waits at it.
#[derive(Debug)]
enum Inner {
    Sqlite(Mutex<Transaction<'static, Sqlite>>),
    Postgres(Mutex<Transaction<'static, Postgres>>),
}

impl Tx {
    /// Runs a statement; returns how many rows it touched.
    pub async fn execute(&self, sql: &'static str, args: &[Value]) -> Result<u64, DbError> {
        match &self.0 {
            Inner::Sqlite(tx) => Ok(sqlx::query_with(sql, arguments::<SqliteArguments>(args)?)
                .execute(&mut **tx.lock().await)
                .await?
                .rows_affected()),
            Inner::Postgres(tx) => {
                Ok(sqlx::query_with(sql, arguments::<PgArguments>(args)?).execute(&mut **tx.lock().await).await?.rows_affected())
            }
        }
    }

    /// Runs a statement whose text was made here, of fixed parts.
    pub(super) async fn execute_made(&self, sql: String, args: &[Value]) -> Result<u64, DbError> {
        let sql = AssertSqlSafe(sql);
        match &self.0 {
            Inner::Sqlite(tx) => Ok(sqlx::query_with(sql, arguments::<SqliteArguments>(args)?)
                .execute(&mut **tx.lock().await)
                .await?
                .rows_affected()),
            Inner::Postgres(tx) => {
                Ok(sqlx::query_with(sql, arguments::<PgArguments>(args)?).execute(&mut **tx.lock().await).await?.rows_affected())
            }
        }
    }

    /// Says that facts change: running sessions are decided again once this is committed. It also makes such transactions come one
    /// after another, since each waits for the row.
    pub async fn touch(&self) -> Result<(), DbError> {
        self.execute("update revision set number = number + 1 where id = 1", args![]).await.map(drop)
    }

    /// Makes it last.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.0 {
            Inner::Sqlite(tx) => Ok(tx.into_inner().commit().await?),
            Inner::Postgres(tx) => Ok(tx.into_inner().commit().await?),
        }
    }
}

impl Queries for Tx {
    async fn rows<T: Row>(&self, sql: &'static str, args: &[Value]) -> Result<Vec<T>, DbError> {
        match &self.0 {
            Inner::Sqlite(tx) => {
                Ok(sqlx::query_as_with(sql, arguments::<SqliteArguments>(args)?).fetch_all(&mut **tx.lock().await).await?)
            }
            Inner::Postgres(tx) => {
                Ok(sqlx::query_as_with(sql, arguments::<PgArguments>(args)?).fetch_all(&mut **tx.lock().await).await?)
            }
        }
    }

    async fn row<T: Row>(&self, sql: &'static str, args: &[Value]) -> Result<Option<T>, DbError> {
        match &self.0 {
            Inner::Sqlite(tx) => {
                Ok(sqlx::query_as_with(sql, arguments::<SqliteArguments>(args)?).fetch_optional(&mut **tx.lock().await).await?)
            }
            Inner::Postgres(tx) => {
                Ok(sqlx::query_as_with(sql, arguments::<PgArguments>(args)?).fetch_optional(&mut **tx.lock().await).await?)
            }
        }
    }
}
