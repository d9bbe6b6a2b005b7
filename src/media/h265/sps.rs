//! The beginning of a sequence parameter set: up to there cameras agree about how it is written.

use super::{SPS, bits::Bits, unit_type};
use std::fmt::Write;

/// What a sequence parameter set says first (ITU-T H.265 §7.3.2.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sps {
    /// `general_profile_space`, `general_tier_flag` and `general_profile_idc` (§7.3.3), in one byte as they stand there.
    profile: u8,
    /// `general_profile_compatibility_flag`, the first on the left.
    pub compatibility: [u8; 4],
    /// The flags of constraints, the first on the left.
    pub constraints: [u8; 6],
    /// `general_level_idc`: thirty times the level.
    pub level: u8,
    /// How many temporal sub-layers there may be.
    pub sub_layers: u8,
    /// `sps_temporal_id_nesting_flag`.
    pub nested: bool,
    /// `chroma_format_idc`.
    pub chroma_format: u8,
    /// Bits of luma and of chroma beyond eight.
    pub depths: [u8; 2],
    /// Width of what is shown, in pixels.
    pub width: u16,
    /// Height of what is shown, in pixels.
    pub height: u16,
}

impl Sps {
    /// Reads one; `None` for anything else, and for what no camera has.
    pub fn read(nal: &[u8]) -> Option<Self> {
        if unit_type(nal) != SPS {
            return None;
        }
        let mut bits = Bits::of(nal.get(2..)?);
        bits.skip(4)?; // which VPS
        let more_layers = u8::try_from(bits.number(3)?).ok()?;
        let nested = bits.flag()?;
        let profile = bits.byte()?;
        let (mut compatibility, mut constraints) = ([0; 4], [0; 6]);
        for byte in compatibility.iter_mut().chain(&mut constraints) {
            *byte = bits.byte()?;
        }
        let level = bits.byte()?;
        skip_sub_layers(&mut bits, more_layers)?;
        bits.exp_golomb()?; // which SPS
        let chroma_format = u8::try_from(bits.exp_golomb()?).ok().filter(|format| *format <= 3)?;
        if chroma_format == 3 {
            bits.skip(1)?; // separate_colour_plane_flag
        }
        let (width, height) = size(&mut bits, chroma_format)?;
        // `hvcC` has three bits for each (ISO/IEC 14496-15 §8.3.3.1).
        let mut depth = || u8::try_from(bits.exp_golomb()?).ok().filter(|depth| *depth < 8);
        let depths = [depth()?, depth()?];
        let sub_layers = more_layers + 1;
        (sub_layers <= 7).then_some(())?;
        Some(Self { profile, compatibility, constraints, level, sub_layers, nested, chroma_format, depths, width, height })
    }

    /// `general_profile_space`.
    pub const fn profile_space(&self) -> u8 {
        self.profile >> 6
    }

    /// `general_tier_flag`.
    pub const fn high_tier(&self) -> bool {
        self.profile & 0x20 != 0
    }

    /// `general_profile_idc`.
    pub const fn profile_idc(&self) -> u8 {
        self.profile & 0x1f
    }

    /// The profile in words (§A.3).
    pub const fn profile_name(&self) -> &'static str {
        match self.profile_idc() {
            1 => "Main",
            2 => "Main 10",
            3 => "Main Still Picture",
            4 => "Range Extensions",
            _ => "another",
        }
    }

    /// As in the `codecs` parameter of RFC 6381, for files whose parameter sets are in their head (ISO/IEC 14496-15 §E.3).
    pub fn codecs(&self) -> String {
        let space = ["", "A", "B", "C"][usize::from(self.profile_space())];
        // The first flag is the lowest bit here.
        let compatibility = u32::from_be_bytes(self.compatibility).reverse_bits();
        let tier = if self.high_tier() { 'H' } else { 'L' };
        let mut codecs = format!("hvc1.{space}{}.{compatibility:X}.{tier}{}", self.profile_idc(), self.level);
        let told = self.constraints.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        for byte in &self.constraints[..told] {
            let _ = write!(codecs, ".{byte:X}");
        }
        codecs
    }
}

