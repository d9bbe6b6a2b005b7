//! A device's profiles (ONVIF Media Service Specification), and the two that are watched: a large picture and a small one.

use super::{
    OnvifError,
    soap::Service,
    xml::{Element, escaped},
};
use crate::{
    clock::Clock,
    media::{Address, Credentials},
};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use std::{net::SocketAddr, time::Duration};
use tokio::time::timeout;
use url::Url;

/// How long all questions together may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where every device answers first (ONVIF Core Specification §5.1.1).
const DEVICE: &str = "/onvif/device_service";

/// The profiles that are looked at; recorders have two or three a channel.
const MOST: usize = 200;

/// What a device has to watch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Streams {
    /// The large picture; `None` when nothing is H.264.
    pub main: Option<Url>,
    /// A smaller one.
    pub sub: Option<Url>,
    /// What it has instead of H.264, where there is nothing else: `H.265`.
    pub other: Option<String>,
    /// How far its clock is ahead of ours, if it tells.
    pub clock_ahead: Option<SignedDuration>,
}

/// A profile with video in it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Profile {
    token: String,
    encoding: String,
    pixels: u32,
}

/// Asks the device at `address` for the addresses of its main and its sub stream.
///
/// # Errors
/// See [`OnvifError`].
pub async fn streams(address: SocketAddr, credentials: Option<&Credentials>, clock: &Clock) -> Result<Streams, OnvifError> {
    let service = Service::new(address, credentials)?;
    timeout(PATIENCE, asked(&service, clock)).await.unwrap_or(Err(OnvifError::Unreachable))
}

async fn asked(service: &Service<'_>, clock: &Clock) -> Result<Streams, OnvifError> {
    // Its own time first: a device whose clock is off takes no token by ours.
    let time = r#"<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>"#;
    let clock_ahead = match service.ask(DEVICE, time, None).await {
        Ok(answer) => time_of(&answer).map(|time| time.duration_since(clock.now())),
        Err(OnvifError::Unreachable) => return Err(OnvifError::Unreachable),
        Err(_) => None,
    };
    let now = || clock.now().saturating_add(clock_ahead.unwrap_or_default()).unwrap_or(clock.now());

    let capabilities =
        r#"<GetCapabilities xmlns="http://www.onvif.org/ver10/device/wsdl"><Category>Media</Category></GetCapabilities>"#;
    let capabilities = service.ask(DEVICE, capabilities, Some(now())).await?;
    let media = capabilities.text_at(&["Media", "XAddr"]).and_then(path_of).ok_or(OnvifError::NotUnderstood)?;
    let profiles = r#"<GetProfiles xmlns="http://www.onvif.org/ver10/media/wsdl"/>"#;
    let profiles = profiles_of(&service.ask(&media, profiles, Some(now())).await?);
    let (main, sub) = pick(&profiles);

    let mut streams = Streams { clock_ahead, ..Streams::default() };
    streams.other = main.is_none().then(|| profiles.first().map(|profile| codec_name(&profile.encoding))).flatten();
    for (profile, stream) in [(main, &mut streams.main), (sub, &mut streams.sub)] {
        let Some(profile) = profile else { continue };
        let question = format!(
            r#"<GetStreamUri xmlns="http://www.onvif.org/ver10/media/wsdl"><StreamSetup><Stream xmlns="http://www.onvif.org/ver10/schema">RTP-Unicast</Stream><Transport xmlns="http://www.onvif.org/ver10/schema"><Protocol>RTSP</Protocol></Transport></StreamSetup><ProfileToken>{}</ProfileToken></GetStreamUri>"#,
            escaped(&profile.token)
        );
        let answer = service.ask(&media, &question, Some(now())).await?;
        *stream = answer.text_at(&["MediaUri", "Uri"]).and_then(|uri| on(service.address, uri));
    }
    if streams.main.is_none() && streams.other.is_none() {
        return Err(OnvifError::NotUnderstood);
    }
    Ok(streams)
}

/// The path and query of a service's address; where it is, is where we ask.
fn path_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
    (path.starts_with('/') && path.len() < 200).then_some(path)
}

/// `uri` with the host that answered, and without a user in it.
fn on(host: SocketAddr, uri: &str) -> Option<Url> {
    // An address that says nothing of its host, or nonsense, is still good for its port and path.
    let mut url = Url::parse(uri).ok().filter(|url| url.scheme() == "rtsp")?;
    url.set_ip_host(host.ip()).ok()?;
    url.as_str().parse::<Address>().ok().map(|address| address.url)
}

