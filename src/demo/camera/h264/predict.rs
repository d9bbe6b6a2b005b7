//! Intra prediction of whole macroblocks (ITU-T H.264 §8.3.3, §8.3.4), without the plane mode.

use super::picture::Plane;

/// How a macroblock is predicted from what was decoded before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Vertical,
    Horizontal,
    Dc,
}

impl Mode {
    /// `Intra16x16PredMode` (Table 8-4).
    pub(super) const fn luma_code(self) -> u32 {
        match self {
            Self::Vertical => 0,
            Self::Horizontal => 1,
            Self::Dc => 2,
        }
    }

    /// `intra_chroma_pred_mode` (Table 8-5).
    pub(super) const fn chroma_code(self) -> u32 {
        match self {
            Self::Dc => 0,
            Self::Horizontal => 1,
            Self::Vertical => 2,
        }
    }
}

/// The decoded samples around an `N` × `N` square of one plane, as far as they are in the same slice.
pub(super) struct Neighbours<const N: usize> {
    pub(super) above: Option<[u8; N]>,
    pub(super) left: Option<[u8; N]>,
}

impl<const N: usize> Neighbours<N> {
    /// Those of the square at (`x`, `y`); the plane holds one slice and nothing else.
    pub(super) fn of(plane: &Plane, x: usize, y: usize) -> Self {
        Self {
            above: (y > 0).then(|| std::array::from_fn(|i| plane.samples[(y - 1) * plane.width + x + i])),
            left: (x > 0).then(|| std::array::from_fn(|i| plane.samples[(y + i) * plane.width + x - 1])),
        }
    }

    /// The modes that can be used.
    pub(super) fn modes(&self) -> impl Iterator<Item = Mode> {
        let vertical = self.above.map(|_| Mode::Vertical);
        let horizontal = self.left.map(|_| Mode::Horizontal);
        [Some(Mode::Dc), vertical, horizontal].into_iter().flatten()
    }

    /// The prediction; `None` where the samples that it needs are missing.
    pub(super) fn predict(&self, mode: Mode) -> Option<[[u8; N]; N]> {
        Some(match mode {
            Mode::Vertical => [self.above?; N],
            Mode::Horizontal => self.left?.map(|sample| [sample; N]),
            Mode::Dc if N == 16 => [[mean(self.above.as_ref().map(|a| &a[..]), self.left.as_ref().map(|l| &l[..])); N]; N],
            Mode::Dc => self.chroma_dc(),
        })
    }

    /// Each 4×4 block of chroma has a mean of its own (§8.3.4.1–3): the blocks off the diagonal prefer the side that they touch.
    fn chroma_dc(&self) -> [[u8; N]; N] {
        let mut out = [[0; N]; N];
        for (bx, by) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let above = self.above.as_ref().map(|a| &a[4 * bx..4 * bx + 4]);
            let left = self.left.as_ref().map(|l| &l[4 * by..4 * by + 4]);
            let dc = match (bx, by) {
                (1, 0) if above.is_some() => mean(above, None),
                (0, 1) if left.is_some() => mean(None, left),
                _ => mean(above, left),
            };
            out[4 * by..4 * by + 4].iter_mut().for_each(|row| row[4 * bx..4 * bx + 4].fill(dc));
        }
        out
    }
}

/// The rounded mean of what there is; the middle grey if there is nothing.
fn mean(above: Option<&[u8]>, left: Option<&[u8]>) -> u8 {
    let (mut sum, mut count) = (0, 0);
    for sample in [above, left].into_iter().flatten().flatten() {
        sum += u32::from(*sample);
        count += 1;
    }
    (sum + count / 2).checked_div(count).map_or(128, |mean| mean as u8)
}

/// The sum of absolute differences.
pub(super) fn difference<const N: usize>(a: &[[u8; N]; N], b: &[[u8; N]; N]) -> u32 {
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| u32::from(a.abs_diff(*b))).sum()
}
