//! What a message says, in the language of whoever gets it.

use crate::model::Language;

/// A message. `Debug` hides it: its link lets in.
#[derive(Clone)]
pub struct Message {
    /// The subject of an e-mail.
    pub(super) subject: String,
    /// What it says: short, since an SMS in Cyrillic letters has room for 70 of them.
    pub(super) text: String,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Message(..)")
    }
}

impl Message {
    /// Hands over `link`, with which somebody comes into `kindergarten` for the first time, or chooses another password (`reset`).
    pub fn invitation(language: Language, kindergarten: &str, link: &str, reset: bool) -> Self {
        let (subject, rule) = match (language, reset) {
            (Language::Kazakh, false) => ("«Терезеге» шақыру", "Құпиясөз қойып, кіріңіз. Сілтеме бір рет, 7 күн жарамды:"),
            (Language::Kazakh, true) => ("«Терезеге» жаңа құпиясөз", "Жаңа құпиясөз қойыңыз. Сілтеме бір рет, 7 күн жарамды:"),
            (Language::Russian, false) => ("Приглашение в «Терезе»", "Задайте пароль и войдите. Ссылка на один раз, 7 дней:"),
            (Language::Russian, true) => ("Новый пароль для «Терезе»", "Задайте новый пароль. Ссылка на один раз, 7 дней:"),
            (Language::English, false) => {
                ("Your invitation to Tereze", "Choose a password and log in. The link works once, for 7 days:")
            }
            (Language::English, true) => ("A new password for Tereze", "Choose a new password. The link works once, for 7 days:"),
        };
        Self { subject: format!("{kindergarten}: {subject}"), text: format!("{kindergarten}. {rule}\n{link}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_link_on_a_line_of_its_own_and_hides_it_from_logs() {
        for language in [Language::Kazakh, Language::Russian, Language::English] {
            for reset in [false, true] {
                let message = Message::invitation(language, "Балбөбек", "https://tereze.example/invite#7K3M", reset);
                assert_eq!(message.text.lines().last(), Some("https://tereze.example/invite#7K3M"));
                assert!(message.text.starts_with("Балбөбек. ") && message.subject.starts_with("Балбөбек: "));
                assert!(!format!("{message:?}").contains("7K3M"));
            }
        }
    }
}
