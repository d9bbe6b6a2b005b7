//! Looks at a screen on a telephone and on a laptop, by day and by night, and says what is wrong with it.

use crate::world::browser::{Browser, pictures_are_wanted};
use serde_json::json;
use std::{collections::BTreeMap, path::PathBuf};

const TELEPHONE: (u32, u32) = (390, 844);
const SIZES: [(u32, u32); 3] = [(320, 640), TELEPHONE, (1280, 800)];

/// What axe finds (WCAG 2.2 AA and its best practices), one line a finding; in the dark only what depends on colours.
const AXE: &str = "
    const [dark] = arguments;
    const rules = dark ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {};
    const { violations } = await axe.run(document, { resultTypes: ['violations'], ...rules });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
";

/// All text that a person reads or is read.
const WORDS: &str = "
    const said = [...document.querySelectorAll('[aria-label], [title]')].flatMap((e) => [e.ariaLabel, e.title]);
    return [document.title, document.body.innerText, ...said].join('\\n');
";

/// What every screen is held to.
pub(super) struct Examiner {
    root: PathBuf,
    axe: String,
    keys: BTreeMap<String, String>,
}

impl Examiner {
    pub(super) fn new() -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &str, help: &str| std::fs::read_to_string(root.join(path)).expect(help);
        let axe = read("tests/web/node_modules/axe-core/axe.min.js", "run `npm ci` in tests/web first");
        let keys = serde_json::from_str(&read("web/i18n/en.json", "it is in the repository")).unwrap();
        Self { root, axe, keys }
    }

    /// Looks at what `browser` shows, which should be `screen` in `language`; leaves pictures of it in tests/out.
    pub(super) async fn look(&self, browser: &Browser, screen: &str, language: &str) -> Vec<String> {
        let mut findings = Vec::new();
        let words: String = browser.run(WORDS, &[]).await;
        let raw = self.keys.keys().filter(|key| words.contains(key.as_str()));
        findings.extend(raw.map(|key| format!("{screen} {language}: untranslated {key}")));
        if words.contains(['{', '}', '|']) {
            findings.push(format!("{screen} {language}: a placeholder is left in\n{words}"));
        }
        let () = browser.run(&self.axe, &[]).await;
        for dark in [false, true] {
            // Nothing is wider in the dark, so that it is one size that is looked at, unless there are to be pictures.
            let pictures = pictures_are_wanted();
            for &(width, height) in if dark && !pictures { &[TELEPHONE][..] } else { &SIZES[..] } {
                browser.look(width, height, dark).await;
                let at = format!("{screen}-{language}-{width}-{}", if dark { "dark" } else { "light" });
                let wide: u32 = browser.run("return document.documentElement.scrollWidth", &[]).await;
                if wide > width {
                    findings.push(format!("{at}: {wide} wide"));
                }
                // Pictures are for people, who ask for them: they take longer than all that is looked at here.
                if width > 320 && pictures {
                    browser.screenshot(&self.root.join(format!("tests/out/{at}.png"))).await;
                }
            }
            // The colours change with the light, the words with neither size nor light.
            let found: Vec<String> = browser.run(AXE, &[json!(dark)]).await;
            findings.extend(found.into_iter().map(|finding| format!("{screen} {language} dark {dark}: {finding}")));
        }
        let spoken: String = browser.run("return document.documentElement.lang", &[]).await;
        if spoken != language {
            findings.push(format!("{screen} {language}: it is in {spoken}"));
        }
        findings.extend(browser.console().await.into_iter().map(|line| format!("{screen} {language}: {line}")));
        findings
    }
}
