//! The pages' own texts, for what leaves the gateway as a file: an export speaks as the page does.

use super::files::Web;
use crate::model::Language;
use std::{collections::BTreeMap, sync::OnceLock};

/// The texts of one language.
pub(super) struct Words(BTreeMap<String, String>);

static KAZAKH: OnceLock<Words> = OnceLock::new();
static RUSSIAN: OnceLock<Words> = OnceLock::new();
static ENGLISH: OnceLock<Words> = OnceLock::new();

impl Words {
    /// Those of `language`.
    pub(super) fn of(language: Language) -> &'static Self {
        let once = match language {
            Language::Kazakh => &KAZAKH,
            Language::Russian => &RUSSIAN,
            Language::English => &ENGLISH,
        };
        once.get_or_init(|| Self::read(language))
    }

    /// The text of `key`; the key itself where there is none.
    pub(super) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.0.get(key).map_or(key, String::as_str)
    }

    fn read(language: Language) -> Self {
        let file = Web::get(&format!("i18n/{language}.json"));
        Self(file.and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_words() {
        for (language, home) in [(Language::Kazakh, "Бүгін"), (Language::Russian, "Сегодня"), (Language::English, "Today")]
        {
            assert_eq!(Words::of(language).get("section.home"), home);
        }
        assert_eq!(Words::of(Language::English).get("no.such.key"), "no.such.key");
    }
}
