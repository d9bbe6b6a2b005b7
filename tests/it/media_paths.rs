//! Which way packets go to a viewer, and for how long: consent, threads, address families.

use super::media_peers::{assert_whole, join, videos};
use crate::world::{
    api::eventually,
    light_client::Caller,
    studio::Studio,
    wire::{candidates, server_in},
};
use futures::{FutureExt, future::join_all};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroUsize,
    time::Duration,
};
use tereze::{
    clock::monotonic,
    media::{Ending, MediaConfig},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_checks_no_more_is_ended_after_thirty_seconds_and_one_that_goes_on_checking_stays() {
    let mut studio = Studio::with(MediaConfig { viewers: 2, ..MediaConfig::default() }, false);
    let caller = Caller::new();
    let (opened, _film) = studio.open_filming(&caller.offer, 25, 1_000).await;
    let mut checking = caller.connect(&opened.answer).await;
    let (mut silent, viewer) = join(&studio).await;
    let fell_silent = monotonic();
    assert_eq!(studio.open(&Caller::new().offer).await.unwrap_err().code(), "overloaded");

    // It goes on taking packets; only checks say that it still wants them (RFC 7675).
    let silent = tokio::spawn(async move {
        while silent.next().await.is_some() {}
        silent.closed
    });
    let goes_on = async {
        loop {
            assert_whole(&videos(&mut checking, 150).await);
            checking.check().await;
        }
    };
    let ending = tokio::select! { ending = viewer.ended() => ending, () = goes_on => unreachable!() };
    let took = fell_silent.elapsed();
    assert_eq!(ending, Ending::ConnectionLost);
    assert!((Duration::from_secs(29)..Duration::from_secs(33)).contains(&took), "{took:?}");
    assert!(silent.await.unwrap(), "it is told, should it still be there");
    assert_whole(&videos(&mut checking, 50).await);
    assert_eq!(opened.viewer.ended().now_or_never(), None);
    let newcomer = Caller::new();
    eventually("its place is free", || async { studio.open(&newcomer.offer).await.ok() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn viewers_on_three_threads_are_all_served_whole_and_each_is_ended() {
    let mut studio = Studio::with(MediaConfig { shards: NonZeroUsize::new(3), viewers: 12, ..MediaConfig::default() }, false);
    let caller = Caller::new();
    let (opened, _film) = studio.open_filming(&caller.offer, 25, 3_000).await;
    let mut viewers = vec![(caller.connect(&opened.answer).await, opened.viewer)];
    viewers.extend(join_all((1..12).map(|_| join(&studio))).await);
    for seen in join_all(viewers.iter_mut().map(|(client, _)| videos(client, 150))).await {
        assert_whole(&seen);
    }
    // Neighbours are on different threads: those who are ended and those who stay are on all of them.
    let mut ended = viewers.split_off(6);
    for (client, viewer) in &mut ended {
        viewer.close(Ending::TakenOver);
        assert_eq!(viewer.ended().await, Ending::TakenOver);
        while client.next().await.is_some() {}
    }
    for seen in join_all(viewers.iter_mut().map(|(client, _)| videos(client, 50))).await {
        assert_whole(&seen);
    }
    studio.media.set_cameras(vec![]);
    for (client, viewer) in &mut viewers {
        assert_eq!(viewer.ended().await, Ending::CameraRemoved);
        while client.next().await.is_some() {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_is_served_over_ipv6_and_beside_it_over_ipv4_on_the_same_port() {
    let (v4, v6) = (IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST));
    for addresses in [vec![v6], vec![v6, v4]] {
        let mut studio = Studio::with(MediaConfig { addresses: addresses.clone(), ..MediaConfig::default() }, false);
        let caller = Caller::new();
        let (opened, _film) = studio.open_filming(&caller.offer, 25, 3_000).await;
        let server = server_in(&opened.answer);
        assert_eq!(candidates(&opened.answer), addresses.iter().map(|ip| SocketAddr::new(*ip, server.port())).collect::<Vec<_>>());
        let mut watching = vec![caller.connect(&opened.answer).await];
        let (caller, mut kept) = (Caller::new(), vec![opened]);
        let last = studio.open(&caller.offer).await.unwrap();
        watching.push(caller.connect_to(*candidates(&last.answer).last().unwrap(), &last.answer).await);
        kept.push(last);
        for seen in join_all(watching.iter_mut().map(|client| videos(client, 100))).await {
            assert_whole(&seen);
        }
    }
}
