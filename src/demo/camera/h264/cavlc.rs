//! Context-adaptive variable-length coding of transform coefficients (ITU-T H.264 §7.3.5.3.2, §9.2).

use super::{
    bits::Bits,
    tables::{Code, coeff_token, run_before, total_zeros},
};

/// Writes one block's coefficients, which come in zig-zag order, and gives how many of them are not zero.
///
/// `context` is nC, the number of coefficients expected from the neighbours; `None` for the DC coefficients of chroma.
pub(super) fn write_block(bits: &mut Bits, coefficients: &[i32], context: Option<u8>) -> u8 {
    let mut levels = [0; 16];
    let mut runs = [0; 16];
    let (mut total, mut zeros, mut run) = (0, 0, 0);
    for &level in coefficients {
        if level == 0 {
            run += 1;
        } else {
            (levels[total], runs[total]) = (level, run);
            zeros += run;
            total += 1;
            run = 0;
        }
    }
    let (levels, runs) = (&levels[..total], &runs[..total]);
    let ones = levels.iter().rev().take(3).take_while(|level| level.abs() == 1).count();
    put(bits, coeff_token(context, total, ones));
    if total == 0 {
        return 0;
    }
    for &level in levels.iter().rev().take(ones) {
        bits.flag(level < 0);
    }
    write_levels(bits, &levels[..total - ones], total, ones);
    if total < coefficients.len() {
        put(bits, total_zeros(context.is_none(), total, zeros));
    }
    for &run in runs[1..].iter().rev() {
        if zeros == 0 {
            break;
        }
        put(bits, run_before(zeros, run));
        zeros -= run;
    }
    total as u8
}

/// The levels that are not trailing ones, from the highest frequency down (§9.2.2.1).
fn write_levels(bits: &mut Bits, levels: &[i32], total: usize, ones: usize) {
    let mut suffix_length = u32::from(total > 10 && ones < 3);
    for (i, &level) in levels.iter().rev().enumerate() {
        let magnitude = level.unsigned_abs();
        let mut code = if level > 0 { 2 * magnitude - 2 } else { 2 * magnitude - 1 };
        if i == 0 && ones < 3 {
            code -= 2; // a one here would have been a trailing one
        }
        let (prefix, suffix, size) = match suffix_length {
            0 if code < 14 => (code, 0, 0),
            0 if code < 30 => (14, code - 14, 4),
            0 => (15, code - 30, 12),
            n if code < 15 << n => (code >> n, code & ((1 << n) - 1), n),
            n => (15, code - (15 << n), 12),
        };
        bits.put(1, prefix + 1);
        bits.put(suffix, size);
        suffix_length = suffix_length.max(1);
        if magnitude > 3 << (suffix_length - 1) && suffix_length < 6 {
            suffix_length += 1;
        }
    }
}

fn put(bits: &mut Bits, (length, value): Code) {
    bits.put(u32::from(value), u32::from(length));
}
