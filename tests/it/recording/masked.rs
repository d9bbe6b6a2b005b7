//! A film with areas covered is the recording in all but its pictures.

use crate::world::recordings::{Footage, RATE, hear, play};
use std::{
    fs::{self, File},
    ops::Range,
};
use tereze::{
    model::Area,
    recording::{
        Fragment, Head, Layout, SegmentFile,
        export::masked::{Film, NotMasked},
    },
};

/// The fragments of `film`, as a file with sound.
fn recorded(film: &Footage, fragments: &[Fragment]) -> (tempfile::TempDir, File, Layout) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recorded.mp4");
    let mut file = SegmentFile::create(&path, &Head { video: film.parameters.clone(), sound: true }, None).unwrap();
    fragments.iter().for_each(|fragment| file.append(fragment).unwrap());
    file.finish().unwrap();
    let mut file = File::open(path).unwrap();
    let layout = Layout::read(&mut file).unwrap();
    (folder, file, layout)
}

fn ranges(layout: &Layout) -> Vec<Range<u64>> {
    layout.fragments.iter().map(|place| place.offset..place.offset + place.length).collect()
}

fn corner() -> [Area; 1] {
    [Area::new([0, 0, 300, 300]).unwrap()]
}

#[tokio::test]
async fn the_sound_and_the_fragments_of_a_masked_film_are_those_of_the_recording() {
    let film = Footage::of("testsrc2=size=320x180:rate=10", 3).await;
    let sound: Vec<u8> = (0..24_000_u32).map(|at| (at * at / 977 % 251) as u8).collect();
    let (folder, mut file, layout) = recorded(&film, &film.fragments(&sound));
    let mut made = Vec::new();
    let film = Film::open(&mut file, 0..layout.head, &corner()).unwrap().write(&ranges(&layout), &mut made, &|| true).unwrap();
    assert_eq!(film.bytes, made.len() as u64);
    let masked = folder.path().join("masked.mp4");
    fs::write(&masked, &made).unwrap();
    let probed = play(&masked).await;
    assert_eq!((probed.codecs, probed.pictures), (vec!["h264".to_owned(), "flac".to_owned()], u64::from(3 * RATE)));
    assert_eq!(hear(&masked).await, hear(&folder.path().join("recorded.mp4")).await);

    let again = Layout::read(&mut File::open(&masked).unwrap()).unwrap();
    let spans =
        |layout: &Layout| layout.fragments.iter().map(|place| (place.decode_time, place.duration, place.key)).collect::<Vec<_>>();
    assert_eq!(spans(&again), spans(&layout));
    assert!(again.whole, "a player can seek in it");
}

#[tokio::test]
async fn pictures_that_are_not_shown_in_the_order_of_decoding_are_not_covered_at_all() {
    let film = Footage::counting(0, 1).await;
    let mut fragments = film.fragments(&[0x55; 8_000]);
    fragments[0].pictures[3].offset = 9_000;
    let (_folder, mut file, layout) = recorded(&film, &fragments);
    let (areas, mut made) = (corner(), Vec::new());
    let refused = Film::open(&mut file, 0..layout.head, &areas).unwrap().write(&ranges(&layout), &mut made, &|| true);
    assert!(matches!(refused, Err(NotMasked::Reordered)) && made.is_empty());
    let head_of_none = Film::open(&mut file, 8..layout.head, &areas);
    assert!(matches!(head_of_none.map(drop), Err(NotMasked::NoFilm)));
    let gone = Film::open(&mut file, 0..layout.head, &areas).unwrap().write(&ranges(&layout), &mut made, &|| false);
    assert!(matches!(gone, Err(NotMasked::Io(_))) && made.is_empty(), "nobody wants it any more");
}
