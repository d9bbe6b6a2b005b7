//! The viewer's name as the watermark shows it.

/// The first name, the initial of the last, and the end of the login: whoever films the screen is known again by the director, and
/// cannot be called by a stranger.
pub(super) fn mask(name: &str, login: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    let initial = words.next().and_then(|last| last.chars().next());
    let initial = initial.map(|letter| format!(" {letter}.")).unwrap_or_default();
    format!("{first}{initial} ··· {}", ending(login))
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

    #[test]
    fn a_name_keeps_one_initial_and_a_number_four_digits() {
        assert_eq!(mask("Әсел Қайратқызы", "+77011234567"), "Әсел Қ. ··· 4567");
        assert_eq!(mask("Әсел", "123"), "Әсел ··· 123");
        assert_eq!(mask("Aigerim Sadykova", "aigerim@example.kz"), "Aigerim S. ··· ai…");
    }
}