/// The largest picture in H.264, and the smallest that is smaller.
fn pick(profiles: &[Profile]) -> (Option<&Profile>, Option<&Profile>) {
    let playable = || profiles.iter().filter(|profile| profile.encoding == "H264");
    // The first of several that are as large: a recorder's other channels come after.
    let main = playable().rev().max_by_key(|profile| profile.pixels);
    let sub = main.and_then(|main| playable().filter(|profile| profile.pixels < main.pixels).min_by_key(|profile| profile.pixels));
    (main, sub)
}

fn profiles_of(document: &Element) -> Vec<Profile> {
    let profile = |element: &Element| {
        let video = element.find("VideoEncoderConfiguration")?;
        let side = |name| video.text_at(&["Resolution", name]).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
        Some(Profile {
            token: element.attribute("token")?.to_owned(),
            encoding: video.text_at(&["Encoding"])?.to_uppercase(),
            pixels: side("Width").saturating_mul(side("Height")),
        })
    };
    document.all("Profiles").into_iter().take(MOST).filter_map(profile).collect()
}

/// The name of a codec as people write it; it comes from outside.
fn codec_name(encoding: &str) -> String {
    match encoding {
        "H265" => "H.265".to_owned(),
        other => other.chars().filter(char::is_ascii_alphanumeric).take(12).collect(),
    }
}

/// The device's time, in UTC.
fn time_of(document: &Element) -> Option<Timestamp> {
    let time = document.find("UTCDateTime")?;
    let number = |path: [&str; 2]| time.text_at(&path)?.parse::<i16>().ok();
    let small = |path: [&str; 2]| number(path).and_then(|number| i8::try_from(number).ok());
    let (year, month, day) = (number(["Date", "Year"])?, small(["Date", "Month"])?, small(["Date", "Day"])?);
    let (hour, minute, second) = (small(["Time", "Hour"])?, small(["Time", "Minute"])?, small(["Time", "Second"])?);
    let civil = DateTime::new(year, month, day, hour, minute, second.min(59), 0).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(token: &str, encoding: &str, pixels: u32) -> Profile {
        Profile { token: token.to_owned(), encoding: encoding.to_owned(), pixels }
    }

    #[test]
    fn h264_is_preferred_however_large_the_rest_is() {
        let profiles = [
            profile("4k", "H265", 3840 * 2160),
            profile("main", "H264", 1920 * 1080),
            profile("middle", "H264", 1280 * 720),
            profile("sub", "H264", 640 * 360),
            profile("still", "JPEG", 320 * 180),
            profile("second channel", "H264", 1920 * 1080),
        ];
        let (main, sub) = pick(&profiles);
        assert_eq!((main.unwrap().token.as_str(), sub.unwrap().token.as_str()), ("main", "sub"));
        assert_eq!(pick(&profiles[..1]), (None, None));
        assert_eq!(pick(&profiles[1..2]), (Some(&profiles[1]), None));
    }

    #[test]
    fn an_address_counts_with_the_host_that_answered() {
        let host: SocketAddr = "192.168.1.64:8000".parse().unwrap();
        for (said, is) in [
            ("rtsp://0.0.0.0:554/Streaming/Channels/101?a=1", Some("rtsp://192.168.1.64:554/Streaming/Channels/101?a=1")),
            ("rtsp://admin:x@10.9.9.9/1", Some("rtsp://192.168.1.64/1")),
            ("http://10.9.9.9/1", None),
            ("1", None),
        ] {
            assert_eq!(on(host, said).as_ref().map(Url::as_str), is, "{said}");
        }
        assert_eq!(path_of("http://0.0.0.0/onvif/media?x=1#y").as_deref(), Some("/onvif/media?x=1"));
        assert_eq!(path_of("mailto:x"), None);
    }

    #[test]
    fn the_time_of_a_device_is_read_or_left() {
        let at = |month: &str| {
            format!(
                "<a><UTCDateTime><Time><Hour>7</Hour><Minute>5</Minute><Second>9</Second></Time><Date><Year>2026</Year><Month>{month}</Month><Day>22</Day></Date></UTCDateTime></a>"
            )
        };
        let time = |text: &str| time_of(&Element::parse(text.as_bytes()).unwrap());
        assert_eq!(time(&at("11")), Some("2026-11-22T07:05:09Z".parse().unwrap()));
        assert_eq!((time(&at("13")), time("<a/>")), (None, None));
    }
}
