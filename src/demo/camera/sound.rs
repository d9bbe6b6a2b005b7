//! What the simulated cameras hear: a soft tune, in G.711 A-law (ITU-T G.711, Table 1).

use std::f32::consts::TAU;

/// Samples a second.
pub(super) const RATE: u32 = 8_000;

/// Samples in a packet: 20 ms.
pub(super) const PACKET: u32 = 160;

/// The notes of the tune in hertz, one each half second.
const TUNE: [f32; 8] = [261.6, 329.6, 392.0, 329.6, 349.2, 293.7, 246.9, 261.6];

/// Packet `index` of the tune, with all notes `pitch` times as high.
pub(super) fn packet(index: u64, pitch: f32) -> Vec<u8> {
    let note_length = u64::from(RATE) / 2;
    (0..u64::from(PACKET))
        .map(|i| {
            let sample = index * u64::from(PACKET) + i;
            let at = (sample % note_length) as f32;
            let frequency = TUNE[(sample / note_length % TUNE.len() as u64) as usize] * pitch;
            let loudness = 5_000.0 * (-at / 1_500.0).exp() * (at / 60.0).min(1.0);
            a_law(((at * frequency * TAU / RATE as f32).sin() * loudness) as i16)
        })
        .collect()
}

/// One sample as a sign, a segment of three bits and four bits inside it; even bits are inverted.
fn a_law(sample: i16) -> u8 {
    let sign = if sample >= 0 { 0x80 } else { 0 };
    let mut inside = (if sample >= 0 { sample } else { !sample }) >> 4;
    let mut segment = 0;
    if inside >= 16 {
        segment = 1;
        while inside >= 32 {
            inside >>= 1;
            segment += 1;
        }
        inside -= 16;
    }
    (sign | segment << 4 | inside as u8) ^ 0x55
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_and_the_extremes_are_those_of_the_table() {
        assert_eq!([0, -1, i16::MAX, i16::MIN].map(a_law), [0xd5, 0x55, 0xaa, 0x2a]);
    }
}
