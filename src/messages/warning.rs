//! What a director is told of the recordings, in the own language: short, since an SMS in Cyrillic letters has room for 70 of them.

use super::Message;
use crate::model::Language::{self, English, Kazakh, Russian};

/// More cameras are not named.
const MOST_NAMES: usize = 5;

/// What is, or will be, missing of recordings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The disk holds fewer days than are asked for.
    Room {
        /// The whole days that it holds.
        fits: u32,
        /// The days that are asked for.
        wanted: u32,
    },
    /// The limit of bytes holds fewer days than are asked for.
    Bytes {
        /// The whole days that it holds.
        fits: u32,
        /// The days that are asked for.
        wanted: u32,
    },
    /// Cameras have not been recorded for some time.
    Silent {
        /// For so many hours, or more.
        hours: i64,
        /// Their names.
        cameras: Vec<String>,
    },
    /// The clock is not believed.
    Clock,
}

impl Warning {
    /// The word for the matter; it stays the same while the numbers change.
    pub const fn matter(&self) -> &'static str {
        match self {
            Self::Room { .. } => "room",
            Self::Bytes { .. } => "bytes",
            Self::Silent { .. } => "silent",
            Self::Clock => "clock",
        }
    }

    /// What it says, on one line.
    fn text(&self, language: Language) -> String {
        match (self, language) {
            (Self::Room { fits, wanted }, Kazakh) => format!("Дискіге {wanted} күннің {fits} күндік жазбасы ғана сияды."),
            (Self::Room { fits, wanted }, Russian) => format!("На диске поместится {fits} дн. записей из {wanted}."),
            (Self::Room { fits, wanted }, English) => format!("The disk holds {fits} of {wanted} days of recordings."),
            (Self::Bytes { fits, wanted }, Kazakh) => format!("Қойылған шекке {wanted} күннің {fits} күндік жазбасы ғана сияды."),
            (Self::Bytes { fits, wanted }, Russian) => format!("В заданный предел поместится {fits} дн. записей из {wanted}."),
            (Self::Bytes { fits, wanted }, English) => {
                format!("The limit in gigabytes holds {fits} of {wanted} days of recordings.")
            }
            (Self::Silent { hours, cameras }, Kazakh) => format!("{hours} сағаттан бері жазылмай тұр: {}.", names(cameras)),
            (Self::Silent { hours, cameras }, Russian) => format!("Не записывается уже {hours} ч.: {}.", names(cameras)),
            (Self::Silent { hours, cameras }, English) => format!("Not recorded for {hours} hours: {}.", names(cameras)),
            (Self::Clock, Kazakh) => "Сервердің сағаты қате: түзелгенше ескі жазбалар жойылмайды.".to_owned(),
            (Self::Clock, Russian) => "Часы сервера сбились: пока их не исправят, старые записи не удаляются.".to_owned(),
            (Self::Clock, English) => "The gateway’s clock is wrong: until it is right no old recordings are removed.".to_owned(),
        }
    }
}

impl Message {
    /// Tells a director of `kindergarten` of `warning`; `page` has the rest.
    pub fn warning(language: Language, kindergarten: &str, warning: &Warning, page: &str) -> Self {
        let subject = match language {
            Kazakh => "жазбаларға назар аударыңыз",
            Russian => "записи требуют внимания",
            English => "the recordings need a look",
        };
        Self { subject: format!("{kindergarten}: {subject}"), text: format!("{kindergarten}. {}\n{page}", warning.text(language)) }
    }
}

fn names(cameras: &[String]) -> String {
    let more = if cameras.len() > MOST_NAMES { ", …" } else { "" };
    cameras[..cameras.len().min(MOST_NAMES)].join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_cameras_are_not_all_named() {
        let cameras: Vec<String> = ('A'..='G').map(String::from).collect();
        let warning = Warning::Silent { hours: 6, cameras };
        assert_eq!(warning.text(English), "Not recorded for 6 hours: A, B, C, D, E, ….");
        let message = Message::warning(Russian, "Балбөбек", &Warning::Room { fits: 19, wanted: 30 }, "https://tereze.example/");
        assert_eq!(message.text, "Балбөбек. На диске поместится 19 дн. записей из 30.\nhttps://tereze.example/");
    }
}
