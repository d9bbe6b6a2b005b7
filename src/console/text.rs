//! What people write: one line or several, bounded, and nothing in it that hides or turns what stands beside it.

/// `raw` without the space around it; `None` unless that is one line of 1 to `longest` characters without control characters and
/// without marks that turn the direction of what follows (U+202A–U+202E, U+2066–U+2069: Unicode Standard Annex #9 §2).
///
/// The marks are refused rather than taken out: nobody types them by accident, and who does wants another name read than is written.
/// Left-to-right and right-to-left marks and joiners stay, which change nothing beside them and which scripts and emoji need.
pub fn line(raw: &str, longest: usize) -> Option<String> {
    let line = raw.trim();
    let fits = !line.is_empty() && line.chars().count() <= longest && !line.chars().any(deceives);
    fits.then(|| line.to_owned())
}

/// The same for a text of several lines; they end as on this machine, whatever the browser sent.
pub fn lines(raw: &str, longest: usize) -> Option<String> {
    let text = raw.replace("\r\n", "\n").trim().to_owned();
    let fits = !text.is_empty() && text.chars().count() <= longest && !text.chars().any(|c| c != '\n' && deceives(c));
    fits.then_some(text)
}

fn deceives(c: char) -> bool {
    // Line and paragraph separator are no control characters, and yet begin a line.
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_keeps_its_words_and_loses_the_space_around_them() {
        assert_eq!(line("  Әсел Қасымова\u{a0}\n", 40), Some("Әсел Қасымова".to_owned()));
        for name in ["<img onerror=x>", "O’Brien-Ким", "👩‍👧 Мама", "שרה", "\u{200f}شمس"] {
            assert_eq!(line(name, 40), Some(name.to_owned()), "{name:?}");
        }
    }

    #[test]
    fn it_is_as_long_as_it_may_be_in_characters_not_bytes() {
        assert_eq!(line(&"ұ".repeat(200), 200), Some("ұ".repeat(200)));
        assert_eq!(line(&"ұ".repeat(201), 200), None);
        assert_eq!(line(" \u{a0}\t ", 200), None);
    }

    #[test]
    fn what_breaks_hides_or_turns_it_is_refused() {
        for c in ['\0', '\n', '\r', '\t', '\u{1b}', '\u{7f}', '\u{85}', '\u{2028}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}']
        {
            assert_eq!(line(&format!("a{c}b"), 40), None, "{c:?}");
        }
    }

    #[test]
    fn a_text_has_lines_and_nothing_else_that_a_line_has_not() {
        assert_eq!(lines(" a\r\n\r\nb\n ", 10), Some("a\n\nb".to_owned()));
        assert_eq!((lines("\n", 10), lines("a\u{202e}b", 10), lines("a\tb", 10), lines("abc", 2)), (None, None, None, None));
    }

    proptest! {
        #[test]
        fn what_was_taken_once_is_taken_again_as_it_is(raw in any::<String>()) {
            if let Some(taken) = line(&raw, 40) {
                prop_assert_eq!(line(&taken, 40), Some(taken));
            }
        }
    }
}
