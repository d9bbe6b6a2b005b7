//! What is told of single pictures, and what leaves the gateway of them: pictures that x264 coded, as cameras do.

use crate::world::{
    camera::{Watcher, source},
    films::{film, grey_of, jpeg_size},
    recordings::Footage,
};
use std::sync::Arc;
use tereze::{
    clock::{Clock, monotonic},
    demo::camera::{Scene, SimulatedCamera, SimulatedCameraConfig, VideoFormat},
    media::{FrameKind, KeyFrame, ParameterSets, Quality, Transport},
    model::Area,
    still::{Appearance, Darkroom, NotDeveloped, Undecodable},
};

/// One picture with much to see, for ever.
const ROOM: &str = "mandelbrot=size=640x360:rate=25,loop=loop=-1:size=1:start=0,gblur=sigma=1";

/// The time, written at the top as cameras do.
const WRITTEN: &str = "drawtext=text='%{pts\\:hms} Kunshuaq':x=16:y=12:fontsize=22:fontcolor=white:box=1:boxcolor=black@0.4";

async fn looks(picture: &str) -> Appearance {
    looks_of(film(picture, 1, &[]).await.remove(0)).await
}

async fn looks_of(frame: KeyFrame) -> Appearance {
    Darkroom::default().look(frame).await.unwrap()
}

#[tokio::test]
async fn a_room_is_neither_black_nor_covered_by_day_and_by_night() {
    for light in ["null", "eq=contrast=0.5:brightness=-0.1", "hue=s=0,eq=contrast=0.35:brightness=-0.25,noise=alls=10:allf=t"] {
        let seen = looks(&format!("{ROOM},{light}")).await;
        assert!(!seen.is_black() && !seen.is_covered(), "{light}: {seen:?}");
    }
}

#[tokio::test]
async fn a_dark_sensor_is_black_whatever_its_noise_and_what_is_written_into_the_picture() {
    for noise in [0, 6, 20] {
        let seen = looks(&format!("color=black:size=640x360:rate=25,noise=alls={noise}:allf=t,{WRITTEN}")).await;
        assert!(seen.is_black() && !seen.is_covered(), "noise {noise}: {seen:?}");
    }
}

#[tokio::test]
async fn a_hand_a_cloth_or_fog_before_the_lens_is_covered() {
    let room_in_fog = format!("{ROOM},eq=contrast=0.06:brightness=0.2");
    let hand = "color=gray:size=640x360:rate=25,geq=lum='70+X/9+Y/12':cb=120:cr=140,noise=alls=8:allf=t";
    for covered in ["color=gray:size=640x360:rate=25", "color=white:size=640x360:rate=25", hand, &room_in_fog] {
        let seen = looks(&format!("{covered},{WRITTEN}")).await;
        assert!(seen.is_covered() && !seen.is_black(), "{covered}: {seen:?}");
    }
}

/// Whether the last two key frames of half a minute show one picture, twice.
async fn repeats(picture: &str, options: &[&str]) -> Option<bool> {
    let mut frames = film(picture, 30, options).await;
    let (last, before) = (frames.pop().unwrap(), frames.pop().unwrap());
    looks_of(last).await.is_same(&looks_of(before).await)
}

#[tokio::test]
async fn a_frozen_picture_is_the_same_with_a_clock_in_it_too() {
    for options in [["-b:v", "500k"], ["-crf", "28"]] {
        assert_eq!(repeats(ROOM, &options).await, Some(true), "{options:?}");
        assert_eq!(repeats(&format!("{ROOM},{WRITTEN}"), &options).await, Some(true), "{options:?}, with a clock");
    }
}

#[tokio::test]
async fn a_sleeping_room_is_not_frozen_with_the_least_noise_and_the_coarsest_picture() {
    let least = "noise=alls=1:allf=t";
    let filtered = "noise=alls=6:allf=t,hqdn3d=8:8:20:20";
    for (noise, options) in
        [(least, ["-b:v", "500k"]), (least, ["-crf", "28"]), (filtered, ["-b:v", "300k"]), (filtered, ["-qp", "40"])]
    {
        assert_eq!(repeats(&format!("{ROOM},{noise}"), &options).await, Some(false), "{noise} {options:?}");
    }
    // Where hardly anything can be told from the picture before, nothing is said.
    assert_eq!(repeats("color=gray:size=640x360:rate=25", &["-crf", "28"]).await, None);
}

#[tokio::test]
async fn a_still_is_small_whatever_the_profile_and_size_of_the_picture() {
    for (size, small) in [("1920x1080", (640, 360)), ("1280x720", (640, 360)), ("640x360", (640, 360)), ("352x288", (352, 288))] {
        for profile in ["baseline", "main", "high"] {
            let frame = film(&format!("testsrc2=size={size}:rate=25"), 1, &["-profile:v", profile]).await.remove(0);
            let jpeg = Darkroom::default().still(frame, Vec::new()).await.unwrap();
            assert_eq!(jpeg_size(&jpeg), Some(small), "{size} {profile}");
            assert!(jpeg.len() < 150_000, "{size} {profile}: {}", jpeg.len());
        }
    }
}

