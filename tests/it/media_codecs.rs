//! What browsers cannot show goes to none of them: a camera is then watched by its other stream, or it is said why not.

use crate::world::{
    light_client::Caller,
    studio::{Film, PATIENCE, Studio, parameters, picture},
};
use std::sync::Arc;
use tereze::media::{CameraSource, Ending, FeedWriter, FrameKind, Health, OpenError, Opened, ParameterSets, Quality};
use tokio::{task::JoinHandle, time::timeout};

/// A camera with a second stream.
fn with_sub(studio: &Studio) -> CameraSource {
    let source = CameraSource { sub: Some("rtsp://127.0.0.1/sub".parse().unwrap()), ..studio.source.clone() };
    studio.media.set_cameras(vec![source.clone()]);
    source
}

fn opening(studio: &Studio, offer: &str, quality: Quality) -> JoinHandle<Result<Opened, OpenError>> {
    let (media, grant, offer) = (studio.media.clone(), studio.grant.clone(), offer.to_owned());
    tokio::spawn(async move { media.open(&grant, &offer, quality).await })
}

/// The camera sends a key frame of H.265.
fn send_h265(camera: &FeedWriter) {
    let mut frame = picture(0, 0, true, 100);
    let sets = ParameterSets { vps: Some(vec![0x40, 1, 0x0c].into()), ..(*parameters()).clone() };
    frame.kind = FrameKind::Video { key: true, parameters: Arc::new(sets) };
    camera.frame(frame);
}

const NOTHING_TO_SHOW: OpenError = OpenError::WrongCodec { camera: Some("H265") };

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wants_a_stream_in_h265_gets_the_other_one() {
    let mut studio = Studio::new(false);
    let source = with_sub(&studio);
    let caller = Caller::new();
    let opening = opening(&studio, &caller.offer, Quality::Main);
    let main = studio.camera().await;
    send_h265(&main);
    let _film = Film::start(studio.camera().await, 25, 1_000);
    let opened = opening.await.unwrap().unwrap();
    caller.connect(&opened.answer).await.video().await;
    assert_eq!(studio.media.states().borrow()[&source.camera].health, Health::Online);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_stream_can_be_shown_that_is_said_at_once_and_to_those_who_watch() {
    let mut studio = Studio::new(false);
    let caller = Caller::new();
    let opening = opening(&studio, &caller.offer, Quality::Main);
    let camera = studio.camera().await;
    camera.frame(picture(0, 0, true, 100));
    let opened = opening.await.unwrap().unwrap();
    // The camera is set otherwise while somebody watches.
    send_h265(&camera);
    assert_eq!(timeout(PATIENCE, opened.viewer.ended()).await, Ok(Ending::CodecChanged));
    assert_eq!(studio.open(&caller.offer).await.unwrap_err(), NOTHING_TO_SHOW);
    assert_eq!(studio.media.states().borrow()[&studio.source.camera].health, Health::WrongCodec);
    // And it is set as it was.
    camera.frame(picture(1, 3_600, true, 100));
    let deadline = tereze::clock::monotonic() + PATIENCE;
    while studio.open(&caller.offer).await.is_err() {
        assert!(tereze::clock::monotonic() < deadline);
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_streams_in_h265_are_as_good_as_none() {
    let mut studio = Studio::new(false);
    let source = with_sub(&studio);
    let caller = Caller::new();
    let opening = opening(&studio, &caller.offer, Quality::Sub);
    let sub = studio.camera().await;
    send_h265(&sub);
    let main = studio.camera().await;
    send_h265(&main);
    assert_eq!(opening.await.unwrap().unwrap_err(), NOTHING_TO_SHOW);
    assert_eq!(studio.media.states().borrow()[&source.camera].health, Health::WrongCodec);
}
