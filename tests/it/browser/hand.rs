//! A person who has never seen the pages: goes by what is written on them, and by nothing else.

use crate::world::browser::Browser;
use serde_json::{Value, json};
use std::path::Path;

/// What is before the person: the dialog that is open, or the page.
const BEFORE: &str = "const before = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document;
    const said = (element) => element.ariaLabel ?? element.innerText.trim();
    const seen = (selector) => [...before.querySelectorAll(selector)].filter((element) => element.checkVisibility());";

/// The field with a label or an accessible name.
const FIELD: &str = "const labelled = seen('label').find((label) => label.innerText.trim() === words);
    const field = labelled?.control ?? seen('input, select, textarea').find((field) => field.ariaLabel === words);";

/// The person's hand.
pub(super) struct Hand<'a>(pub(super) &'a Browser);

impl Hand<'_> {
    /// Runs `script` until it gives something.
    async fn until(&self, script: &str, arguments: &[Value]) -> Value {
        let body = format!(
            "for (const began = performance.now(); performance.now() - began < 20_000;) {{
                const done = (() => {{ const [words, value] = arguments; {BEFORE} {script} }}).apply(null, arguments);
                if (done) return done;
                await new Promise((resolve) => setTimeout(resolve, 25));
             }}
             throw new Error(`never: ${{JSON.stringify(arguments)}} in ${{document.body.innerText}}`);"
        );
        self.0.run(&body.replace("(() =>", "((...arguments) =>"), arguments).await
    }

    /// Presses what says `words`.
    pub(super) async fn press(&self, words: &str) {
        let find = "const found = seen('a, button, summary').find((it) => said(it) === words || it.innerText.trim() === words);
            found?.click();
            return found !== undefined;";
        self.until(find, &[json!(words)]).await;
    }

    /// Writes `value` into the field called `words`, or chooses what says so.
    pub(super) async fn fill(&self, words: &str, value: &str) {
        let fill = format!(
            "{FIELD}
             if (!field) return false;
             const option = [...(field.options ?? [])].find((option) => option.text === value);
             field.value = option?.value ?? value;
             field.dispatchEvent(new Event('input', {{ bubbles: true }}));
             field.dispatchEvent(new Event('change', {{ bubbles: true }}));
             return true;"
        );
        self.until(&fill, &[json!(words), json!(value)]).await;
    }

    /// Hands the file at `path` to the field called `words`.
    pub(super) async fn choose_file(&self, words: &str, path: &Path) {
        let id = self.until(&format!("{FIELD} return field?.id;"), &[json!(words)]).await;
        self.0.type_into(&format!("#{}", id.as_str().unwrap()), path.to_str().unwrap()).await;
    }

    /// Waits until `words` are there to read.
    pub(super) async fn read(&self, words: &str) {
        self.until("return (before.body ?? before).innerText.includes(words)", &[json!(words)]).await;
    }

    /// Waits until no dialog is open.
    pub(super) async fn closed(&self) {
        self.until("return before === document", &[]).await;
    }
}
