//! The arrows between the modules point one way.

use std::{fs, path::Path};

/// The Rust files under `src/<module>`, with their text.
fn files(module: &str) -> Vec<(String, String)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut waiting = vec![source.join(format!("{module}.rs")), source.join(module)];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") && path.exists() {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            found.push((path.strip_prefix(&source).unwrap().display().to_string(), code));
        }
    }
    assert!(!found.is_empty(), "no module {module}");
    found
}

/// Whether `code` uses the module or crate `name`, by a path or in a group of imports.
fn uses(code: &str, name: &str) -> bool {
    let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    words.into_iter().any(|word| word.starts_with(&format!("{name}::")) || word.contains(&format!("crate::{name}")))
        || code.lines().any(|line| line.trim() == format!("{name},"))
}

fn assert_ignorant(module: &str, of: &[&str]) {
    for (file, code) in files(module) {
        for name in of {
            assert!(!uses(&code, name), "{file} must not know '{name}'");
        }
    }
}

#[test]
fn model_and_policy_know_no_database_web_runtime_or_clock() {
    let outside = [
        "sqlx", "axum", "tokio", "hyper", "reqwest", "clock", "db", "auth", "audit", "media", "sessions", "http", "app", "std::fs",
    ];
    assert_ignorant("model", &[&outside[..], &["policy"]].concat());
    assert_ignorant("policy", &outside);
}

#[test]
fn the_arrows_point_one_way() {
    assert_ignorant("id", &["model", "policy", "db", "media", "sessions", "http", "app"]);
    assert_ignorant("db", &["policy", "auth", "audit", "sessions", "http", "app", "axum"]);
    assert_ignorant("audit", &["auth", "media", "sessions", "http", "app", "axum"]);
    assert_ignorant("auth", &["media", "sessions", "http", "app", "axum"]);
    assert_ignorant("media", &["db", "auth", "audit", "sessions", "http", "app", "axum", "sqlx"]);
    assert_ignorant("recording", &["sessions", "app", "axum", "demo"]);
    assert_ignorant("warnings", &["policy", "sessions", "http", "app", "axum", "console"]);
    assert_ignorant("rounds", &["policy", "auth", "audit", "sessions", "http", "app", "axum", "console"]);
    assert_ignorant("still", &["db", "auth", "audit", "policy", "sessions", "http", "app", "axum", "console", "rounds"]);
    assert_ignorant("onvif", &["db", "auth", "audit", "policy", "sessions", "http", "app", "axum", "sqlx"]);
    assert_ignorant("facts", &["media", "sessions", "http", "app", "axum"]);
    assert_ignorant("sessions", &["http", "app", "axum", "apply"]);
    assert_ignorant("apply", &["sessions", "http", "app", "axum"]);
    assert_ignorant("console", &["sessions", "http", "app", "axum", "apply"]);
    assert_ignorant("http", &["apply", "demo", "cli"]);
}

#[test]
fn the_time_has_one_source() {
    for module in ["policy", "model", "sessions", "http", "auth", "audit", "db", "facts", "apply"] {
        for (file, code) in files(module) {
            for now in ["Timestamp::now", "SystemTime::now", "Instant::now", "Zoned::now"] {
                assert!(!code.contains(now), "{file} must ask Clock, not {now}");
            }
        }
    }
}

#[test]
fn only_the_policy_makes_a_grant_or_a_mandate() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(source).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_owned();
        if ["policy", "README.md", "main", "lib"].contains(&name.as_str()) {
            continue;
        }
        for (file, code) in files(&name) {
            let made = ["Grant {", "Grant::new", "Mandate {", "Replay {"].into_iter().flat_map(|made| code.match_indices(made));
            let makes = made.map(|(at, _)| at).any(|at| !code[..at].ends_with(|before: char| before.is_alphanumeric()));
            assert!(!makes, "{file} must not make a grant or a mandate");
        }
    }
}
