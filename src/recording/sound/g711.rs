//! G.711 to linear samples.

use crate::media::SoundCodec;

/// The samples of these codes, in 16 bits: those of A-law have 13 that count, those of µ-law 14 (ITU-T G.711 tables 1 and 2).
pub fn unfold(codec: SoundCodec, codes: &[u8]) -> impl Iterator<Item = i16> + '_ {
    codes.iter().map(move |code| match codec {
        SoundCodec::Pcma => a_law(*code),
        SoundCodec::Pcmu => mu_law(*code),
    })
}

fn a_law(code: u8) -> i16 {
    // The even bits are inverted; a set sign is positive.
    let code = code ^ 0x55;
    let (segment, step) = (code >> 4 & 7, i16::from(code & 0xf) << 4 | 8);
    let size = if segment == 0 { step } else { (step | 0x100) << (segment - 1) };
    if code & 0x80 == 0 { -size } else { size }
}

fn mu_law(code: u8) -> i16 {
    const BIAS: i16 = 0x84;
    // All bits are inverted; a set sign is negative then.
    let code = !code;
    let size = ((i16::from(code & 0xf) << 3 | BIAS) << (code >> 4 & 7)) - BIAS;
    if code & 0x80 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_and_the_middle_are_as_the_tables_say() {
        let of = |codec, codes: &[u8]| unfold(codec, codes).collect::<Vec<_>>();
        assert_eq!(of(SoundCodec::Pcma, &[0xd5, 0x55, 0xaa, 0x2a, 0xd4]), [8, -8, 32_256, -32_256, 24]);
        assert_eq!(of(SoundCodec::Pcmu, &[0xff, 0x7f, 0x80, 0x00, 0xfe]), [0, 0, 32_124, -32_124, 8]);
    }

    #[test]
    fn no_two_codes_of_a_law_are_the_same_sample() {
        let mut samples = (0..=255).map(a_law).collect::<Vec<_>>();
        samples.sort_unstable();
        samples.dedup();
        assert_eq!(samples.len(), 256);
    }
}
