//! CSV, as spreadsheets of this part of the world write it: with commas, semicolons or tabs, in UTF-8 or in Windows-1251.

use super::{
    NotAList,
    table::{Line, MOST_CELLS, Table},
};
use encoding_rs::{Encoding, WINDOWS_1251};
use std::borrow::Cow;

/// What may stand between cells. What a spreadsheet writes comes before what stands in names too.
const SEPARATORS: [u8; 3] = [b'\t', b';', b','];

/// The file with each separator: the one that makes a header of it is the right one.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Table>, NotAList> {
    let text = decode(bytes).ok_or(NotAList::Unreadable)?;
    SEPARATORS.iter().map(|separator| split(&text, *separator)).collect()
}

/// A byte order mark says what the text is in; without one it is UTF-8, or else what Windows writes here. `None` where it is no text.
fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = match (Encoding::for_bom(bytes), std::str::from_utf8(bytes)) {
        (Some((encoding, _)), _) => encoding.decode(bytes).0,
        (None, Ok(text)) => Cow::Borrowed(text),
        (None, Err(_)) => WINDOWS_1251.decode_without_bom_handling(bytes).0,
    };
    (!text.contains('\0')).then_some(text)
}

fn split(text: &str, separator: u8) -> Result<Table, NotAList> {
    let mut table = Table::default();
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    for record in reader.records() {
        let record = record.map_err(|_| NotAList::Unreadable)?;
        let number = record.position().map_or(0, csv::Position::line);
        let cells = record.iter().take(MOST_CELLS).map(str::to_owned).collect();
        table.push(Line { number: u32::try_from(number).unwrap_or(u32::MAX), cells })?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells of the second line when `separator` is the right one.
    fn second(bytes: &[u8], separator: usize) -> Vec<String> {
        read(bytes).unwrap()[separator].lines[1].cells.clone()
    }

    #[test]
    fn cells_are_told_apart_by_whatever_stands_between_them() {
        for (index, separator) in ["\t", ";", ","].into_iter().enumerate() {
            let file = format!("child{separator}group\r\n\"Ким; Анна, мл.\"{separator}Күншуақ\r\n");
            assert_eq!(second(file.as_bytes(), index), ["Ким; Анна, мл.", "Күншуақ"]);
        }
    }

    #[test]
    fn the_text_is_read_in_whatever_it_was_written() {
        let text = "имя;группа\nЁлкина Анна;Солнышко\n";
        let (windows, _, _) = WINDOWS_1251.encode(text);
        let utf16: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let marked = format!("\u{feff}{text}");
        for bytes in [text.as_bytes(), &windows, &utf16, marked.as_bytes()] {
            assert_eq!(second(bytes, 1), ["Ёлкина Анна", "Солнышко"]);
            assert_eq!(read(bytes).unwrap()[1].lines[0].cells[0], "имя");
        }
    }

    #[test]
    fn lines_are_counted_as_a_spreadsheet_does_and_empty_ones_are_left_out() {
        let table = &read("child,group\n\n,\nA,B\n".as_bytes()).unwrap()[2];
        assert_eq!(table.lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 4]);
    }

    #[test]
    fn what_is_no_text_or_too_long_is_not_read() {
        assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap_err(), NotAList::Unreadable);
        assert_eq!(read("a,b\n".repeat(20_000).as_bytes()).unwrap_err(), NotAList::TooManyRows);
    }
}
