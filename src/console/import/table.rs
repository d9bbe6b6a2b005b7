//! What every kind of file becomes: numbered lines of text cells.

use super::{NotAList, columns::Header};

/// More than any kindergarten has children, guardians and all.
pub(super) const MOST_LINES: usize = 10_000;
/// Columns further to the right are nobody's.
pub(super) const MOST_CELLS: usize = 64;

/// A sheet.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) lines: Vec<Line>,
}

/// A line in which something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// As the program shows it that the file was made with: the first is 1.
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
}

impl Table {
    /// Takes a line in; one in which nothing stands is left out.
    pub(super) fn push(&mut self, line: Line) -> Result<(), NotAList> {
        if line.cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        if self.lines.len() > MOST_LINES {
            return Err(NotAList::TooManyRows);
        }
        self.lines.push(line);
        Ok(())
    }

    /// The lines below `header`.
    pub(super) fn below(&self, header: &Header) -> impl Iterator<Item = &Line> {
        self.lines.iter().skip(header.line + 1)
    }
}
