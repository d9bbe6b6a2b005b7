//! Which column holds what, by the words that stand above them in three languages.

use super::table::Table;
use crate::model::{Language, UnknownWord, words};
use std::{collections::BTreeMap, fmt, str::FromStr};

words! {
    /// A column that is read.
    Column("column") {
        /// The child's name.
        Child = "child",
        /// The group's name.
        Group = "group",
        /// The child's first day.
        FirstDay = "first_day",
        /// The name of one of its guardians.
        Guardian = "guardian",
        /// The telephone number with which that guardian logs in.
        Phone = "phone",
    }
}

/// The words that stand above a column, in small letters, with `ё` written as `е` and nothing but letters, digits and single spaces.
const NAMES: [(Column, &[&str]); 5] = [
    (
        Column::Child,
        &[
            "child",
            "name",
            "child name",
            "name of child",
            "child s name",
            "full name",
            "student",
            "ребенок",
            "имя",
            "имя ребенка",
            "имя фамилия",
            "фамилия имя",
            "фио",
            "фио ребенка",
            "ф и о",
            "ф и о ребенка",
            "фамилия имя ребенка",
            "воспитанник",
            "бала",
            "баланың аты",
            "аты",
            "аты жөні",
            "баланың аты жөні",
            "балалар",
            "тәрбиеленуші",
        ],
    ),
    (Column::Group, &["group", "group name", "class", "группа", "название группы", "топ", "тобы", "топ атауы", "топтың атауы"]),
    (
        Column::FirstDay,
        &[
            "first day",
            "from",
            "start",
            "start date",
            "since",
            "date",
            "первый день",
            "с",
            "с какого дня",
            "дата",
            "начало",
            "дата зачисления",
            "дата поступления",
            "дата приема",
            "зачислен",
            "алғашқы күні",
            "бірінші күні",
            "келген күні",
            "күні",
            "қабылданған күні",
            "қашаннан",
        ],
    ),
    (
        Column::Guardian,
        &[
            "guardian",
            "guardian name",
            "parent",
            "parent name",
            "родитель",
            "родители",
            "имя родителя",
            "фио родителя",
            "ф и о родителя",
            "представитель",
            "законный представитель",
            "опекун",
            "ата ана",
            "ата анасы",
            "ата ананың аты",
            "ата ананың аты жөні",
            "қамқоршы",
            "заңды өкіл",
        ],
    ),
    (
        Column::Phone,
        &[
            "phone",
            "phone number",
            "telephone",
            "mobile",
            "guardian phone",
            "parent phone",
            "телефон",
            "тел",
            "номер",
            "номер телефона",
            "телефон родителя",
            "мобильный",
            "сотовый",
            "телефоны",
            "телефон нөмірі",
            "ата ананың телефоны",
            "ұялы телефон",
        ],
    ),
];

/// How far down the header may stand: lists have titles.
const HEADER_WITHIN: usize = 10;

/// The line that names the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Where it is among the lines of its table.
    pub(super) line: usize,
    at: BTreeMap<Column, usize>,
}

impl Header {
    /// The first line that names at least the child and the group.
    pub(super) fn find(table: &Table) -> Option<Self> {
        let lines = table.lines.iter().take(HEADER_WITHIN).enumerate();
        let mut headers = lines.map(|(line, cells)| Self { line, at: named(&cells.cells) });
        headers.find(|header| header.first_missing().is_none())
    }

    /// The text in `column` of a line; empty where the line or the table has no such column.
    pub(super) fn cell<'a>(&self, column: Column, cells: &'a [String]) -> &'a str {
        self.at.get(&column).and_then(|at| cells.get(*at)).map_or("", |cell| cell.trim())
    }

    fn first_missing(&self) -> Option<Column> {
        [Column::Child, Column::Group].into_iter().find(|column| !self.at.contains_key(column))
    }
}

/// The column that is missing where no line of any of `tables` names them all.
pub(super) fn missing(tables: &[Table]) -> Column {
    let lines = tables.iter().flat_map(|table| table.lines.iter().take(HEADER_WITHIN));
    let most = lines.map(|line| named(&line.cells)).max_by_key(BTreeMap::len);
    most.and_then(|at| Header { line: 0, at }.first_missing()).unwrap_or(Column::Child)
}

/// Which columns a line names; of two with one name the first counts.
fn named(cells: &[String]) -> BTreeMap<Column, usize> {
    let mut at = BTreeMap::new();
    for (index, cell) in cells.iter().enumerate() {
        let words = plain(cell);
        let column = NAMES.iter().find(|(_, names)| names.contains(&words.as_str())).map(|(column, _)| *column);
        column.map(|column| at.entry(column).or_insert(index));
    }
    at
}

fn plain(cell: &str) -> String {
    let letters = cell.to_lowercase().replace('ё', "е").replace(|c: char| !c.is_alphanumeric(), " ");
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands above the columns in a file of ours, in the order of [`Column`]; every one is read back.
pub const fn titles(language: Language) -> [&'static str; 5] {
    match language {
        Language::Kazakh => ["Баланың аты-жөні", "Топ", "Алғашқы күні", "Ата-ананың аты-жөні", "Телефон"],
        Language::Russian => ["ФИО ребёнка", "Группа", "Первый день", "ФИО родителя", "Телефон"],
        Language::English => ["Child", "Group", "First day", "Guardian", "Phone"],
    }
}

/// What stands above a child's last day in a list that is taken out; an import does not read it.
pub const fn last_day(language: Language) -> &'static str {
    match language {
        Language::Kazakh => "Соңғы күні",
        Language::Russian => "Последний день",
        Language::English => "Last day",
    }
}

#[cfg(test)]
mod tests {
    use super::{super::table::Line, *};

    fn table(lines: &[&[&str]]) -> Table {
        let line = |(index, cells): (usize, &&[&str])| Line {
            number: u32::try_from(index).unwrap() + 1,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        Table { lines: lines.iter().enumerate().map(line).collect() }
    }

    #[test]
    fn columns_are_found_by_their_words_in_every_language_and_any_order() {
        for language in [Language::Kazakh, Language::Russian, Language::English] {
            let mut titles = titles(language);
            titles.reverse();
            let header = Header::find(&table(&[&titles])).unwrap();
            assert_eq!(header.at.into_values().collect::<Vec<_>>(), [4, 3, 2, 1, 0], "{language}");
        }
        let header = Header::find(&table(&[&["№", " Ф.И.О. ребёнка* ", "ГРУППА", "Дата зачисления:"]])).unwrap();
        assert_eq!(header.at.into_values().collect::<Vec<_>>(), [1, 2, 3]);
    }

    #[test]
    fn a_title_may_stand_above_and_a_column_that_is_missing_is_named() {
        let list = table(&[&["Список детей"], &["Имя", "Группа"], &["Анна", "Солнышко"]]);
        assert_eq!(Header::find(&list).unwrap().line, 1);
        assert_eq!(Header::find(&table(&[&["Имя", "Телефон"]])), None);
        assert_eq!(missing(&[table(&[&["Имя", "Телефон"]])]), Column::Group);
        assert_eq!(missing(&[table(&[&["?", "!"]])]), Column::Child);
    }
}
