//! The viewer's name as the watermark shows it.

use crate::model::{Account, Watermark};

/// What `watermark` shows of `account`: the first name, the initial of the last, and perhaps the end of the login. Whoever films the screen is
/// known again by the director, and cannot be called by a stranger. `None` when there is no watermark.
pub(super) fn mask(account: &Account, watermark: Watermark) -> Option<String> {
    let mut words = account.name.split_whitespace();
    let first = words.next().unwrap_or_default();
    let initial = words.next().and_then(|last| last.chars().next());
    let name = format!("{first}{}", initial.map(|letter| format!(" {letter}.")).unwrap_or_default());
    match watermark {
        Watermark::Off => None,
        Watermark::Name => Some(name),
        Watermark::NameAndLogin => Some(format!("{name} ··· {}", ending(&account.login))),
    }
}

/// The last four digits of a phone number, or the first two letters of an e-mail address.
fn ending(login: &str) -> String {
    match login.split_once('@') {
        Some((local, _)) => local.chars().take(2).chain(['…']).collect(),
        None => login.chars().skip(login.chars().count().saturating_sub(4)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        id::AccountId,
        model::{Language, Role},
    };
    use jiff::Timestamp;

    fn shown(name: &str, login: &str, watermark: Watermark) -> Option<String> {
        let account = Account {
            id: AccountId::new(Timestamp::UNIX_EPOCH),
            login: login.to_owned(),
            name: name.to_owned(),
            role: Role::Parent,
            kindergarten: None,
            language: Language::Kazakh,
            blocked: false,
        };
        mask(&account, watermark)
    }

    #[test]
    fn a_name_keeps_one_initial_and_a_number_four_digits() {
        let whole = |name, login| shown(name, login, Watermark::NameAndLogin).unwrap();
        assert_eq!(whole("Әсел Қайратқызы", "+77011234567"), "Әсел Қ. ··· 4567");
        assert_eq!(whole("Әсел", "123"), "Әсел ··· 123");
        assert_eq!(whole("Aigerim Sadykova", "aigerim@example.kz"), "Aigerim S. ··· ai…");
    }

    #[test]
    fn a_director_may_leave_the_number_out_or_everything() {
        assert_eq!(shown("Әсел Қайратқызы", "+77011234567", Watermark::Name).unwrap(), "Әсел Қ.");
        assert_eq!(shown("Әсел Қайратқызы", "+77011234567", Watermark::Off), None);
    }
}
