//! Lists as files that Excel, `LibreOffice` and other programs open: RFC 4180, in UTF-8 with the mark at its front without which Excel
//! takes Kazakh for Latin.
//!
//! A field that begins like a formula is one for these programs, whoever wrote it: a parent's name could then do things on the
//! director's computer. An apostrophe before it makes it text (OWASP, CSV injection).

use crate::model::Language;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// U+FEFF.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What a formula begins with, in the wide letters of East Asia as well.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠'];

/// What nobody sees before it.
const INVISIBLE: [char; 5] = ['\u{feff}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2060}'];

/// A file that grows by rows.
pub(super) struct Csv {
    text: String,
    separator: char,
}

impl Csv {
    /// An empty one. Excel separates as the country does: with a semicolon where the comma stands in numbers.
    pub(super) fn new(language: Language) -> Self {
        let separator = if language == Language::English { ',' } else { ';' };
        Self { text: BYTE_ORDER_MARK.to_string(), separator }
    }

    /// Adds a row.
    pub(super) fn row<'a>(&mut self, fields: impl IntoIterator<Item = &'a str>) {
        for (column, field) in fields.into_iter().enumerate() {
            if column > 0 {
                self.text.push(self.separator);
            }
            self.field(field);
        }
        self.text.push_str("\r\n");
    }

    fn field(&mut self, field: &str) {
        self.text.push('"');
        let begins = field.trim_start_matches(|c: char| c.is_whitespace() || INVISIBLE.contains(&c));
        if begins.len() < field.len() || begins.starts_with(FORMULA) {
            self.text.push('\'');
        }
        self.text.push_str(&field.replace('"', "\"\""));
        self.text.push('"');
    }

    /// The file under `name`, of plain letters.
    pub(super) fn response(self, name: &str) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        (headers, self.text).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(language: Language, fields: &[&str]) -> String {
        let mut csv = Csv::new(language);
        csv.row(fields.iter().copied());
        csv.text
    }

    #[test]
    fn a_field_is_quoted_and_separated_as_the_country_does() {
        assert_eq!(text(Language::English, &["a", "b\"c", "d,\ne"]), "\u{feff}\"a\",\"b\"\"c\",\"d,\ne\"\r\n");
        assert_eq!(text(Language::Kazakh, &["a", "b"]), "\u{feff}\"a\";\"b\"\r\n");
    }

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for field in ["=HYPERLINK(\"http://x\")", "+7701", "-1", "@SUM(A1)", "\t=1", "\u{feff}=1", "|cmd", "＝1"] {
            let row = text(Language::English, &[field]);
            assert!(row.starts_with("\u{feff}\"'"), "{row:?}");
        }
        assert_eq!(text(Language::English, &["Әсел <img onerror=1>"]), "\u{feff}\"Әсел <img onerror=1>\"\r\n");
    }
}
