//! Workbooks as programs write them, and as nobody should.

use super::*;
use std::io::Write;
use zip::{ZipWriter, write::SimpleFileOptions};

const EMPTY: &str = "<worksheet><sheetData/></worksheet>";
const RELATIONSHIPS: &str = r#"<Relationships><Relationship Id="rId3" Target="worksheets/sheet1.xml"/></Relationships>"#;
const WORKBOOK: &str =
    r#"<workbook xmlns:r="x"><workbookPr/><sheets><sheet name="Дети" sheetId="1" r:id="rId3"/></sheets></workbook>"#;

fn workbook(texts: &str, sheet: &str) -> Vec<u8> {
    packed(&[
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS.as_bytes()),
        ("xl/sharedStrings.xml", texts.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in parts {
        zip.start_file(*name, deflated).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn cells_are_read_as_text_whatever_they_are_kept_as() {
    let texts = "<sst><si><t>Ребёнок</t></si><si><r><t>Ким &amp; </t></r><r><t xml:space=\"preserve\"> Ан&#1085;а</t></r><rPh><t>x</t></rPh></si></sst>";
    let sheet = "<worksheet><sheetData>
        <row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"inlineStr\"><is><t>Топ</t></is></c></row>
        <row r=\"5\"><c r=\"A5\" t=\"s\"><v>1</v></c><c r=\"B5\"><v>7.7010000001E10</v></c><c r=\"C5\"><v>46266</v></c>
            <c r=\"D5\" t=\"str\"><f>1+1</f><v>Күншуақ</v></c><c r=\"E5\" t=\"e\"><v>#REF!</v></c></row>
        </sheetData></worksheet>";
    let table = read(&workbook(texts, sheet)).unwrap();
    assert_eq!(table.lines[0], Line { number: 2, cells: vec!["Ребёнок".into(), String::new(), "Топ".into()] });
    assert_eq!(table.lines[1].number, 5);
    assert_eq!(table.lines[1].cells, ["Ким &  Анна", "77010000001", "46266", "Күншуақ", ""]);
}

#[test]
fn a_cell_far_out_takes_no_room() {
    let sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"><v>2</v></c></row>
        <row r=\"1048576\"><c r=\"A1048576\"><v>3</v></c></row></sheetData></worksheet>";
    let table = read(&workbook("<sst/>", sheet)).unwrap();
    assert_eq!(table.lines.iter().map(|line| (line.number, line.cells.len())).collect::<Vec<_>>(), [(1, 1), (1_048_576, 1)]);
}

#[test]
fn what_a_file_claims_reserves_nothing() {
    let texts = "<sst count=\"1152921504606846975\" uniqueCount=\"1152921504606846975\"><si><t>A</t></si></sst>";
    let sheet =
        "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>";
    assert_eq!(read(&workbook(texts, sheet)).unwrap().lines, [Line { number: 1, cells: vec!["A".into()] }]);
}

#[test]
fn a_bomb_is_not_unpacked_to_its_end() {
    // A hundred million spaces pack into a hundred kilobytes.
    let mut sheet = b"<worksheet><sheetData>".to_vec();
    sheet.resize(100_000_000, b' ');
    let bomb = workbook("<sst/>", std::str::from_utf8(&sheet).unwrap());
    assert!(bomb.len() < 1_000_000);
    assert_eq!(read(&bomb).unwrap_err(), NotAList::Unreadable);
    let texts = format!("<sst>{}</sst>", "<si><t>x</t></si>".repeat(MOST_TEXTS + 1));
    assert_eq!(read(&workbook(&texts, EMPTY)).unwrap_err(), NotAList::TooManyRows);
}

#[test]
fn what_is_broken_or_no_workbook_is_not_read() {
    let entity = "<!DOCTYPE x [<!ENTITY a \"boom\">]><sst><si><t>&a;</t></si></sst>";
    let whole = workbook("<sst/>", EMPTY);
    for bytes in [
        MAGIC.to_vec(),
        packed(&[("readme.txt", b"hello")]),
        whole[..whole.len() / 2].to_vec(),
        workbook(entity, EMPTY),
        workbook("<sst/>", "<worksheet><sheetData><row><c><v>1</v>"),
    ] {
        assert_eq!(read(&bytes).unwrap_err(), NotAList::Unreadable);
    }
}

#[test]
fn letters_name_columns() {
    assert_eq!(["A1", "Z9", "AA10", "XFD1", "7"].map(column), [Some(0), Some(25), Some(26), Some(16_383), None]);
}
