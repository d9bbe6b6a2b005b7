//! Both databases: what is tested on one is tested on the other.

use super::postgres;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use tereze::{
    args,
    db::{Db, Queries},
};

/// A database that is empty but for its schema.
pub struct Database {
    pub db: Db,
    pub url: String,
    _folder: Option<TempDir>,
}

/// A new SQLite database in a folder that goes away with it.
pub async fn sqlite() -> Database {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("tereze.db").display());
    Database { db: Db::open(&url).await.unwrap(), url, _folder: Some(folder) }
}

/// A new database in the PostgreSQL of this test run.
pub async fn postgres() -> Database {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("tereze_{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let server = tokio::task::spawn_blocking(|| postgres::url("postgres")).await.unwrap();
    let pool = sqlx::PgPool::connect(&server).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&pool).await.unwrap();
    pool.close().await;
    let url = postgres::url(&name);
    Database { db: Db::open(&url).await.unwrap(), url, _folder: None }
}

/// One of each.
pub async fn both() -> [Database; 2] {
    [sqlite().await, postgres().await]
}

impl Database {
    /// Runs a statement, as somebody would who has got hold of the database.
    pub async fn tamper(&self, sql: &'static str) {
        assert!(self.db.execute(sql, args![]).await.unwrap() > 0, "nothing was touched: {sql}");
    }

    /// The text in the one column of the one row that `sql` gives.
    pub async fn text(&self, sql: &'static str) -> String {
        let row: Option<(String,)> = self.db.row(sql, args![]).await.unwrap();
        row.unwrap_or_else(|| panic!("no row: {sql}")).0
    }

    /// The number in the one column of the one row that `sql` gives.
    pub async fn number(&self, sql: &'static str) -> i64 {
        let row: Option<(i64,)> = self.db.row(sql, args![]).await.unwrap();
        row.unwrap_or_else(|| panic!("no row: {sql}")).0
    }
}
