//! Another kindergarten, whose director has nothing to do with the first.

/// For the end of `site.toml`.
pub(super) const OTHER: &str = r#"
[[kindergarten]]
key = "other"
name = "Айгөлек"
zone = "Asia/Almaty"

[[kindergarten.group]]
key = "star"
name = "Жұлдыз"

[[kindergarten.account]]
key = "marat"
login = "+77010000040"
name = "Марат Иманов"
role = "director"
password = "tereze-test"

[[kindergarten.child]]
key = "zhanel"
name = "Жанель Иманова"
group = "star"
from = 2026-09-01
"#;

/// Its director.
pub(super) const MARAT: &str = "+77010000040";