#[tokio::test]
async fn what_nobody_is_to_see_is_black_in_the_file_and_the_rest_is_not() {
    let frame = film("color=white:size=1280x720:rate=25", 1, &[]).await.remove(0);
    let areas = [[100, 200, 300, 400], [990, 990, 10, 10]].map(|area| Area::new(area).unwrap()).to_vec();
    let (width, grey) = grey_of(&Darkroom::default().still(frame, areas).await.unwrap()).await;
    assert_eq!(width, 640);
    let at = |x: usize, y: usize| grey[y * width + x];
    // Everything from 64 to 256 and from 72 to 216, its edge included; JPEG may waver by a little.
    for (x, y) in [(64, 72), (255, 215), (160, 140), (64, 215), (255, 72), (639, 359), (634, 357)] {
        assert!(at(x, y) < 40, "{x},{y} shows {}", at(x, y));
    }
    for (x, y) in [(40, 140), (280, 140), (160, 50), (160, 240), (600, 330)] {
        assert!(at(x, y) > 230, "{x},{y} is {}", at(x, y));
    }
}

/// The key frame with other slices.
#[tokio::test]
async fn a_picture_in_h265_is_not_judged() {
    let mut footage = Footage::h265("color=black:size=320x180:rate=10", 1).await;
    let (data, true) = footage.pictures.remove(0) else { panic!("the first is a key frame") };
    let frame = KeyFrame { parameters: footage.parameters, arrived: monotonic(), data };
    let other = NotDeveloped::Undecodable(Undecodable::OtherCodec);
    assert_eq!(Darkroom::default().look(frame).await.unwrap_err(), other);
}

fn with(frame: &KeyFrame, data: Vec<u8>) -> KeyFrame {
    KeyFrame { data: data.into(), ..frame.clone() }
}

#[tokio::test]
async fn a_key_frame_that_was_tampered_with_costs_one_picture_and_nothing_else() {
    let darkroom = Darkroom::default();
    for profile in ["baseline", "high"] {
        let frame = film("testsrc2=size=320x240:rate=25", 1, &["-profile:v", profile]).await.remove(0);
        // A simple generator: the test fails with the same bytes again.
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed as usize % below
        };
        for _ in 0..150 {
            let (mut data, mut parameters) = (frame.data.to_vec(), (*frame.parameters).clone());
            for _ in 0..=random(8) {
                let at = 5 + random(data.len() - 5);
                data[at] ^= 1 << random(8);
            }
            if random(3) == 0 {
                data.truncate(4 + random(data.len() - 4));
            }
            if random(3) == 0 {
                let (mut sps, at) = (parameters.sps.to_vec(), 4 + random(parameters.sps.len() - 4));
                sps[at] ^= 1 << random(8);
                parameters.sps = sps.into();
            }
            let tampered = KeyFrame { parameters: Arc::new(parameters), ..with(&frame, data) };
            // Whatever comes of it: it comes, and in time.
            let _ = darkroom.look(tampered).await;
        }
        assert!(darkroom.look(frame).await.is_ok(), "the next picture is decoded as ever");
    }
}

#[tokio::test]
async fn a_key_frame_of_many_pictures_or_of_a_huge_one_is_not_begun() {
    let darkroom = Darkroom::default();
    let frame = film("testsrc2=size=320x240:rate=25", 1, &[]).await.remove(0);
    let twice = with(&frame, [&frame.data[..], &frame.data[..]].concat());
    assert_eq!(darkroom.look(twice).await, Err(NotDeveloped::Undecodable(Undecodable::Refused)));
    let sizes = ParameterSets { width: 8000, ..(*frame.parameters).clone() };
    let huge = KeyFrame { parameters: Arc::new(sizes), ..frame.clone() };
    assert_eq!(darkroom.look(huge).await, Err(NotDeveloped::Undecodable(Undecodable::TooLarge)));
    assert_eq!(darkroom.look(with(&frame, vec![0; 5 << 20])).await, Err(NotDeveloped::Undecodable(Undecodable::TooLarge)));
    assert_eq!(darkroom.look(with(&frame, Vec::new())).await, Err(NotDeveloped::Undecodable(Undecodable::Refused)));
}

/// Two key frames of a simulated camera, one after the other.
async fn simulated(scene: Scene) -> Vec<KeyFrame> {
    let sub = VideoFormat { width: 640, height: 360, rate: 10 };
    let camera =
        SimulatedCamera::start(SimulatedCameraConfig { sub, ..SimulatedCameraConfig::new(scene, Clock::system()) }).await.unwrap();
    let mut watcher = Watcher::start(source(camera.sub_url(), "camera", "window", Transport::Tcp), Quality::Main);
    let mut frames = Vec::new();
    while frames.len() < 2 {
        let frame = watcher.picture().await;
        if let FrameKind::Video { key: true, parameters } = frame.kind {
            frames.push(KeyFrame { parameters, arrived: frame.arrived, data: frame.data });
        }
    }
    watcher.stop().await;
    camera.stop().await;
    frames
}

#[tokio::test]
async fn no_simulated_camera_seems_covered_or_frozen() {
    for scene in Scene::ALL {
        let frames = simulated(scene).await;
        let (first, next) = (looks_of(frames[0].clone()).await, looks_of(frames[1].clone()).await);
        assert!(!first.is_black() && !first.is_covered(), "{scene:?}: {first:?}");
        assert_ne!(first.is_same(&next), Some(true), "{scene:?}");
    }
}
