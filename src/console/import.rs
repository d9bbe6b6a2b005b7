//! A list of children from a file (CSV or XLSX) becomes a kindergarten: all of it, or nothing.
//!
//! ```text
//! bytes ─▶ table ─▶ header ─▶ rows ─┐
//!                                   ├─▶ plan (pure) ─▶ preview, or one transaction with its audit records
//! database ────────────▶ standing ──┘
//! ```
//!
//! What is there already is left as it is, so that the same file twice changes nothing twice. Nothing in a file is believed: its
//! size, its number of rows, what it unpacks to and every cell are bounded and checked.

mod columns;
mod plan;
mod rows;
mod standing;
mod table;
mod text_file;
mod workbook;
mod write;

pub use columns::{Column, last_day, titles};
pub use rows::{Flaw, Why};

use crate::{
    db::{Db, DbError},
    model::Language,
    policy::Mandate,
};
use columns::Header;
use jiff::{Timestamp, civil::Date};
use plan::Plan;
use rows::Row;
use standing::Standing;

/// The largest file that is taken, in bytes: ten thousand rows are a tenth of it.
pub const LARGEST: usize = 8 * 1024 * 1024;

/// The file holds no list that could be looked at row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAList {
    /// It is neither a workbook nor text, or a broken one.
    #[error("neither CSV nor XLSX, or broken")]
    Unreadable,
    /// It has no rows below its header.
    #[error("no rows")]
    Empty,
    /// It has more rows than any kindergarten has children.
    #[error("too many rows")]
    TooManyRows,
    /// No row names its columns, or one of them is missing.
    #[error("the column '{0}' is missing")]
    NoColumn(Column),
}

/// What is in a file, row by row.
#[derive(Debug, Clone)]
pub struct List {
    rows: Vec<Row>,
    flaws: Vec<Flaw>,
    count: usize,
}

/// What an import would make, or has made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// The names of new groups.
    pub groups: Vec<String>,
    /// How many children are new.
    pub children: usize,
    /// How many guardians are newly tied to a child.
    pub guardians: usize,
    /// How many rows say nothing new.
    pub known: usize,
}

/// What somebody is shown before anything is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// How many rows the file has.
    pub rows: usize,
    /// What stands in the way, in the order of the rows; nothing is imported while there is anything.
    pub flaws: Vec<Flaw>,
    /// What would be made of the rows in which nothing is wrong.
    pub makes: Made,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum NotImported {
    /// At least one row is at fault.
    #[error("rows are at fault")]
    Flaws(Preview),
    /// It could not be written down.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Reads the bytes of a file; `today` is the first day of whoever has none. It takes its time: not for a thread that serves others.
pub fn read(bytes: &[u8], today: Date) -> Result<List, NotAList> {
    let tables = if bytes.starts_with(workbook::MAGIC) { vec![workbook::read(bytes)?] } else { text_file::read(bytes)? };
    let found = tables.iter().find_map(|table| Some((table, Header::find(table)?)));
    let (table, header) = found.ok_or_else(|| NotAList::NoColumn(columns::missing(&tables)))?;
    let (rows, flaws) = rows::read(table, &header, today);
    let count = table.below(&header).count();
    if count == 0 { Err(NotAList::Empty) } else { Ok(List { rows, flaws, count }) }
}

/// What an import of `list` would do to the kindergarten as it stands.
pub async fn preview(db: &Db, mandate: Mandate<'_>, list: &List, now: Timestamp) -> Result<Preview, DbError> {
    let standing = Standing::load(db, mandate.kindergarten()).await?;
    let (plan, flaws) = plan::plan(&list.rows, &standing, now);
    Ok(list.preview(&plan, flaws))
}

/// Makes whatever of `list` is not there yet: all of it, or nothing. New guardians' pages are in `language` until they choose.
pub async fn import(db: &Db, mandate: Mandate<'_>, list: &List, language: Language, now: Timestamp) -> Result<Made, NotImported> {
    let tx = db.begin().await?;
    // Nobody else changes anything from here on: what is planned is what is made.
    tx.touch().await?;
    let standing = Standing::load(&tx, mandate.kindergarten()).await?;
    let (plan, flaws) = plan::plan(&list.rows, &standing, now);
    let preview = list.preview(&plan, flaws);
    if !preview.flaws.is_empty() {
        return Err(NotImported::Flaws(preview));
    }
    if !plan.is_empty() {
        write::write(&tx, mandate, &plan, preview.rows, language, now).await?;
        tx.commit().await?;
    }
    Ok(preview.makes)
}

impl List {
    fn preview(&self, plan: &Plan, flaws: Vec<Flaw>) -> Preview {
        let mut flaws = [self.flaws.clone(), flaws].concat();
        flaws.sort_by_key(|flaw| (flaw.row, flaw.column));
        Preview { rows: self.count, flaws, makes: plan.made() }
    }
}
