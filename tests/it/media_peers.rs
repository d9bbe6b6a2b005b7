//! From frames to the client: with the `webrtc` crate as an honest viewer, and with light ones where many are needed.

use crate::world::{
    full_client::FullClient,
    light_client::{Caller, LightClient, Seen},
    studio::{PATIENCE, Studio, parameters, picture, unit},
    wire::{Wire, server_in},
};
use std::time::Duration;
use tereze::{
    clock::monotonic,
    media::{Ending, Health, MediaConfig, OpenError, SdpError, Viewer},
};

/// A light viewer of a studio that films already.
pub(super) async fn join(studio: &Studio) -> (LightClient, Viewer) {
    let caller = Caller::new();
    let opened = studio.open(&caller.offer).await.unwrap();
    (caller.connect(&opened.answer).await, opened.viewer)
}

/// Asserts that `seen` is a stream without a hole: numbers contiguous, time only forward, a new time with each picture.
pub(super) fn assert_whole(seen: &[Seen]) {
    for (before, after) in seen.iter().zip(&seen[1..]) {
        assert_eq!(after.sequence, before.sequence.wrapping_add(1));
        let step = after.timestamp.wrapping_sub(before.timestamp);
        assert!(if before.marker { step > 0 && step < 1 << 31 } else { step == 0 }, "{before:?} {after:?}");
    }
}

