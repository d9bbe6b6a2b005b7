//! QR codes (ISO/IEC 18004), as pictures that a page shows.

use fast_qr::{ECL, QRBuilder, convert::svg::SvgBuilder};

/// `text` as an SVG document, black on white with its quiet zone; `None` when it is too long for any QR code.
pub fn svg(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    Some(SvgBuilder::default().to_str(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_picture_and_one_that_is_too_long_none() {
        let picture = svg("otpauth://totp/Tereze").unwrap();
        assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"), "{picture}");
        assert_eq!(svg(&"x".repeat(3_000)), None);
    }
}
