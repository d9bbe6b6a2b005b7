//! Many rows with few statements: each statement is a trip to the database, and an import has thousands of rows.

use super::{DbError, Tx, Value};
use std::fmt::Write;

/// Rows a statement. SQLite looks each argument up by its name in a list, so that much longer statements take longer again; and it is
/// far below the arguments that either engine takes (SQLite 32 766, PostgreSQL 65 535).
const TOGETHER: usize = 32;

impl Tx {
    /// Inserts `rows`, each with a value for every column that `into` names: `"groups (id, name)"`.
    pub async fn insert(&self, into: &'static str, rows: Vec<Vec<Value>>) -> Result<(), DbError> {
        for chunk in rows.chunks(TOGETHER) {
            self.execute_made(statement(into, chunk), &chunk.concat()).await?;
        }
        Ok(())
    }
}

/// `insert into groups (id, name) values ($1, $2), ($3, $4)`
fn statement(into: &str, rows: &[Vec<Value>]) -> String {
    let mut sql = format!("insert into {into} values ");
    let mut argument = 0;
    for (index, row) in rows.iter().enumerate() {
        sql.push_str(if index == 0 { "(" } else { "), (" });
        for column in 0..row.len() {
            argument += 1;
            // Writing to a string does not fail.
            let _ = write!(sql, "{}${argument}", if column == 0 { "" } else { ", " });
        }
    }
    sql + ")"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_has_an_argument_for_every_value() {
        let row = vec![Value::from("a"), Value::from("b")];
        let rows = [row.clone(), row];
        assert_eq!(statement("groups (id, name)", &rows), "insert into groups (id, name) values ($1, $2), ($3, $4)");
    }
}
