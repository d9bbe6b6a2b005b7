//! XML from strangers, as a small tree: names without their prefixes, texts, and nothing that is defined in the document itself.

use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

/// A device's answer is a few kilobytes.
pub(super) const LONGEST: usize = 256 * 1024;
/// Elements within each other; those of ONVIF are ten deep.
const DEEPEST: usize = 32;
/// Elements altogether.
const MOST: usize = 4_000;

/// An element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub(super) name: String,
    /// Its attributes, by their names without prefixes.
    attributes: Vec<(String, String)>,
    /// The text that stands directly in it.
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// Parses a document; `None` when it is none, or more than a device has to say.
    pub(super) fn parse(document: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(document).ok().filter(|text| text.len() <= LONGEST)?;
        let mut reader = Reader::from_str(text);
        // Those that are open, the innermost last; the first stands for the document.
        let mut open = vec![Self::default()];
        let mut elements = 0;
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => open.push(Self::begin(&start)?),
                Event::Empty(start) => open.last_mut()?.children.push(Self::begin(&start)?),
                Event::End(_) => {
                    let closed = open.pop()?;
                    open.last_mut()?.children.push(closed);
                }
                Event::Text(text) => open.last_mut()?.text.push_str(&text),
                Event::CData(text) => open.last_mut()?.text.push_str(&text),
                Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                    Some(character) => open.last_mut()?.text.push(character),
                    None => open.last_mut()?.text.push_str(resolve_predefined_entity(&reference)?),
                },
                // Entities are defined in a document type: nobody needs one here but to do harm.
                Event::DocType(_) => return None,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof => break,
            }
            elements += 1;
            if open.len() > DEEPEST || elements > MOST * 4 {
                return None;
            }
        }
        let document = open.pop().filter(|_| open.is_empty())?;
        let mut roots = document.children.into_iter();
        roots.next().filter(|_| roots.next().is_none())
    }

    fn begin(start: &BytesStart<'_>) -> Option<Self> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned();
            attributes.push((attribute.key.local_name().into_inner().to_owned(), value));
        }
        Some(Self { name: start.local_name().into_inner().to_owned(), attributes, ..Self::default() })
    }

    /// The text directly in it.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// An attribute's value.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Every element of this name in it, at any depth, in the order of the document.
    pub(super) fn all(&self, name: &str) -> Vec<&Self> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.all(name));
        }
        found
    }

    /// The first element of this name in it, at any depth.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        self.all(name).first().copied()
    }

    /// The text of the first element at the end of `path`, each within the one before.
    pub(super) fn text_at(&self, path: &[&str]) -> Option<&str> {
        let mut element = self;
        for name in path {
            element = element.find(name)?;
        }
        Some(element.text()).filter(|text| !text.is_empty())
    }
}

/// `text` as it may stand in XML.
pub(super) fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_lose_their_prefixes_and_predefined_references_are_read() {
        let document = br#"<?xml version="1.0"?><s:Envelope xmlns:s="x"><s:Body a:token="p&amp;1">a &lt;&#98;<![CDATA[<c>]]><b/></s:Body></s:Envelope>"#;
        let document = Element::parse(document).unwrap();
        let body = document.find("Body").unwrap();
        assert_eq!((document.name.as_str(), body.text(), body.attribute("token")), ("Envelope", "a <b<c>", Some("p&1")));
        assert!(body.find("b").is_some() && document.text_at(&["Body", "b"]).is_none());
    }

    #[test]
    fn what_would_grow_or_reach_out_is_refused() {
        let bomb = r#"<!DOCTYPE a [<!ENTITY x "xxxxxxxx"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>"#;
        let outside = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#;
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        let wide = format!("<a>{}</a>", "<b></b>".repeat(20_000));
        let long = format!("<a>{}</a>", "x".repeat(LONGEST));
        for hostile in [bomb, outside, &deep, &wide, &long, "<a>&unknown;</a>", "<a></b>", "<a>", "", "<a/><b/>", "text"] {
            assert!(Element::parse(hostile.as_bytes()).is_none(), "{}", &hostile[..hostile.len().min(60)]);
        }
        assert!(Element::parse(b"<a>\xff</a>").is_none());
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[<>/a&;#x!\\[\\]\" =]{0,200}") {
            let _ = (Element::parse(&bytes), Element::parse(text.as_bytes()));
        }
    }
}
