//! The RTP header (RFC 3550 §5.1) and its extensions (RFC 8285).

/// The length of the fixed header.
pub(in crate::media) const HEADER: usize = 12;

/// The header extensions of a packet, as they stand on the wire: nothing, or a block of one-byte elements (RFC 8285 §4.2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::media) struct Extensions(Vec<u8>);

impl Extensions {
    /// Makes the block of `elements`: each an id from 1 to 14 and 1 to 16 bytes; others are left out.
    pub(in crate::media) fn new(elements: &[(u8, &[u8])]) -> Self {
        let mut body = Vec::new();
        for (id, value) in elements {
            if (1..=14).contains(id)
                && let Some(length) =
                    u8::try_from(value.len()).ok().and_then(|length| length.checked_sub(1)).filter(|length| *length < 16)
            {
                body.push((id << 4) | length);
                body.extend_from_slice(value);
            }
        }
        body.resize(body.len().next_multiple_of(4), 0);
        let words = u16::try_from(body.len() / 4).unwrap_or(0);
        Self(if words == 0 { Vec::new() } else { [&[0xbe, 0xde], &words.to_be_bytes()[..], &body].concat() })
    }

    pub(in crate::media) fn len(&self) -> usize {
        self.0.len()
    }
}

/// Appends a header with its extensions to `out`.
pub(in crate::media) fn write_header(
    out: &mut Vec<u8>,
    (payload_type, marker, padded): (u8, bool, bool),
    sequence: u16,
    timestamp: u32,
    ssrc: u32,
    extensions: &Extensions,
) {
    let extended = if extensions.0.is_empty() { 0 } else { 0x10 };
    let padded = if padded { 0x20 } else { 0 };
    out.extend_from_slice(&[0x80 | padded | extended, (u8::from(marker) << 7) | (payload_type & 0x7f)]);
    out.extend_from_slice(&sequence.to_be_bytes());
    out.extend_from_slice(&timestamp.to_be_bytes());
    out.extend_from_slice(&ssrc.to_be_bytes());
    out.extend_from_slice(&extensions.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_stands_as_in_the_standard() {
        let mut out = Vec::new();
        write_header(&mut out, (96, true, true), 0x0102, 0x0304_0506, 0x0708_090a, &Extensions::new(&[(5, &[0, 0, 0])]));
        assert_eq!(out, [0xb0, 0xe0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0xbe, 0xde, 0, 1, 0x52, 0, 0, 0]);
    }

    #[test]
    fn an_extension_that_cannot_be_written_is_left_out() {
        let none = Extensions::default();
        assert_eq!(Extensions::new(&[(0, b"a"), (15, b"a"), (3, b""), (3, &[0; 17])]), none);
        assert_eq!((none.len(), Extensions::new(&[(3, b"0")]).len()), (0, 8));
    }
}
