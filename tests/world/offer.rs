//! WHEP without a peer behind it: what is said over HTTP, with an offer that a browser could have made.

use super::{
    api::{Answer, Visitor, client, eventually},
    gateway::Gateway,
    light_client::{Caller, LightClient},
};
use reqwest::{Client, Method, RequestBuilder};

/// An offer to receive video and sound, without candidates.
pub const OFFER: &str = "v=0\r\n\
    o=- 4611731400430051336 2 IN IP4 127.0.0.1\r\n\
    s=-\r\n\
    t=0 0\r\n\
    a=group:BUNDLE 0 1\r\n\
    a=msid-semantic: WMS\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 102 103 106 107\r\n\
    c=IN IP4 0.0.0.0\r\n\
    a=rtcp:9 IN IP4 0.0.0.0\r\n\
    a=ice-ufrag:4ZcD\r\n\
    a=ice-pwd:2/1muCWoOi3uLifh0NuRHlig\r\n\
    a=ice-options:trickle\r\n\
    a=fingerprint:sha-256 75:74:5A:A6:A4:E5:52:F4:A7:67:4C:01:C7:EE:91:3F:21:3D:A2:E3:53:7B:6F:30:86:F2:30:AA:65:FB:04:24\r\n\
    a=setup:actpass\r\n\
    a=mid:0\r\n\
    a=recvonly\r\n\
    a=rtcp-mux\r\n\
    a=rtpmap:102 H264/90000\r\n\
    a=rtcp-fb:102 nack\r\n\
    a=rtcp-fb:102 nack pli\r\n\
    a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\r\n\
    a=rtpmap:103 rtx/90000\r\n\
    a=fmtp:103 apt=102\r\n\
    a=rtpmap:106 H264/90000\r\n\
    a=rtcp-fb:106 nack\r\n\
    a=rtcp-fb:106 nack pli\r\n\
    a=fmtp:106 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n\
    a=rtpmap:107 rtx/90000\r\n\
    a=fmtp:107 apt=106\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 0 8\r\n\
    c=IN IP4 0.0.0.0\r\n\
    a=ice-ufrag:4ZcD\r\n\
    a=ice-pwd:2/1muCWoOi3uLifh0NuRHlig\r\n\
    a=fingerprint:sha-256 75:74:5A:A6:A4:E5:52:F4:A7:67:4C:01:C7:EE:91:3F:21:3D:A2:E3:53:7B:6F:30:86:F2:30:AA:65:FB:04:24\r\n\
    a=setup:actpass\r\n\
    a=mid:1\r\n\
    a=recvonly\r\n\
    a=rtcp-mux\r\n\
    a=rtpmap:0 PCMU/8000\r\n\
    a=rtpmap:8 PCMA/8000\r\n";

/// A client that holds nothing but a token.
pub struct Player {
    http: Client,
    base: String,
    pub token: String,
}

/// A stream that was opened.
#[derive(Debug, Clone)]
pub struct Stream {
    pub path: String,
    pub etag: String,
    pub answer: String,
}

impl Player {
    pub fn with(gateway: &Gateway, token: &str) -> Self {
        Self::at(&gateway.url(""), token)
    }

    /// At a gateway in another process.
    pub fn at(base: &str, token: &str) -> Self {
        Self { http: client().build().unwrap(), base: base.to_owned(), token: token.to_owned() }
    }

    pub async fn of(gateway: &Gateway, visitor: &Visitor) -> Self {
        Self::with(gateway, &visitor.token().await)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    /// Asks for a stream.
    pub async fn post(&self, camera: &str) -> Answer {
        self.post_offer(camera, OFFER).await
    }

    async fn post_offer(&self, camera: &str, offer: &str) -> Answer {
        let request = self.request(Method::POST, &format!("/whep/{camera}"));
        Answer::of(request.header("content-type", "application/sdp").body(offer.to_owned())).await
    }

    /// Opens a stream; a camera that is slow to come up on a busy machine is waited for, as a page does.
    pub async fn open(&self, camera: &str) -> Stream {
        self.open_offer(camera, OFFER).await
    }

    /// Opens a stream and plays it.
    pub async fn play(&self, camera: &str) -> LightClient {
        let caller = Caller::new();
        let stream = self.open_offer(camera, &caller.offer).await;
        caller.connect(&stream.answer).await
    }

    async fn open_offer(&self, camera: &str, offer: &str) -> Stream {
        let answer = eventually("the camera is up", || async {
            let answer = self.post_offer(camera, offer).await;
            (answer.code() != "camera_offline").then_some(answer)
        })
        .await
        .ok(201);
        Stream { path: answer.header("location").to_owned(), etag: answer.header("etag").to_owned(), answer: answer.body }
    }

    /// Sends a fragment to a stream.
    pub async fn patch(&self, stream: &Stream, if_match: Option<&str>, fragment: &str) -> Answer {
        let request = self.request(Method::PATCH, &stream.path).header("content-type", "application/trickle-ice-sdpfrag");
        let request = if_match.into_iter().fold(request, |request, tag| request.header("if-match", tag));
        Answer::of(request.body(fragment.to_owned())).await
    }

    /// Ends a stream.
    pub async fn delete(&self, stream: &Stream) -> Answer {
        Answer::of(self.request(Method::DELETE, &stream.path)).await
    }
}
