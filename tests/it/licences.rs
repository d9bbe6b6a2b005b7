//! What is linked in may be given away: `deny.toml` says under which licences and from where, as `cargo deny check` reads it too.
//! That tool takes longer to build than all of this program.

use serde_json::Value;
use spdx::{Expression, ParseMode};
use std::{collections::BTreeSet, process::Command};

/// A crate that is linked into the program or its tests.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    /// Where it comes from, unless that is the registry.
    elsewhere: Option<String>,
    /// As an SPDX expression; nothing where it says nothing.
    licence: String,
}

impl Package {
    /// Reads a line of `cargo tree`: `name v1.2.3 (where from)|licence`.
    fn parse(line: &str) -> Self {
        let (package, licence) = line.split_once('|').unwrap();
        let (name, rest) = package.split_once(' ').unwrap();
        let notes = rest.replace(" (proc-macro)", "");
        let elsewhere = notes.split_once(" (").map(|(_, place)| place.trim_end_matches(')').to_owned());
        Self { name: name.to_owned(), elsewhere, licence: licence.trim_end_matches(" (*)").to_owned() }
    }

    /// All of them.
    fn all() -> BTreeSet<Self> {
        let wanted = ["tree", "--locked", "--offline", "--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}|{l}"];
        let asked = Command::new(env!("CARGO")).args(wanted).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
        String::from_utf8(asked.stdout).unwrap().lines().filter(|line| !line.is_empty()).map(Self::parse).collect()
    }
}

/// What `deny.toml` says.
struct Rules {
    licences: BTreeSet<String>,
    banned: BTreeSet<String>,
}

impl Rules {
    fn read() -> Self {
        let rules: Value = toml::from_str(include_str!("../../deny.toml")).unwrap();
        let texts = |list: &Value, of: fn(&Value) -> &Value| {
            list.as_array().unwrap().iter().map(|entry| of(entry).as_str().unwrap().to_owned()).collect()
        };
        Self {
            licences: texts(&rules["licenses"]["allow"], |text| text),
            banned: texts(&rules["bans"]["deny"], |ban| &ban["name"]),
        }
    }

    /// What is wrong with `package`.
    fn fault(&self, package: &Package) -> Option<String> {
        let Package { name, elsewhere, licence } = package;
        if let Some(place) = elsewhere.as_ref().filter(|_| name != env!("CARGO_PKG_NAME")) {
            return Some(format!("{name} comes from {place}"));
        }
        if self.banned.contains(name) {
            return Some(format!("{name} is banned"));
        }
        let allowed = Expression::parse_mode(licence, ParseMode::LAX)
            .is_ok_and(|expression| expression.evaluate(|wanted| self.licences.contains(&wanted.to_string())));
        (!allowed).then(|| format!("{name} has the licence '{licence}'"))
    }
}

#[test]
fn every_library_may_be_given_away_and_comes_from_the_one_registry() {
    let rules = Rules::read();
    let packages = Package::all();
    assert!(packages.len() > 100, "{} packages", packages.len());
    let faults: Vec<String> = packages.iter().filter_map(|package| rules.fault(package)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_may_not_be_linked_in_is_found() {
    let rules = Rules::read();
    let fault = |line: &str| rules.fault(&Package::parse(line));
    assert_eq!(fault("good v1.0.0|MIT/Apache-2.0"), None);
    assert_eq!(fault("good-macros v1.0.0 (proc-macro)|(GPL-3.0-only OR MIT) AND Unicode-3.0 (*)"), None);
    assert!(fault("copyleft v1.0.0|AGPL-3.0-or-later").is_some());
    assert!(fault("both v1.0.0|MIT AND GPL-2.0-only").is_some());
    assert!(fault("silent v1.0.0|").is_some());
    assert!(fault("ring v0.17.14|MIT").is_some());
    assert!(fault("fork v1.0.0 (https://example.org/fork#0123)|MIT").is_some());
}
