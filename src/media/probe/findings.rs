//! What can be wrong with a camera, each in one sentence that says what to change.

use super::{Probe, password::is_weak};
use crate::media::{
    Credentials, Transport, VideoCodec,
    camera::{CameraError, Step},
};
use jiff::SignedDuration;
use std::{fmt, time::Duration};

/// Key frames further apart than this make a repair after a loss slow, and say that a 'smart' codec is on.
const KEY_FRAMES_APART: Duration = Duration::from_millis(4_500);

/// A clock that is further off than this makes the time in the picture doubtful.
const CLOCK_OFF: SignedDuration = SignedDuration::from_secs(5);

/// Below this movement is jerky.
const FEW_FRAMES: f64 = 9.0;

/// More than this is more than a phone on a mobile network takes.
const MUCH: u64 = 6_000_000;

/// What is wrong: its code is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingCode {
    /// Nothing answers.
    Unreachable,
    /// It answers too late or not at all.
    NoAnswer,
    /// User name or password.
    WrongPassword,
    /// There is no such stream.
    NoSuchStream,
    /// It serves as many clients as it can.
    Busy,
    /// It refuses for another reason.
    Refused,
    /// It does not speak RTSP as it should.
    NotUnderstood,
    /// Neither H.264 nor H.265.
    WrongCodec,
    /// H.265: recorded, but not shown live.
    H265,
    /// It plays, but nothing comes.
    NoPicture,
    /// Another transport works.
    OtherTransport,
    /// B-frames.
    BFrames,
    /// An H.264 profile that browsers do not decode.
    WrongProfile,
    /// Key frames are far apart.
    LongKeyInterval,
    /// Jerky.
    FewFrames,
    /// More bits than a phone can take.
    HighBitRate,
    /// Sound that browsers do not play.
    WrongSound,
    /// Its clock is wrong.
    ClockOff,
    /// It shows its picture to everybody in the network.
    NoPassword,
    /// A password of the factory, or one that is soon found out.
    WeakPassword,
}

impl FindingCode {
    /// Every one of them, for those who must have a word for each.
    pub const ALL: [Self; 20] = [
        Self::Unreachable,
        Self::NoAnswer,
        Self::WrongPassword,
        Self::NoSuchStream,
        Self::Busy,
        Self::Refused,
        Self::NotUnderstood,
        Self::WrongCodec,
        Self::H265,
        Self::NoPicture,
        Self::OtherTransport,
        Self::BFrames,
        Self::WrongProfile,
        Self::LongKeyInterval,
        Self::FewFrames,
        Self::HighBitRate,
        Self::WrongSound,
        Self::ClockOff,
        Self::NoPassword,
        Self::WeakPassword,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::NoAnswer => "no_answer",
            Self::WrongPassword => "wrong_password",
            Self::NoSuchStream => "no_such_stream",
            Self::Busy => "busy",
            Self::Refused => "refused",
            Self::NotUnderstood => "not_understood",
            Self::WrongCodec => "wrong_codec",
            Self::H265 => "h265",
            Self::NoPicture => "no_picture",
            Self::OtherTransport => "other_transport",
            Self::BFrames => "b_frames",
            Self::WrongProfile => "wrong_profile",
            Self::LongKeyInterval => "long_key_interval",
            Self::FewFrames => "few_frames",
            Self::HighBitRate => "high_bit_rate",
            Self::WrongSound => "wrong_sound",
            Self::ClockOff => "clock_off",
            Self::NoPassword => "no_password",
            Self::WeakPassword => "weak_password",
        }
    }
}

