//! The channels of a recorder as cameras: that is how analogue cameras arrive.

use super::{BadSource, SourceWish, Wish};
use crate::media::Transport;
use std::fmt;

/// The channels of the largest recorders.
const MOST_CHANNELS: u16 = 64;
/// What stands for the channel's number in an address.
const CHANNEL: &str = "{channel}";

/// How a recorder numbers its channels' addresses.
#[derive(Clone, PartialEq, Eq)]
pub enum Template {
    /// Hikvision, and what is made after it.
    Hikvision {
        /// The host, and the port where it is not 554.
        host: String,
    },
    /// Dahua, and what is made after it.
    Dahua {
        /// The host, and the port where it is not 554.
        host: String,
    },
    /// Any other.
    Own {
        /// The address of a main stream, with `{channel}` in it.
        main: String,
        /// That of a sub stream.
        sub: Option<String>,
    },
}

/// A recorder whose channels are to be added.
#[derive(Clone)]
pub struct Recorder {
    /// What each camera is called, before its number.
    pub name: String,
    /// How its addresses are made.
    pub template: Template,
    /// The first channel.
    pub first: u16,
    /// The last.
    pub last: u16,
    /// The user name.
    pub username: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// How packets travel.
    pub transport: Option<Transport>,
}

/// Shows nothing: it holds addresses and passwords.
impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder(..)")
    }
}

impl Recorder {
    /// A camera for each channel, shared by all groups until somebody says whose room it shows, and without sound.
    pub fn cameras(&self) -> Result<Vec<Wish>, BadSource> {
        if self.first == 0 || self.first > MOST_CHANNELS {
            return Err(BadSource::Field("first"));
        }
        if !(self.first..=MOST_CHANNELS).contains(&self.last) {
            return Err(BadSource::Field("last"));
        }
        if self.name.trim().is_empty() {
            return Err(BadSource::Field("name"));
        }
        let (main, sub) = self.template.addresses()?;
        let wish = |channel: u16| {
            let on = |address: &str| address.replace(CHANNEL, &channel.to_string());
            Wish {
                name: format!("{} {channel}", self.name.trim()),
                group: None,
                sound: false,
                source: SourceWish {
                    main: Some(on(&main)),
                    sub: sub.as_deref().map(on),
                    username: self.username.clone(),
                    password: self.password.clone(),
                    transport: self.transport,
                },
            }
        };
        Ok((self.first..=self.last).map(wish).collect())
    }
}

impl Template {
    /// The addresses of the main and the sub stream, with [`CHANNEL`] in them.
    fn addresses(&self) -> Result<(String, Option<String>), BadSource> {
        let on = |host: &str, path: &str| format!("rtsp://{host}/{path}");
        match self {
            Self::Hikvision { host } => {
                let host = plain(host)?;
                let path = |stream| on(host, &format!("Streaming/Channels/{CHANNEL}{stream}"));
                Ok((path("01"), Some(path("02"))))
            }
            Self::Dahua { host } => {
                let host = plain(host)?;
                let path = |stream| on(host, &format!("cam/realmonitor?channel={CHANNEL}&subtype={stream}"));
                Ok((path("0"), Some(path("1"))))
            }
            Self::Own { main, sub } => {
                let sub = sub.as_deref().map(str::trim).filter(|sub| !sub.is_empty());
                // Without the mark every channel would be the same picture.
                if !main.contains(CHANNEL) {
                    return Err(BadSource::Field("main"));
                }
                if sub.is_some_and(|sub| !sub.contains(CHANNEL)) {
                    return Err(BadSource::Field("sub"));
                }
                Ok((main.trim().to_owned(), sub.map(str::to_owned)))
            }
        }
    }
}

/// A host with or without its port, and nothing that would end it.
fn plain(host: &str) -> Result<&str, BadSource> {
    let host = host.trim();
    let plain = host.chars().all(|c| c.is_ascii_alphanumeric() || "-._:[]".contains(c));
    if host.is_empty() || !plain { Err(BadSource::Field("host")) } else { Ok(host) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorder(template: Template, first: u16, last: u16) -> Recorder {
        Recorder { name: " Камера ".into(), template, first, last, username: None, password: None, transport: None }
    }

    fn addresses(template: Template) -> Vec<(String, String, Option<String>)> {
        let wishes = recorder(template, 9, 10).cameras().unwrap();
        wishes.into_iter().map(|wish| (wish.name, wish.source.main.unwrap(), wish.source.sub)).collect()
    }

    #[test]
    fn every_channel_is_a_camera() {
        let host = || "10.0.0.9:8554".to_owned();
        let hikvision = addresses(Template::Hikvision { host: host() });
        assert_eq!(hikvision[0].0, "Камера 9");
        assert_eq!(hikvision[1].1, "rtsp://10.0.0.9:8554/Streaming/Channels/1001");
        assert_eq!(hikvision[1].2.as_deref(), Some("rtsp://10.0.0.9:8554/Streaming/Channels/1002"));
        let dahua = addresses(Template::Dahua { host: host() });
        assert_eq!(dahua[0].1, "rtsp://10.0.0.9:8554/cam/realmonitor?channel=9&subtype=0");
        let own = addresses(Template::Own { main: "rtsp://a/{channel}/x?{channel}".into(), sub: Some(String::new()) });
        assert_eq!((own[1].1.as_str(), &own[1].2), ("rtsp://a/10/x?10", &None));
    }

    #[test]
    fn what_makes_no_channels_is_named() {
        let hikvision = |host: &str| Template::Hikvision { host: host.into() };
        let own = |main: &str, sub: Option<&str>| Template::Own { main: main.into(), sub: sub.map(Into::into) };
        for (template, first, last, field) in [
            (hikvision("10.0.0.9"), 0, 4, "first"),
            (hikvision("10.0.0.9"), 65, 66, "first"),
            (hikvision("10.0.0.9"), 4, 3, "last"),
            (hikvision("10.0.0.9"), 1, 65, "last"),
            (hikvision(""), 1, 4, "host"),
            (hikvision("a:b@10.0.0.9/x"), 1, 4, "host"),
            (own("rtsp://a/1", None), 1, 4, "main"),
            (own("rtsp://a/{channel}", Some("rtsp://a/1")), 1, 4, "sub"),
        ] {
            assert_eq!(recorder(template, first, last).cameras().unwrap_err(), BadSource::Field(field));
        }
    }
}
