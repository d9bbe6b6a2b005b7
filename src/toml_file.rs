//! Reading TOML so that an error names file, line, column and field, and quotes no value: it could be a password.

use serde::de::DeserializeOwned;
use std::{
    fmt, fs,
    ops::Range,
    path::{Path, PathBuf},
};
use toml::de::{DeTable, DeValue};

/// The longest file that is read, in bytes: thousands of children fit.
const LONGEST: u64 = 8 << 20;

/// A TOML file's text and where it came from.
#[derive(Debug, Clone)]
pub struct TomlFile {
    path: PathBuf,
    text: String,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Line and column, both from 1; `None` when it is about the file as a whole.
    pub place: Option<(usize, usize)>,
    /// The field, such as `kindergarten[0].camera[2].main`; empty when it is about no field.
    pub field: String,
    /// What is wrong, without the value.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        if !self.field.is_empty() {
            write!(f, ": {}", self.field)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Everything that was found wrong in a file; at least one thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(Fault::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl TomlFile {
    /// Reads the file at `path`.
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let file = Self { path: path.to_owned(), text: String::new() };
        let unreadable = |error: std::io::Error| file.fault(None, error.to_string());
        if fs::metadata(path).map_err(unreadable)?.len() > LONGEST {
            return Err(file.fault(None, format!("longer than {} MiB", LONGEST >> 20)));
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        Ok(Self { text, ..file })
    }

    /// Takes `text` as the content of the file `path`.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Parses it.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        toml::from_str(&self.text).map_err(|error| self.fault(error.span(), unquoted(error.message())))
    }

    /// `path` as the file means it: relative to the folder that the file is in.
    pub fn beside(&self, path: &Path) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }

    /// Something wrong at `span`, the bytes of a value or a key.
    pub fn fault(&self, span: Option<Range<usize>>, message: impl Into<String>) -> Fault {
        let place = span.as_ref().and_then(|span| self.text.get(..span.start)).map(|before| {
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
        });
        let field = span.and_then(|span| field_at(&self.text, &span)).unwrap_or_default();
        Fault { file: self.path.display().to_string(), place, field, message: message.into() }
    }
}

/// A deserializer's words without the value that they may quote: `invalid type: string "hunter2", expected a boolean`.
fn unquoted(message: &str) -> String {
    let expected = message.split_once(", expected ").map(|(_, expected)| expected);
    match expected {
        Some(expected) if message.starts_with("invalid ") => format!("expected {expected}"),
        _ => message.to_owned(),
    }
}

/// The path of the field whose key or value lies at `span`: of all that hold it, the one that holds least besides.
fn field_at(text: &str, span: &Range<usize>) -> Option<String> {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut best: Option<(usize, String)> = None;
    let mut consider = |at: Range<usize>, path: &str| {
        let holds = at.start <= span.start && span.end <= at.end;
        if holds && best.as_ref().is_none_or(|(length, _)| at.len() < *length) {
            best = Some((at.len(), path.to_owned()));
        }
    };
    walk_table(table.get_ref(), "", &mut consider);
    best.map(|(_, path)| path)
}

fn walk_table(table: &DeTable<'_>, path: &str, visit: &mut impl FnMut(Range<usize>, &str)) {
    for (key, value) in table {
        let path = if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
        visit(key.span(), &path);
        visit(value.span(), &path);
        walk_value(value.get_ref(), &path, visit);
    }
}

fn walk_value(value: &DeValue<'_>, path: &str, visit: &mut impl FnMut(Range<usize>, &str)) {
    if let Some(table) = value.as_table() {
        walk_table(table, path, visit);
    } else if let Some(array) = value.as_array() {
        for (index, item) in array.iter().enumerate() {
            let path = format!("{path}[{index}]");
            visit(item.span(), &path);
            walk_value(item.get_ref(), &path, visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its errors are looked at")]
    struct House {
        room: Vec<Room>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only its errors are looked at")]
    struct Room {
        name: String,
        windows: Option<u8>,
    }

    fn fault(text: &str) -> String {
        TomlFile::new("house.toml", text).parse::<House>().unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_value_is_named_by_line_column_and_field_and_not_quoted() {
        let wrong = fault("[[room]]\nname = 'a'\n\n[[room]]\nname = 'b'\nwindows = 'hunter2'\n");
        assert_eq!(wrong, "house.toml:6:11: room[1].windows: expected u8");
    }

    #[test]
    fn an_unknown_field_is_named() {
        let wrong = fault("[[room]]\nname = 'a'\ndoor = 1\n");
        assert!(wrong.starts_with("house.toml:3:1: room[0].door: unknown field `door`"), "{wrong}");
    }

    #[test]
    fn a_missing_field_is_named_in_the_table_that_lacks_it() {
        let wrong = fault("[[room]]\nname = 'a'\n[[room]]\nwindows = 1\n");
        assert_eq!(wrong, "house.toml:3:1: room[1]: missing field `name`");
    }

    #[test]
    fn text_that_is_no_toml_is_named_by_line() {
        assert!(fault("[[room]]\nname = \n").starts_with("house.toml:2:"));
    }
}
