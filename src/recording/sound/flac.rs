//! Linear samples to FLAC (RFC 9639): fixed predictors and one Rice code a block, which is what sound of a room gains from.

use super::bits::Bits;
use bytes::Bytes;

/// The most samples of a block.
pub const LONGEST_BLOCK: u16 = 1_024;
/// The fixed predictors (§9.2.5).
const ORDERS: u32 = 5;
/// The largest parameter of a Rice code of four bits (§9.2.7.1).
const LARGEST_RICE: u32 = 14;
/// Bits of a sample.
const DEPTH: u32 = 16;

/// Packs up to [`LONGEST_BLOCK`] samples of 8 kHz; `number` is how many samples of the file are before them. More are not taken.
pub fn pack(samples: &[i16], number: u64) -> Bytes {
    let samples = &samples[..samples.len().min(LONGEST_BLOCK.into())];
    let mut bits = Bits::default();
    header(&mut bits, samples.len(), number);
    let check = crc(bits.align(), 8, 0x07);
    bits.put(check.into(), 8);
    subframe(&mut bits, samples);
    let check = crc(bits.align(), 16, 0x8005);
    bits.put(check.into(), 16);
    bits.into_bytes().into()
}

/// The header without its check (§9.1).
fn header(bits: &mut Bits, samples: usize, number: u64) {
    bits.put(0b111_1111_1111_1100, 15);
    bits.put(1, 1); // the length of blocks varies
    bits.put(0b0111, 4); // it follows in 16 bits
    bits.put(0b0100, 4); // 8 kHz
    bits.put(0, 4); // one channel
    bits.put(0b100, 3); // of 16 bits
    bits.put(0, 1);
    coded_number(bits, number);
    bits.put(u32::try_from(samples.saturating_sub(1)).unwrap_or_default(), 16);
}

/// A number of up to 36 bits, in the manner of UTF-8 (§9.1.5).
#[allow(clippy::cast_possible_truncation, reason = "put takes the lowest bits")]
fn coded_number(bits: &mut Bits, number: u64) {
    let number = number & ((1 << 36) - 1);
    if number < 0x80 {
        return bits.put(number as u32, 8);
    }
    // With n bytes there are 5 n + 1 bits.
    let length = (2..7).find(|length| number < 1 << (5 * length + 1)).unwrap_or(7);
    let lead = 0xff_u32 << (8 - length) & 0xff;
    bits.put(lead | (number >> (6 * (length - 1))) as u32, 8);
    (0..length - 1).rev().for_each(|at| bits.put(0x80 | (number >> (6 * at)) as u32 & 0x3f, 8));
}

/// The one subframe (§9.2): constant, predicted, or as it is where that is shorter.
fn subframe(bits: &mut Bits, samples: &[i16]) {
    let first = samples.first().copied().unwrap_or_default();
    if samples.iter().all(|sample| *sample == first) {
        bits.put(0, 8);
        return bits.put(unsigned(first.into()), DEPTH);
    }
    // Low bits that no sample uses are not written (§9.2.2).
    let unused = samples.iter().fold(0, |all, sample| all | sample).trailing_zeros();
    let samples: Vec<i32> = samples.iter().map(|sample| i32::from(*sample) >> unused).collect();
    let depth = DEPTH - unused;
    let verbatim = depth * u32::try_from(samples.len()).unwrap_or_default();
    let best = predictions(&samples, depth).min_by_key(|prediction| prediction.cost).filter(|best| best.cost < verbatim);
    bits.put(0, 1);
    bits.put(best.as_ref().map_or(1, |best| 8 + best.order), 6);
    bits.put(u32::from(unused > 0), 1);
    if unused > 0 {
        bits.unary(unused - 1);
    }
    let Some(Prediction { order, rice, residual, .. }) = best else {
        return samples.iter().for_each(|sample| bits.put(unsigned(*sample), depth));
    };
    samples.iter().take(order as usize).for_each(|sample| bits.put(unsigned(*sample), depth));
    bits.put(0, 2); // Rice codes of four bits
    bits.put(0, 4); // in one partition
    bits.put(rice, 4);
    for value in residual {
        bits.unary(value >> rice);
        bits.put(value, rice);
    }
}

/// What is left of the samples when each is foretold from those before it.
struct Prediction {
    order: u32,
    rice: u32,
    /// Folded: 0, -1, 1, -2, … (§9.2.7.2).
    residual: Vec<u32>,
    /// In bits.
    cost: u32,
}

fn predictions(samples: &[i32], depth: u32) -> impl Iterator<Item = Prediction> {
    let mut differences = samples.to_vec();
    (0..ORDERS.min(u32::try_from(samples.len()).unwrap_or(ORDERS))).map(move |order| {
        if order > 0 {
            // The predictor of an order is the difference of the one before (§9.2.5).
            differences = differences.windows(2).map(|two| two[1] - two[0]).collect();
        }
        let residual: Vec<u32> = differences.iter().map(|value| (value << 1 ^ value >> 31).cast_unsigned()).collect();
        // The best parameter is about the logarithm of the mean.
        let mean = residual.iter().sum::<u32>() / u32::try_from(residual.len().max(1)).unwrap_or(u32::MAX);
        let rice = mean.checked_ilog2().unwrap_or_default().min(LARGEST_RICE);
        let cost = residual.iter().map(|value| (value >> rice) + 1 + rice).sum::<u32>();
        Prediction { order, rice, cost: order * depth + 10 + cost, residual }
    })
}

fn unsigned(sample: i32) -> u32 {
    sample.cast_unsigned()
}

/// A check of `width` bits (§9.1.8, §9.3).
fn crc(bytes: &[u8], width: u32, polynomial: u32) -> u16 {
    let top = 1_u32 << (width - 1);
    let check = bytes.iter().fold(0_u32, |check, byte| {
        let check = check ^ u32::from(*byte) << (width - 8);
        (0..8).fold(check, |check, _| if check & top == 0 { check << 1 } else { check << 1 ^ polynomial })
    });
    #[allow(clippy::cast_possible_truncation, reason = "what is above is none of it")]
    let check = (check & (top << 1).wrapping_sub(1)) as u16;
    check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checks_are_those_of_the_catalogue() {
        // CRC-8/SMBUS and CRC-16/UMTS of "123456789".
        assert_eq!((crc(b"123456789", 8, 0x07), crc(b"123456789", 16, 0x8005)), (0xf4, 0xfee8));
    }

    #[test]
    fn numbers_are_written_as_utf_8_writes_letters() {
        let coded = |number| {
            let mut bits = Bits::default();
            coded_number(&mut bits, number);
            bits.into_bytes()
        };
        for letter in ['\u{41}', 'ә', '€', '😀'] {
            assert_eq!(coded(u64::from(letter)), letter.to_string().into_bytes());
        }
        assert_eq!(coded((1 << 36) - 1), [0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf]);
    }

    #[test]
    fn silence_is_short_and_noise_is_not_longer_than_it_was() {
        assert!(pack(&[0; 1_024], 0).len() < 16);
        let noise: Vec<i16> = (0..1_024_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 16) as i16).collect();
        assert!(pack(&noise, 1 << 20).len() < 2 * 1_024 + 20);
    }
}
