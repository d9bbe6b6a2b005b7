//! A note in a picture that no screen shows: when the camera sent it. By it the delay up to a viewer is measured, and its padding
//! brings a drawn scene, which is small, to the bit rate of a real one.
//!
//! It is a `user_data_unregistered` SEI message (ITU-T H.264 §D.1.6), which decoders pass over. Everything in it is text, so that no
//! byte needs emulation prevention (§7.4.1).

/// The bytes of a NAL unit before the text: type 6, payload type 5.
const NAL: [u8; 2] = [0x06, 0x05];
/// Says whose message it is, as the UUID in it does.
const MARK: &[u8; 16] = b"tereze\xe2\x8f\xb1stamp##";
/// Microseconds since 1970 in hexadecimal.
const DIGITS: usize = 16;
const PADDING: u8 = b'.';
/// Ends every unit: a one and zeros up to the byte (§7.3.2.11).
const STOP: u8 = 0x80;

/// A NAL unit that says `micros`, microseconds since 1970. It has at least `length` bytes, and no more than it needs beyond that.
pub(super) fn unit(micros: u64, length: usize) -> Vec<u8> {
    let text = MARK.len() + DIGITS;
    // The size field takes a byte for each 255.
    let around = NAL.len() + 1 + 1;
    let padding = length.saturating_sub(text + around) * 255 / 256;
    let mut size = text + padding;
    let mut unit = NAL.to_vec();
    while size >= 255 {
        unit.push(255);
        size -= 255;
    }
    unit.push(size as u8);
    unit.extend(MARK);
    unit.extend(format!("{micros:0DIGITS$x}").bytes());
    unit.resize(unit.len() + padding, PADDING);
    unit.push(STOP);
    unit
}

/// What the stamp in `bytes` says, if one begins there: any part of a picture in which it is not cut.
pub fn read_stamp(bytes: &[u8]) -> Option<u64> {
    let at = bytes.windows(MARK.len()).position(|window| window == MARK)? + MARK.len();
    let digits = std::str::from_utf8(bytes.get(at..at + DIGITS)?).ok()?;
    u64::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stamped_is_read_at_any_length() {
        for length in [0, 30, 254, 255, 256, 600, 10_000, 70_000] {
            let unit = unit(1_795_000_000_123_456, length);
            assert_eq!(read_stamp(&unit), Some(1_795_000_000_123_456));
            assert!(unit.len() + 2 >= length && unit.len() <= length.max(40) + 2, "{} for {length}", unit.len());
            assert!(!unit.windows(3).any(|window| window[..2] == [0, 0] && window[2] < 4));
        }
        assert_eq!(read_stamp(b"tereze"), None);
    }
}
