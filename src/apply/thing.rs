//! What `site.toml` declares, in the words of its keys: the same whether it comes from the file or from the database.

use crate::{
    id::CameraId,
    media::{CameraSource, Credentials, Transport},
    model::{Language, Ownership, Role, Watermark},
};
use serde_json::json;
use url::Url;

/// The name by which a file speaks of a thing; it never changes.
pub(super) type Key = String;

/// A thing that has a key and lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Thing {
    Kindergarten(Kindergarten),
    Group { name: String },
    Camera { name: String, source: Box<Source> },
    Child { name: String },
    Account(Account),
}

/// The kinds of things, in the order in which they need each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Kindergarten,
    Group,
    Camera,
    Child,
    Account,
}

impl Kind {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Kindergarten => "kindergarten",
            Self::Group => "group",
            Self::Camera => "camera",
            Self::Child => "child",
            Self::Account => "account",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kindergarten {
    pub(super) name: String,
    pub(super) bin: Option<String>,
    pub(super) district: Option<String>,
    pub(super) ownership: Option<Ownership>,
    pub(super) zone: String,
    pub(super) languages: Vec<Language>,
    pub(super) streams_per_account: u32,
    pub(super) viewers_per_camera: u32,
    /// `None` where the file leaves it to the director.
    pub(super) watermark: Option<Watermark>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) language: Language,
    pub(super) external_id: Option<String>,
}

/// Where a camera's streams come from; its address and password belong in no text.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) main: Url,
    pub(super) sub: Option<Url>,
    pub(super) credentials: Option<Credentials>,
    pub(super) transport: Transport,
}

impl Source {
    /// As the media plane takes it.
    pub(super) fn of(self, camera: CameraId) -> CameraSource {
        let Self { main, sub, credentials, transport } = self;
        CameraSource { camera, main, sub, credentials, transport }
    }
}

impl From<CameraSource> for Source {
    fn from(source: CameraSource) -> Self {
        let CameraSource { main, sub, credentials, transport, .. } = source;
        Self { main, sub, credentials, transport }
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source(..)")
    }
}

impl Thing {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Kindergarten(_) => Kind::Kindergarten,
            Self::Group { .. } => Kind::Group,
            Self::Camera { .. } => Kind::Camera,
            Self::Child { .. } => Kind::Child,
            Self::Account(_) => Kind::Account,
        }
    }

    /// Its attributes as stable names with values that may be shown; a camera's source is `None`.
    pub(super) fn attributes(&self) -> Vec<(&'static str, Option<String>)> {
        let shown = |value: &str| Some(value.to_owned());
        match self {
            Self::Kindergarten(it) => [
                ("name", shown(&it.name)),
                ("bin", Some(it.bin.clone().unwrap_or_default())),
                ("district", Some(it.district.clone().unwrap_or_default())),
                ("ownership", Some(it.ownership.map(|ownership| ownership.to_string()).unwrap_or_default())),
                ("zone", shown(&it.zone)),
                ("languages", Some(words(&it.languages))),
                ("streams_per_account", Some(it.streams_per_account.to_string())),
                ("viewers_per_camera", Some(it.viewers_per_camera.to_string())),
            ]
            .into_iter()
            .chain(it.watermark.map(|watermark| ("watermark", shown(watermark.word()))))
            .collect(),
            Self::Group { name } | Self::Child { name } => vec![("name", shown(name))],
            Self::Camera { name, .. } => vec![("name", shown(name)), ("source", None)],
            Self::Account(it) => vec![
                ("login", shown(&it.login)),
                ("name", shown(&it.name)),
                ("role", Some(it.role.to_string())),
                ("language", Some(it.language.to_string())),
                ("external_id", Some(it.external_id.clone().unwrap_or_default())),
            ],
        }
    }

    /// The same whole, as text that may be shown to nobody: for digests alone.
    pub(super) fn secret_attributes(&self) -> Vec<(&'static str, String)> {
        let whole = |(name, shown): (_, Option<String>)| (name, shown.unwrap_or_else(|| self.source_text()));
        self.attributes().into_iter().map(whole).collect()
    }

    fn source_text(&self) -> String {
        let Self::Camera { source, .. } = self else { return String::new() };
        let Source { main, sub, credentials, transport } = &**source;
        let credentials = credentials.as_ref().map(|credentials| (&credentials.username, &credentials.password));
        json!([main, sub, credentials, format!("{transport:?}")]).to_string()
    }

    /// This, with those attributes of `other` that are to be `taken`.
    pub(super) fn taking(&self, other: &Self, taken: impl Fn(&str) -> bool) -> Self {
        fn pick<T: Clone>(other: bool, ours: &T, theirs: &T) -> T {
            if other { theirs.clone() } else { ours.clone() }
        }
        match (self, other) {
            (Self::Kindergarten(ours), Self::Kindergarten(theirs)) => Self::Kindergarten(Kindergarten {
                name: pick(taken("name"), &ours.name, &theirs.name),
                bin: pick(taken("bin"), &ours.bin, &theirs.bin),
                district: pick(taken("district"), &ours.district, &theirs.district),
                ownership: pick(taken("ownership"), &ours.ownership, &theirs.ownership),
                zone: pick(taken("zone"), &ours.zone, &theirs.zone),
                languages: pick(taken("languages"), &ours.languages, &theirs.languages),
                streams_per_account: pick(taken("streams_per_account"), &ours.streams_per_account, &theirs.streams_per_account),
                viewers_per_camera: pick(taken("viewers_per_camera"), &ours.viewers_per_camera, &theirs.viewers_per_camera),
                watermark: theirs.watermark.filter(|_| taken("watermark")).or(ours.watermark),
            }),
            (Self::Group { name: ours }, Self::Group { name: theirs }) => Self::Group { name: pick(taken("name"), ours, theirs) },
            (Self::Child { name: ours }, Self::Child { name: theirs }) => Self::Child { name: pick(taken("name"), ours, theirs) },
            (Self::Camera { name, source }, Self::Camera { name: their_name, source: their_source }) => {
                Self::Camera { name: pick(taken("name"), name, their_name), source: pick(taken("source"), source, their_source) }
            }
            (Self::Account(ours), Self::Account(theirs)) => Self::Account(Account {
                login: pick(taken("login"), &ours.login, &theirs.login),
                name: pick(taken("name"), &ours.name, &theirs.name),
                role: pick(taken("role"), &ours.role, &theirs.role),
                language: pick(taken("language"), &ours.language, &theirs.language),
                external_id: pick(taken("external_id"), &ours.external_id, &theirs.external_id),
            }),
            _ => self.clone(),
        }
    }

    /// The names of the attributes in which `other` differs.
    pub(super) fn differing(&self, other: &Self) -> Vec<&'static str> {
        let sources_differ = match (self, other) {
            (Self::Camera { source, .. }, Self::Camera { source: other, .. }) => source != other,
            _ => false,
        };
        let pairs = self.attributes().into_iter().zip(other.attributes());
        let differing = pairs.filter(|((_, ours), (_, theirs))| if ours.is_some() { ours != theirs } else { sources_differ });
        differing.map(|((name, _), _)| name).collect()
    }
}

/// `kk,ru`
pub(super) fn words(languages: &[Language]) -> String {
    languages.iter().map(|language| language.word()).collect::<Vec<_>>().join(",")
}