/// The next `packets` of the video.
pub(super) async fn videos(client: &mut LightClient, packets: usize) -> Vec<Seen> {
    let mut seen = Vec::with_capacity(packets);
    for _ in 0..packets {
        seen.push(client.video().await);
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_has_a_whole_key_frame_at_once_though_the_next_is_far_away() {
    let mut studio = Studio::new(false);
    let mut first = FullClient::new().await;
    // One key frame, and then none for minutes.
    let (opened, _film) = studio.open_filming(&first.offer, 10_000, 3_000).await;
    first.take(&opened.answer).await;
    first.key_frame().await;

    let mut second = FullClient::new().await;
    let asked = monotonic();
    let late = studio.open(&second.offer).await.unwrap();
    second.take(&late.answer).await;
    assert_eq!(second.key_frame().await, [parameters().sps.to_vec(), parameters().pps.to_vec(), unit(0, true, 30_000)]);
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    // This client asks for a key frame in any case, so the pictures may begin once more.
    let mut number: u64 = 0;
    for _ in 1..30 {
        let units = second.picture().await;
        number = if units.len() > 1 { 0 } else { number + 1 };
        assert_eq!(units.last(), Some(&unit(number, number == 0, if number == 0 { 30_000 } else { 3_000 })));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn packets_that_are_lost_are_sent_again_under_new_numbers() {
    let mut studio = Studio::new(false);
    let mut client = FullClient::new().await;
    let (opened, _film) = studio.open_filming(&client.offer, 10_000, 6_000).await;
    let server = server_in(&opened.answer);
    let wire = Wire::to(server).await;
    client.take(&wire.in_answer(&opened.answer, server)).await;
    client.picture().await;
    wire.lose_every(20);
    let deadline = monotonic() + PATIENCE;
    while opened.viewer.stats().repaired < 5 {
        assert!(monotonic() < deadline, "{:?}", opened.viewer.stats());
        client.video().await;
    }
    assert!(studio.metrics().contains("media_packets_repaired_total"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_goes_with_the_picture_only_where_the_grant_says_so() {
    for allowed in [true, false] {
        let mut studio = Studio::new(allowed);
        let mut client = FullClient::new().await;
        let (opened, _film) = studio.open_filming(&client.offer, 25, 1_000).await;
        assert_eq!(opened.answer.contains("PCMA/8000"), allowed);
        client.take(&opened.answer).await;
        let mut heard = 0;
        for _ in 0..100 {
            heard += u32::from(!client.packet().await.video);
        }
        assert_eq!(heard > 0, allowed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_that_goes_and_comes_back_is_one_stream_to_the_viewer() {
    let mut studio = Studio::new(false);
    let caller = Caller::new();
    let opening = studio.media.clone();
    let (grant, offer) = (studio.grant.clone(), caller.offer.clone());
    let opened = tokio::spawn(async move { opening.open(&grant, &offer, tereze::media::Quality::Main).await });
    let camera = studio.camera().await;
    camera.frame(picture(0, 900_000, true, 5_000));
    let opened = opened.await.unwrap().unwrap();
    let mut client = caller.connect(&opened.answer).await;
    let mut seen = videos(&mut client, 6).await;
    (1..5).for_each(|number| camera.frame(picture(number, 900_000 + 3_600 * number, false, 500)));
    seen.extend(videos(&mut client, 4).await);
    camera.health(Health::Unreachable);
    // What comes before the next key frame is of no use, and its clock begins anew. A small key frame shares a packet with its parameters.
    camera.frame(picture(5, 77, false, 500));
    camera.frame(picture(6, 3_677, true, 500));
    camera.frame(picture(7, 7_277, false, 500));
    seen.extend(videos(&mut client, 2).await);
    assert_whole(&seen);
    assert_eq!(seen.iter().filter(|seen| seen.marker).count(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_stops_reading_and_one_that_sends_garbage_change_nothing_for_the_others() {
    let mut studio = Studio::new(false);
    let caller = Caller::new();
    let (opened, _film) = studio.open_filming(&caller.offer, 25, 4_000).await;
    let mut watching = caller.connect(&opened.answer).await;
    let (stuck, _stuck) = join(&studio).await;
    let (mut noisy, _noisy) = join(&studio).await;
    let noise = tokio::spawn(async move {
        let mut random = 1u64;
        for _ in 0..20_000u32 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut bytes = random.to_be_bytes().repeat(9);
            bytes[0] = [0, 22, 23, 128, 144, 255][(random >> 60) as usize % 6];
            noisy.say(&bytes).await;
            if random.is_multiple_of(64) {
                tokio::task::yield_now().await;
            }
        }
    });
    let seen = videos(&mut watching, 400).await;
    assert_whole(&seen);
    noise.await.unwrap();
    drop(stuck);
    assert_whole(&videos(&mut watching, 100).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_viewers_of_one_camera_on_one_thread_lose_nothing() {
    let mut studio = Studio::new(false);
    let caller = Caller::new();
    let (opened, _film) = studio.open_filming(&caller.offer, 50, 1_500).await;
    let mut viewers = vec![(caller.connect(&opened.answer).await, opened.viewer)];
    while viewers.len() < 200 {
        let joining: Vec<_> = (0..10).map(|_| join(&studio)).collect();
        viewers.extend(futures::future::join_all(joining).await);
    }
    let watching = viewers.into_iter().map(|(mut client, viewer)| {
        tokio::spawn(async move {
            let seen = videos(&mut client, 200).await;
            (seen, viewer)
        })
    });
    for watched in futures::future::join_all(watching).await {
        let (seen, _viewer) = watched.unwrap();
        assert_whole(&seen);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_cut_says_goodbye_and_sends_nothing_more() {
    let mut studio = Studio::new(false);
    let caller = Caller::new();
    let (opened, _film) = studio.open_filming(&caller.offer, 25, 1_000).await;
    let mut client = caller.connect(&opened.answer).await;
    client.video().await;
    let cut = monotonic();
    opened.viewer.close(Ending::Refused("outside_hours"));
    opened.viewer.close(Ending::Closed);
    assert_eq!(opened.viewer.ended().await, Ending::Refused("outside_hours"));
    while client.next().await.is_some() {}
    assert!(client.closed && cut.elapsed() < Duration::from_secs(1), "{:?}", cut.elapsed());
    assert_eq!(opened.viewer.trickle(""), Err(SdpError::Ended));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_and_a_camera_that_is_removed_end_the_stream() {
    let mut studio = Studio::new(false);
    let mut leaving = FullClient::new().await;
    let (left, _film) = studio.open_filming(&leaving.offer, 25, 1_000).await;
    leaving.take(&left.answer).await;
    leaving.picture().await;
    let (_client, stays) = join(&studio).await;
    leaving.leave().await;
    assert_eq!(tokio::time::timeout(PATIENCE, left.viewer.ended()).await, Ok(Ending::Closed));
    studio.media.set_cameras(vec![]);
    assert_eq!(stays.ended().await, Ending::CameraRemoved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_changes_its_network_goes_on_after_an_ice_restart() {
    let mut studio = Studio::new(false);
    let caller = Caller::new();
    let (opened, _film) = studio.open_filming(&caller.offer, 10_000, 1_000).await;
    let mut client = caller.connect(&opened.answer).await;
    client.video().await;
    assert_eq!(opened.viewer.restart("a=mid:0\r\n"), Err(SdpError::IceCredentials));
    client.video().await;
    let restart = "a=ice-ufrag:next\r\na=ice-pwd:anotherPasswordOfTheClient\r\n";
    let fragment = opened.viewer.restart(restart).unwrap();
    client.move_away(&fragment).await;
    assert_whole(&videos(&mut client, 30).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_is_no_use_and_a_camera_that_is_away_open_nothing() {
    let mut studio = Studio::with(MediaConfig { viewers: 1, ..MediaConfig::default() }, false);
    assert_eq!(studio.open("hello").await.unwrap_err(), OpenError::BadOffer(SdpError::Form));
    let caller = Caller::new();
    let failed = {
        let media = studio.media.clone();
        let (grant, offer) = (studio.grant.clone(), caller.offer.clone());
        let opening = tokio::spawn(async move { media.open(&grant, &offer, tereze::media::Quality::Main).await });
        let camera = studio.camera().await;
        camera.health(Health::WrongPassword);
        let error = opening.await.unwrap().unwrap_err();
        assert_eq!(error.code(), "camera_offline");
        let OpenError::CameraOffline { health, .. } = error else { panic!("{error}") };
        assert_eq!(
            (health, studio.media.states().borrow()[&studio.source.camera].health),
            (Health::WrongPassword, Health::WrongPassword)
        );
        camera
    };
    failed.frame(picture(0, 0, true, 100));
    let mut states = studio.media.states();
    tokio::time::timeout(PATIENCE, states.wait_for(|states| states[&studio.source.camera].health == Health::Online))
        .await
        .unwrap()
        .unwrap();
    let without = caller.offer.replace("H264", "VP8");
    assert_eq!(studio.open(&without).await.unwrap_err(), OpenError::NoCommonCodec { camera: "H264" });
    let opened = studio.open(&caller.offer).await.unwrap();
    assert_eq!(studio.open(&caller.offer).await.unwrap_err().code(), "overloaded");
    // Its place is free again when it has ended.
    drop(opened);
    let deadline = monotonic() + PATIENCE;
    while studio.open(&caller.offer).await.is_err() {
        assert!(monotonic() < deadline);
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_when_the_program_stops() {
    let mut studio = Studio::new(false);
    let caller = Caller::new();
    let (opened, _film) = studio.open_filming(&caller.offer, 25, 1_000).await;
    let mut client = caller.connect(&opened.answer).await;
    client.video().await;
    studio.media.stop().await;
    assert_eq!(opened.viewer.ended().await, Ending::ServerStopping);
    while client.next().await.is_some() {}
    assert!(client.closed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_cannot_keep_up_takes_nobody_more_until_it_can() {
    let mut studio = Studio::new(false);
    let caller = Caller::new();
    let (media, grant, offer) = (studio.media.clone(), studio.grant.clone(), caller.offer.clone());
    let opening = tokio::spawn(async move { media.open(&grant, &offer, tereze::media::Quality::Main).await });
    let camera = studio.camera().await;
    camera.frame(picture(0, 0, true, 5_000));
    let opened = opening.await.unwrap().unwrap();
    let mut watching = caller.connect(&opened.answer).await;
    watching.video().await;
    let mut others = Vec::new();
    for _ in 0..20 {
        others.push(join(&studio).await);
    }
    // More than can be sent, picture by picture, for long enough to be no accident.
    let mut shutter = tokio::time::interval(Duration::from_millis(40));
    let deadline = monotonic() + PATIENCE;
    let mut number = 1;
    let refused = loop {
        shutter.tick().await;
        camera.frame(picture(number, 3_600 * number, number % 10 == 0, 500_000));
        number += 1;
        match studio.open(&caller_offer()).await {
            Err(error) => break error,
            Ok(_) => assert!(monotonic() < deadline, "everybody is let in"),
        }
    };
    assert_eq!((refused.code(), refused.retry_after().is_some()), ("overloaded", true));
    let deadline = monotonic() + PATIENCE;
    while studio.open(&caller_offer()).await.is_err() {
        assert!(monotonic() < deadline, "nobody is let in again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(studio.metrics().contains("media_late_seconds"));
}

fn caller_offer() -> String {
    Caller::new().offer
}
