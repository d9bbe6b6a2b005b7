//! A camera's address as people write it, and which addresses may be one.

use super::Credentials;
use std::{
    net::{IpAddr, Ipv4Addr},
    str::FromStr,
};
use url::Url;

/// In characters.
const LONGEST: usize = 1_000;

/// An RTSP address, and the user name and password that were written into it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Without credentials in it.
    pub url: Url,
    /// What stood before the `@`.
    pub credentials: Option<Credentials>,
}

/// The text is no address of a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address like rtsp://10.0.0.7/stream1")]
pub struct NotAnAddress;

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        if text.chars().count() > LONGEST {
            return Err(NotAnAddress);
        }
        let mut url = Url::parse(text).map_err(|_| NotAnAddress)?;
        if url.scheme() != "rtsp" || !url.host_str().is_some_and(is_host) {
            return Err(NotAnAddress);
        }
        let inside = !url.username().is_empty() || url.password().is_some();
        let credentials = inside.then(|| Credentials {
            username: percent_decoded(url.username()),
            password: percent_decoded(url.password().unwrap_or_default()),
        });
        // A host that is there and no 'cannot be a base': neither of these fails.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Ok(Self { url, credentials })
    }
}

/// Which addresses may be a camera's: whoever writes one must not reach what listens on this machine for itself alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Whether a camera may be on this machine: in the demo and in tests.
    pub loopback: bool,
}

impl Reach {
    /// Whether a camera may be at `address`.
    pub fn takes(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let broadcast = address == IpAddr::V4(Ipv4Addr::BROADCAST);
        let loopback = address.is_loopback() || address.is_unspecified();
        !broadcast && !address.is_multicast() && (self.loopback || !loopback)
    }

    /// Whether a camera may be where the host of `url` is found now. One that is not found yet may be.
    pub async fn takes_host(self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        match bare(host).parse() {
            Ok(address) => self.takes(address),
            Err(_) => match tokio::net::lookup_host((host, 0)).await {
                Ok(mut found) => found.all(|found| self.takes(found.ip())),
                Err(_) => true,
            },
        }
    }
}

/// An IPv6 address without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Whether `host` is an IP address in its usual form, or a name (RFC 1123 §2.1, and the underscore that people use). A name whose last
/// part is a number is an address in disguise: `127.1`, `0x7f000001`.
fn is_host(host: &str) -> bool {
    if bare(host).parse::<IpAddr>().is_ok() {
        return true;
    }
    let label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        !label.is_empty() && label.len() <= 63 && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.len() <= 253 && host.split('.').all(label) && !last.starts_with(|first: char| first.is_ascii_digit())
}

/// Undoes what the address's syntax makes of other characters (RFC 3986 §2.1).
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        let decoded = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(decoded.unwrap_or(first));
        rest = if decoded.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_with_any_character_survives_the_address() {
        let address: Address = "rtsp://admin:p%40ss%3Aw%D3%99rd%25@10.0.0.7:8554/1?x=1".parse().unwrap();
        let credentials = address.credentials.unwrap();
        assert_eq!((credentials.username.as_str(), credentials.password.as_str()), ("admin", "p@ss:wәrd%"));
        assert_eq!(address.url.as_str(), "rtsp://10.0.0.7:8554/1?x=1");
        assert_eq!(percent_decoded("100%"), "100%");
    }

    #[test]
    fn only_rtsp_to_a_host_is_an_address_of_a_camera() {
        for good in ["rtsp://10.0.0.7/1", "rtsp://camera-3.local/1", "rtsp://[fe80::1]/1", "rtsp://cam_1:554", "RTSP://a/"] {
            assert!(good.parse::<Address>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "10.0.0.7/1",
            "http://10.0.0.7/",
            "rtsps://10.0.0.7/",
            "file:///etc/passwd",
            "rtsp:",
            "rtsp:///1",
            "rtsp://-/",
            "rtsp://a..b/",
            "rtsp://127.1/",
            "rtsp://2130706433/",
            "rtsp://0x7f000001/",
            "rtsp://0x7f.1/",
            "rtsp://a b/",
            "rtsp://%31%32%37.0.0.1/",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
        assert!(format!("rtsp://a/{}", "x".repeat(1_000)).parse::<Address>().is_err());
    }

    #[tokio::test]
    async fn this_machine_itself_is_no_camera_unless_it_may_be() {
        let (network, machine) = (Reach { loopback: false }, Reach { loopback: true });
        for own in ["127.0.0.1", "127.8.9.1", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"] {
            let own: IpAddr = own.parse().unwrap();
            assert!(!network.takes(own) && machine.takes(own), "{own}");
        }
        for never in ["239.255.255.250", "255.255.255.255", "ff02::1"] {
            assert!(!machine.takes(never.parse().unwrap()), "{never}");
        }
        assert!(network.takes("192.168.1.64".parse().unwrap()));
        for own in ["rtsp://localhost/", "rtsp://[::1]/", "rtsp://[::ffff:7f00:1]/"] {
            assert!(!network.takes_host(&own.parse().unwrap()).await, "{own}");
        }
        assert!(network.takes_host(&"rtsp://10.0.0.7/".parse().unwrap()).await);
    }
}
