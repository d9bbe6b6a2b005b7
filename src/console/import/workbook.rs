//! The first sheet of a workbook (Office Open XML, ECMA-376): cells as text.
//!
//! Only what a list of names needs. Nothing is reserved because the file says so, and what it unpacks to is counted while it unpacks:
//! a library that trusts the counts in a file would let eight megabytes ask for all memory there is.

use super::{
    NotAList,
    table::{Line, MOST_CELLS, Table},
};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;

/// How every workbook begins: it is a ZIP file.
pub(super) const MAGIC: &[u8] = b"PK\x03\x04";

/// What one part of a workbook may unpack to, in bytes. A list as long as is taken has a tenth of that.
const LARGEST_PART: u64 = 64 * 1024 * 1024;
/// How many different texts there may be, and how long they may be together, in bytes.
const MOST_TEXTS: usize = 200_000;
const LONGEST_TEXTS: usize = 32 * 1024 * 1024;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The first sheet of the workbook.
pub(super) fn read(bytes: &[u8]) -> Result<Table, NotAList> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| NotAList::Unreadable)?;
    let sheet = first_sheet(&mut archive)?;
    let texts = shared_texts(&mut archive)?;
    lines(&mut part(&mut archive, &sheet)?.ok_or(NotAList::Unreadable)?, &texts)
}

/// A part of the workbook, read as it is unpacked; `None` when it has no such part.
fn part<'a>(archive: &'a mut Archive<'_>, name: &str) -> Result<Option<Reader<impl BufRead + 'a>>, NotAList> {
    match archive.by_name(name) {
        Ok(file) => Ok(Some(Reader::from_reader(BufReader::new(file.take(LARGEST_PART))))),
        Err(zip::result::ZipError::FileNotFound) => Ok(None),
        Err(_) => Err(NotAList::Unreadable),
    }
}

/// Calls `found` for every beginning of an element, until it gives something.
fn find<T>(
    xml: &mut Reader<impl BufRead>,
    mut found: impl FnMut(&BytesStart<'_>) -> Result<Option<T>, NotAList>,
) -> Result<Option<T>, NotAList> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| NotAList::Unreadable)? {
            Event::Start(element) | Event::Empty(element) => {
                if let Some(value) = found(&element)? {
                    return Ok(Some(value));
                }
            }
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, NotAList> {
    let value = element.try_get_attribute(name).map_err(|_| NotAList::Unreadable)?;
    let text = |value: quick_xml::events::attributes::Attribute<'_>| {
        value.normalized_value(quick_xml::XmlVersion::Implicit1_0).map(std::borrow::Cow::into_owned)
    };
    value.map(text).transpose().map_err(|_| NotAList::Unreadable)
}

/// The name of the part with the first sheet: the workbook names a relationship, and that names the part.
fn first_sheet(archive: &mut Archive<'_>) -> Result<String, NotAList> {
    let mut workbook = part(archive, "xl/workbook.xml")?.ok_or(NotAList::Unreadable)?;
    let relationship = find(&mut workbook, |element| match element.local_name().as_ref() {
        // Days would be counted from another one.
        "workbookPr" if matches!(attribute(element, "date1904")?.as_deref(), Some("1" | "true")) => Err(NotAList::Unreadable),
        "sheet" => attribute(element, "r:id"),
        _ => Ok(None),
    })?
    .ok_or(NotAList::Unreadable)?;
    drop(workbook);
    let mut relationships = part(archive, "xl/_rels/workbook.xml.rels")?.ok_or(NotAList::Unreadable)?;
    let target = find(&mut relationships, |element| match attribute(element, "Id")? {
        Some(id) if id == relationship => attribute(element, "Target"),
        _ => Ok(None),
    })?
    .ok_or(NotAList::Unreadable)?;
    Ok(target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned))
}

/// The texts that cells refer to by their number; a workbook may have none.
fn shared_texts(archive: &mut Archive<'_>) -> Result<Vec<String>, NotAList> {
    let Some(mut xml) = part(archive, "xl/sharedStrings.xml")? else { return Ok(Vec::new()) };
    let (mut texts, mut length, mut buffer) = (Vec::new(), 0, Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| NotAList::Unreadable)? {
            Event::Start(element) if element.local_name().as_ref() == "si" => {
                let text = text_within(&mut xml, "si")?;
                length += text.len();
                texts.push(text);
            }
            Event::Empty(element) if element.local_name().as_ref() == "si" => texts.push(String::new()),
            Event::Empty(element) if element.local_name().as_ref() == "sst" => return Ok(texts),
            Event::End(element) if element.local_name().as_ref() == "sst" => return Ok(texts),
            // Cut off, by the limit or before.
            Event::Eof => return Err(NotAList::Unreadable),
            _ => {}
        }
        if texts.len() > MOST_TEXTS || length > LONGEST_TEXTS {
            return Err(NotAList::TooManyRows);
        }
    }
}

