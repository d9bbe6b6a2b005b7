use super::*;
use proptest::prelude::*;

const MILLI: Nanos = 1_000_000;

fn picture(at: Nanos, key: bool) -> Picture {
    Picture { at: at * MILLI, arrived: crate::clock::monotonic(), key, data: Bytes::from_static(&[0, 0, 0, 1, 0x65]) }
}

/// Every fragment of pictures at these milliseconds, those with `true` being key frames.
fn cut(pictures: impl IntoIterator<Item = (Nanos, bool)>) -> Vec<Fragment> {
    let mut cutter = Cutter::new(0);
    let mut fragments: Vec<_> = pictures.into_iter().filter_map(|(at, key)| cutter.picture(picture(at, key))).collect();
    fragments.extend(cutter.flush(None));
    fragments
}

/// When each fragment begins and ends, in milliseconds, and whether with a key frame.
fn told(fragments: &[Fragment]) -> Vec<(u64, u64, bool)> {
    let milli = |ticks: u64| ticks / 90;
    let told =
        |fragment: &Fragment| (milli(fragment.decode_time), milli(fragment.decode_time + fragment.duration()), fragment.is_key());
    fragments.iter().map(told).collect()
}

#[test]
fn fragments_are_a_second_long_and_begin_at_every_key_frame() {
    let every = |gop: Nanos, count: Nanos| told(&cut((0..count).map(move |number| (number * 40, number % gop == 0))));
    assert_eq!(every(50, 100), [(0, 1_000, true), (1_000, 2_000, false), (2_000, 3_000, true), (3_000, 4_000, false)]);
    assert_eq!(every(30, 60), [(0, 1_000, true), (1_000, 1_200, false), (1_200, 2_200, true), (2_200, 2_400, false)]);
    assert_eq!(every(1, 50), [(0, 520, true), (520, 1_040, true), (1_040, 1_560, true), (1_560, 2_000, true)]);
}

#[test]
fn a_picture_that_is_followed_late_is_shown_until_then_but_not_for_ever() {
    assert_eq!(told(&cut([(0, true), (40, false), (1_500, true)])), [(0, 1_500, true), (1_500, 1_540, true)]);
    assert_eq!(told(&cut([(0, true), (40, false), (3_000, true)])), [(0, 80, true), (3_000, 3_040, true)]);
}

#[test]
fn b_frames_are_decoded_in_order_and_shown_when_they_were_taken() {
    let order = [0, 120, 40, 80, 240, 160, 200, 360, 280, 320];
    let fragments = cut(order.into_iter().map(|at| (at, at == 0)));
    let mut decoded = fragments[0].decode_time;
    let shown = fragments[0].pictures.iter().map(|sample| {
        let shown = decoded.cast_signed() + i64::from(sample.offset);
        decoded += u64::from(sample.duration);
        shown / 90
    });
    let shown: Vec<_> = shown.collect();
    assert_eq!((shown, decoded), (order.to_vec(), 400 * 90));
}

#[test]
fn sound_is_kept_whole_though_its_packets_come_unevenly() {
    let mut cutter = Cutter::new(0);
    let mut sent = 0..;
    let mut heard = 0;
    for number in 0..100 {
        let jitter = [0, 30, -20, 5][number as usize % 4];
        cutter.sound((number * 20 + jitter) * MILLI, sent.by_ref().take(160).map(|sample: i32| sample as i16));
        if let Some(fragment) = cutter.picture(picture(number * 20, number == 0)) {
            assert_eq!(fragment.sound.decode_time, heard);
            heard += fragment.sound.blocks.iter().map(|block| u64::from(block.samples)).sum::<u64>();
        }
    }
    let last = cutter.flush(None).unwrap().sound;
    assert_eq!((last.decode_time, last.blocks.iter().map(|block| u64::from(block.samples)).sum::<u64>()), (heard, 16_000 - heard));
}

#[test]
fn sound_that_was_lost_leaves_a_hole_and_what_comes_twice_is_heard_once() {
    let mut cutter = Cutter::new(0);
    let samples = || std::iter::repeat_n(7, 160);
    cutter.picture(picture(0, true));
    for at in [0, 20, 20, 0, 900, 920] {
        cutter.sound(at * MILLI, samples());
    }
    let sound = cutter.flush(None).unwrap().sound;
    // Twice 20 ms is within the jitter, and goes on; 0 ms is within it too.
    assert_eq!(sound.blocks.iter().map(|block| block.samples).sum::<u32>(), 7_200 + 320);
}

proptest! {
    #[test]
    fn whatever_comes_is_decoded_in_order_and_nothing_is_left_out(
        pictures in prop::collection::vec((-5_000_i64..60_000, any::<bool>()), 1..200),
    ) {
        let fragments = cut(pictures.clone());
        prop_assert_eq!(fragments.iter().map(|fragment| fragment.pictures.len()).sum::<usize>(), pictures.len());
        let mut end = 0;
        for fragment in &fragments {
            prop_assert!(fragment.decode_time >= end);
            prop_assert!(fragment.pictures.iter().all(|sample| sample.duration > 0));
            end = fragment.decode_time + fragment.duration();
            prop_assert!(fragment.encode(1).is_ok());
        }
    }
}