/// Passes over the profiles and levels of sub-layers (§7.3.3).
fn skip_sub_layers(bits: &mut Bits, layers: u8) -> Option<()> {
    if layers == 0 {
        return Some(());
    }
    // Two flags for each of eight: whether its profile, and whether its level is told.
    let told = bits.number(16)?;
    for layer in 0..layers {
        bits.skip(if (told >> (15 - 2 * layer)) & 1 == 1 { 88 } else { 0 })?;
        bits.skip(if (told >> (14 - 2 * layer)) & 1 == 1 { 8 } else { 0 })?;
    }
    Some(())
}

/// Width and height without what is cut off at the edges (§7.4.3.2.1).
fn size(bits: &mut Bits, chroma_format: u8) -> Option<(u16, u16)> {
    let (width, height) = (bits.exp_golomb()?, bits.exp_golomb()?);
    let mut cut = [0_u64; 4];
    if bits.flag()? {
        for edge in &mut cut {
            *edge = bits.exp_golomb()?.into();
        }
    }
    // Edges are counted in samples of chroma (Table 6-1).
    let (across, down) = match chroma_format {
        1 => (2, 2),
        2 => (2, 1),
        _ => (1, 1),
    };
    let shown = |whole: u32, cut: u64| {
        let shown = u64::from(whole).checked_sub(cut)?;
        u16::try_from(shown).ok().filter(|shown| *shown > 0)
    };
    let [left, right, top, bottom] = cut;
    Some((shown(width, across * (left + right))?, shown(height, down * (top + bottom))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
    use proptest::prelude::*;

    /// Of a camera with a small picture.
    const SMALL: &str = "QgEBAWAAAAMAsAAAAwAAAwBaoAWCAeFja5JFL83BQYFBAAADAAEAAAMADKE=";
    /// Of a Geovision camera, whose timing information other readers stumble over.
    const GEOVISION: &[u8] = b"\x42\x01\x01\x01\x40\x00\x00\x03\x00\x00\x03\x00\x00\x03\x00\x00\x03\x00\x99\xa0\x01\x50\x20\x06\x01\xf1\x39\x6b\xb9\x1b\x06\xb9\x54\x4d\xc0\x40\x40\x41\x00\x00\x03\x00\x01\x00\x00\x03\x00\x1e\x08";

    #[test]
    fn what_cameras_send_is_understood() {
        let small = Sps::read(&BASE64.decode(SMALL).unwrap()).unwrap();
        assert_eq!((small.width, small.height, small.level, small.profile_name()), (704, 480, 90, "Main"));
        assert_eq!((small.chroma_format, small.depths, small.sub_layers, small.nested), (1, [0, 0], 1, true));
        assert_eq!(small.codecs(), "hvc1.1.6.L90.B0");
        let geovision = Sps::read(GEOVISION).unwrap();
        assert_eq!((geovision.width, geovision.height), (2688, 1520));
        assert_eq!(geovision.codecs(), "hvc1.1.2.L153");
    }

    #[test]
    fn one_that_is_cut_off_or_another_unit_is_none() {
        for length in 0..20 {
            assert_eq!(Sps::read(&GEOVISION[..length]), None, "{length}");
        }
        let vps = [&[0x40], &GEOVISION[1..]].concat();
        assert_eq!(Sps::read(&vps), None);
    }

    proptest! {
        #[test]
        fn whatever_stands_there_is_read_without_a_panic(
            garbage in prop::collection::vec(any::<u8>(), 0..120),
            at in 2_usize..40,
            bits in any::<u8>(),
        ) {
            Sps::read(&[&[0x42, 1], &garbage[..]].concat());
            let mut damaged = GEOVISION.to_vec();
            damaged[at] ^= bits;
            if let Some(sps) = Sps::read(&damaged) {
                prop_assert!(sps.width > 0 && sps.height > 0 && sps.sub_layers <= 7);
                prop_assert!(sps.codecs().starts_with("hvc1."));
            }
        }
    }
}