/// The text of every `t` and `v` up to the end of the element `end`; how a word is pronounced (`rPh`) is left out.
fn text_within(xml: &mut Reader<impl BufRead>, end: &str) -> Result<String, NotAList> {
    let (mut text, mut inside, mut aside, mut buffer) = (String::new(), false, false, Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| NotAList::Unreadable)? {
            Event::Start(element) => match element.local_name().as_ref() {
                "t" | "v" => inside = !aside,
                "rPh" => aside = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                name if name == end => return Ok(text),
                "t" | "v" => inside = false,
                "rPh" => aside = false,
                _ => {}
            },
            Event::Text(piece) if inside => text.push_str(&piece.xml10_content()),
            Event::CData(piece) if inside => text.push_str(&piece.xml10_content()),
            Event::GeneralRef(reference) if inside => text.push(character(&reference)?),
            Event::Eof => return Err(NotAList::Unreadable),
            _ => {}
        }
    }
}

/// The character that a reference stands for. There are five by name, and those by number; others a workbook does not have.
fn character(reference: &quick_xml::events::BytesRef<'_>) -> Result<char, NotAList> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Ok(character);
    }
    match &*reference.xml10_content() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "apos" => Ok('\''),
        "quot" => Ok('"'),
        _ => Err(NotAList::Unreadable),
    }
}

/// The lines of a sheet. Where cells and rows do not say where they are, they follow each other.
fn lines(xml: &mut Reader<impl BufRead>, texts: &[String]) -> Result<Table, NotAList> {
    let (mut table, mut line, mut buffer) = (Table::default(), Line { number: 0, cells: Vec::new() }, Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|_| NotAList::Unreadable)? {
            Event::Start(element) if element.local_name().as_ref() == "row" => {
                let number = attribute(&element, "r")?.and_then(|number| number.parse().ok());
                line = Line { number: number.unwrap_or(line.number.saturating_add(1)), cells: Vec::new() };
            }
            Event::End(element) if element.local_name().as_ref() == "row" => {
                table.push(Line { number: line.number, cells: std::mem::take(&mut line.cells) })?;
            }
            Event::Start(element) if element.local_name().as_ref() == "c" => {
                let (place, kind) = (attribute(&element, "r")?, attribute(&element, "t")?);
                let column = place.as_deref().and_then(column).unwrap_or(line.cells.len());
                let text = value(text_within(xml, "c")?, kind.as_deref(), texts);
                if column < MOST_CELLS {
                    line.cells.resize(line.cells.len().max(column + 1), String::new());
                    line.cells[column] = text;
                }
            }
            Event::Empty(element) if element.local_name().as_ref() == "c" => {
                let place = attribute(&element, "r")?;
                if place.is_none() && line.cells.len() < MOST_CELLS {
                    line.cells.push(String::new());
                }
            }
            Event::Empty(element) if element.local_name().as_ref() == "sheetData" => return Ok(table),
            Event::End(element) if element.local_name().as_ref() == "sheetData" => return Ok(table),
            Event::Eof => return Err(NotAList::Unreadable),
            _ => {}
        }
    }
}

/// The column of a cell like `AB12`, from 0.
fn column(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.take(4).fold(0, |number, letter| number * 26 + usize::from(letter - b'A') + 1);
    number.checked_sub(1)
}

/// What a cell shows: a text, one of the shared texts, or a number, which a telephone number may be written as.
fn value(text: String, kind: Option<&str>, texts: &[String]) -> String {
    match kind {
        Some("s") => text.trim().parse().ok().and_then(|number: usize| texts.get(number)).cloned().unwrap_or_default(),
        // What a formula could not work out is no value.
        Some("e") => String::new(),
        None | Some("n") => match text.trim().parse::<f64>() {
            Ok(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
            _ => text,
        },
        _ => text,
    }
}

#[cfg(test)]
mod tests;