/// Something that is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub code: FindingCode,
    /// What was found, where the sentence names it: a codec, a number, a transport.
    pub value: Option<String>,
    /// One sentence in English, without addresses and passwords.
    pub sentence: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl Finding {
    fn new(code: FindingCode, sentence: impl Into<String>) -> Self {
        Self { code, value: None, sentence: sentence.into() }
    }

    fn with(self, value: impl Into<String>) -> Self {
        Self { value: Some(value.into()), ..self }
    }

    /// Why there is no picture at all.
    pub(super) fn of(error: &CameraError) -> Self {
        match error {
            CameraError::Unreachable => Self::new(
                FindingCode::Unreachable,
                "Nothing answers at the camera's address: check that it is switched on, that address and port are right, and that no firewall is between.",
            ),
            CameraError::TimedOut(_) | CameraError::Lost => Self::new(
                FindingCode::NoAnswer,
                "The camera takes the connection but does not answer properly: restart it, and check that the port is that of RTSP.",
            ),
            CameraError::WrongPassword => Self::new(
                FindingCode::WrongPassword,
                "The camera refuses the user name or the password: set the ones of a camera user who may view the live stream; after several wrong ones cameras lock the user for some minutes.",
            ),
            CameraError::Refused(Step::Describe, 404 | 400) => Self::new(
                FindingCode::NoSuchStream,
                "The camera has no stream of that path: take the path for this stream from the camera's manual.",
            ),
            CameraError::Refused(_, 453 | 503) => Self::new(
                FindingCode::Busy,
                "The camera serves no more clients: close other viewers and recorders, or raise the number of connections in the camera.",
            ),
            CameraError::Refused(_, status) => {
                Self::new(FindingCode::Refused, format!("The camera refuses with RTSP status {status}: check its RTSP settings."))
                    .with(status.to_string())
            }
            CameraError::NotUnderstood(_) => Self::new(
                FindingCode::NotUnderstood,
                "The camera's answer is not proper RTSP: update its firmware, and check that the port is that of RTSP.",
            ),
            CameraError::WrongCodec { found } => Self::new(
                FindingCode::WrongCodec,
                format!("The camera sends {found}, which browsers do not show: set the video encoding of this stream to H.264."),
            )
            .with(found.as_str()),
            CameraError::NoPicture => Self::new(
                FindingCode::NoPicture,
                "The camera plays but no picture arrives: check that the stream is enabled in the camera, and that no firewall drops its packets.",
            ),
        }
    }

    /// The transport that was told does not work, the other does.
    pub(super) fn other_transport(told: Transport) -> Self {
        let (told, other) = match told {
            Transport::Tcp => ("TCP", "UDP"),
            Transport::Udp => ("UDP", "TCP"),
        };
        Self::new(
            FindingCode::OtherTransport,
            format!("No picture arrives over {told} but over {other}: set the camera's transport to {other}."),
        )
        .with(other)
    }

    /// Nothing that was sent has been understood, or nothing has come, until the time was over.
    pub(super) fn no_answer() -> Self {
        Self::of(&CameraError::TimedOut(Step::Describe))
    }

    /// Everything that is wrong with a stream that plays, the worst first.
    pub(super) fn all(probe: &Probe) -> Vec<Self> {
        let h265 = probe.codec.as_deref() == Some(VideoCodec::H265.name());
        let not_live = h265.then(|| {
            Self::new(
                FindingCode::H265,
                "The stream is H.265: it is recorded, but browsers do not show it live, and whether its picture is black, covered or frozen cannot be seen here: set this stream, or the camera's sub stream, to H.264.",
            )
        });
        let b_frames = probe.b_frames.then(|| {
            Self::new(
                FindingCode::BFrames,
                "The camera sends B-frames, which browsers cannot show: set the H.264 profile to Baseline, or the number of B-frames to 0.",
            )
        });
        let profile = probe
            .profile
            .filter(|name| !h265 && !["Constrained Baseline", "Baseline", "Main", "High"].contains(name))
            .map(|name| {
                Self::new(
                    FindingCode::WrongProfile,
                    format!("The H.264 profile is {name}, which browsers do not decode: set it to Baseline, Main or High."),
                )
                .with(name.to_owned())
            });
        let keys = probe.key_frame_interval.is_none_or(|interval| interval > KEY_FRAMES_APART).then(|| {
            Self::new(
                FindingCode::LongKeyInterval,
                "Key frames are more than four seconds apart: set the key-frame (I-frame) interval to 2 seconds, and turn 'H.264+' or 'Smart codec' off.",
            )
        });
        let rate = probe.frame_rate.filter(|rate| *rate < FEW_FRAMES).map(|rate| {
            let sentence =
                format!("Only {rate:.0} frames a second arrive: set the frame rate to 15 or more, and check the camera's network.");
            Self::new(FindingCode::FewFrames, sentence).with(format!("{rate:.0}"))
        });
        let bits = probe.bit_rate.filter(|bits| *bits > MUCH).map(|bits| {
            let megabits = bits / 1_000_000;
            let sentence = format!("The stream has {megabits} Mbit/s, too much for phones: set its bit rate to 2 Mbit/s or less.");
            Self::new(FindingCode::HighBitRate, sentence).with(megabits.to_string())
        });
        let sound = probe.sound.first().filter(|_| !probe.sound.iter().any(|name| name.starts_with("PCM"))).map(|name| {
            Self::new(
                FindingCode::WrongSound,
                format!("The sound is {name}, which is left out: for sound, set the audio encoding to G.711A or G.711U."),
            )
            .with(name.to_owned())
        });
        let clock = probe.clock_ahead.filter(|ahead| ahead.abs() > CLOCK_OFF).map(|ahead| {
            let (seconds, way) = (ahead.abs().as_secs(), if ahead.is_negative() { "behind" } else { "ahead" });
            let sentence = format!(
                "The camera's clock is {seconds} seconds {way}: turn on NTP in the camera, with a time server that it can reach."
            );
            Self::new(FindingCode::ClockOff, sentence).with(seconds.to_string())
        });
        [not_live, b_frames, profile, keys, rate, bits, sound, clock].into_iter().flatten().collect()
    }

    /// What is wrong with how a camera that plays is kept from others; `None` is one that asks nobody for a password.
    pub(super) fn of_password(credentials: Option<&Credentials>) -> Option<Self> {
        match credentials {
            None => Some(Self::new(
                FindingCode::NoPassword,
                "The camera shows its picture to everybody in the network: switch RTSP authentication on in the camera, with a password.",
            )),
            Some(credentials) if is_weak(credentials) => Some(Self::new(
                FindingCode::WeakPassword,
                "The camera's password is a well-known one, or soon found out: set one of at least 8 characters that is no word and no date.",
            )),
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_listed_and_its_own() {
        let codes: BTreeSet<&str> = FindingCode::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(codes.len(), FindingCode::ALL.len());
    }

    #[test]
    fn every_finding_is_a_sentence_in_every_language_that_names_what_was_found() {
        for language in [
            include_str!("../../../web/i18n/kk.json"),
            include_str!("../../../web/i18n/ru.json"),
            include_str!("../../../web/i18n/en.json"),
        ] {
            let texts: std::collections::BTreeMap<String, String> = serde_json::from_str(language).unwrap();
            for code in FindingCode::ALL {
                let sentence = texts.get(&format!("finding.{}", code.code())).unwrap_or_else(|| panic!("no sentence for {code:?}"));
                assert!(sentence.trim().len() > 20, "{code:?}: {sentence}");
            }
        }
    }
}
