// What the type checker cannot see: three languages of one shape, a sentence for every code, modules that are all there.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const WEB = join(import.meta.dirname, "../../web");
const LANGUAGES = ["kk", "ru", "en"];

/** @param {string} path */
const read = (path) => readFileSync(join(WEB, path), "utf8");

/** @type {Record<string, Record<string, string>>} */
const texts = Object.fromEntries(LANGUAGES.map((language) => [language, JSON.parse(read(`i18n/${language}.json`))]));

/**
 * @param {string} folder
 * @param {string} end
 * @returns {string[]}
 */
function files(folder, end) {
  const found = readdirSync(folder, { withFileTypes: true, recursive: true });
  return found.filter((entry) => entry.isFile() && entry.name.endsWith(end)).map((entry) => join(entry.parentPath, entry.name));
}

const modules = ["", "views", "components", "console", "account"].flatMap((folder) =>
  readdirSync(join(WEB, folder)).filter((name) => name.endsWith(".js")).map((name) => join(folder, name)),
);

test("the_three_languages_have_the_same_keys_in_the_same_order", () => {
  for (const language of LANGUAGES) assert.deepEqual(Object.keys(texts[language]), Object.keys(texts.en), language);
});

test("a_text_takes_the_same_values_in_every_language", () => {
  /** @param {string} text */
  const names = (text) => [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort();
  for (const [key, text] of Object.entries(texts.en)) {
    for (const language of LANGUAGES) assert.deepEqual(names(texts[language][key]), names(text), `${language}: ${key}`);
  }
});

test("a_counted_text_has_as_many_forms_as_its_language", () => {
  const forms = { kk: 1, ru: 3, en: 2 };
  const counted = modules.flatMap((path) => [...read(path).matchAll(/\bcount\("([\w.]+)"/g)].map(([, key]) => key));
  assert.ok(counted.length > 0);
  for (const key of counted) {
    for (const [language, n] of Object.entries(forms)) assert.equal(texts[language][key].split("|").length, n, `${language}: ${key}`);
  }
});

test("every_key_that_a_page_asks_for_exists_and_every_key_is_asked_for", () => {
  // Exports speak the pages' words: the heads of their columns are in a table of their own.
  const exports = files(join(WEB, "../src/http"), ".rs").flatMap((path) => readFileSync(path, "utf8").match(/const COLUMNS: .*?\];/gs) ?? []);
  const source = [...modules.map(read), ...exports].join("\n");
  const asked = [...source.matchAll(/"([a-z_]+(?:\.[a-z_]+)+)"/g)].map(([, key]) => key).filter((key) => !/^tereze\.|\.csv$/.test(key));
  for (const key of asked) assert.ok(key in texts.en, `asked for: ${key}`);
  const families = [...source.matchAll(/`([a-z_]+)\.\$\{/g)].map(([, family]) => `${family}.`);
  for (const key of Object.keys(texts.en)) {
    const used = asked.includes(key) || families.some((family) => key.startsWith(family)) || key.endsWith(".title");
    assert.ok(used, `never used: ${key}`);
  }
});

test("every_code_that_the_gateway_answers_with_is_a_sentence", () => {
  // Told to machines and to the command line only, or in words of their own.
  const elsewhere = /\/(audit|demo|apply|probe|camera)\/|(source|defect)\.rs$/;
  const codes = new Set();
  for (const path of files(join(WEB, "../src"), ".rs").filter((path) => !elsewhere.test(path))) {
    const source = readFileSync(path, "utf8");
    // The bodies of `fn code`, one string a case; and the table of faults: `Name = STATUS, "code";`.
    const bodies = [...source.matchAll(/fn code\(&?self\) -> &'static str \{\n(.*?)\n {4}\}\n/gs)].map(([, body]) => body);
    const faults = [...source.matchAll(/^ {4}\w+ = [A-Z_]+, "([a-z_]+)";$/gm)].map(([, code]) => code);
    for (const code of faults) codes.add(code);
    for (const body of bodies) for (const [, code] of body.matchAll(/"([a-z_]+)"/g)) codes.add(code);
  }
  assert.ok(codes.has("outside_hours") && codes.size > 10, "the codes were not found");
  for (const code of codes) assert.ok(`code.${code}` in texts.en, `no sentence for ${code}`);
});

test("every_import_leads_to_a_file", () => {
  for (const path of modules) {
    for (const [, target] of read(path).matchAll(/(?:from|import) "(\.[^"]+)"/g)) read(join(path, "..", target));
  }
});

test("the_page_asks_at_once_for_all_that_a_parent_needs", () => {
  /** @type {Set<string>} */
  const needed = new Set();
  const add = (/** @type {string} */ path) => {
    if (needed.has(path)) return;
    needed.add(path);
    for (const [, target] of read(path).matchAll(/(?:from|import) "(\.[^"]+)"/g)) add(join(path, "..", target));
  };
  add("app.js");
  add("views/parent.js");
  needed.delete("app.js");
  const asked = [...read("index.html").matchAll(/rel="modulepreload" href="\/([^"]+)"/g)].map(([, path]) => path);
  assert.deepEqual(asked, [...needed].sort());
});

test("every_rule_and_fact_of_the_policy_has_a_name_in_words", () => {
  const source = files(join(WEB, "../src/policy"), ".rs").filter((path) => !/\/tests/.test(path));
  const policy = [join(WEB, "../src/policy.rs"), ...source].map((path) => readFileSync(path, "utf8")).join("\n");
  const rules = [...policy.matchAll(/\bstep\(\s*"([a-z_]+)"/g)].map(([, rule]) => rule);
  const facts = [...policy.matchAll(/(?<!step)\(\s*"([a-z_]+)",/g)].map(([, fact]) => fact);
  assert.ok(rules.includes("hours") && facts.includes("viewers"), "the names were not found");
  for (const rule of rules) assert.ok(`rule.${rule}` in texts.en, `no words for the rule ${rule}`);
  for (const fact of facts) assert.ok(`fact.${fact}` in texts.en, `no words for the fact ${fact}`);
});

test("every_end_of_a_viewing_is_told_to_those_who_look_after_it", () => {
  const sources = ["policy/refusal.rs", "media/viewer.rs", "media/error.rs"].map((path) => readFileSync(join(WEB, "../src", path), "utf8"));
  const bodies = sources.flatMap((source) => [...source.matchAll(/fn code\(&?self\) -> &'static str \{\n(.*?)\n {4}\}\n/gs)].map(([, body]) => body));
  const sessions = files(join(WEB, "../src/sessions"), ".rs").map((path) => readFileSync(path, "utf8")).join("\n");
  const named = [...sessions.matchAll(/^const [A-Z_]+: &str = "([a-z_]+)";/gm)].map(([, code]) => code);
  const codes = [...bodies.flatMap((body) => [...body.matchAll(/"([a-z_]+)"/g)].map(([, code]) => code)), ...named];
  assert.ok(codes.includes("taken_over") && codes.includes("server_lost") && codes.includes("paused"), "the codes were not found");
  for (const code of codes) assert.ok(`cause.${code}` in texts.en, `no words for the end ${code}`);
});

test("whatever_can_be_wrong_with_a_camera_is_in_words", () => {
  const source = readFileSync(join(WEB, "../src/rounds/defect.rs"), "utf8");
  const codes = [...source.matchAll(/Self::\w+ => "([a-z_]+)"/g)].map(([, code]) => code);
  assert.deepEqual(codes, ["black", "covered", "frozen", "wrong_clock"]);
  for (const code of codes) for (const family of ["camera_defect", "camera_outage"]) assert.ok(`${family}.${code}` in texts.en, `${family}.${code}`);
});

test("every_action_of_the_audit_log_and_everything_that_it_is_about_is_in_words", () => {
  const source = readFileSync(join(WEB, "../src/audit/action.rs"), "utf8");
  const actions = [...source.matchAll(/^ {8}\w+ = "([a-z_]+)",$/gm)].map(([, action]) => action);
  assert.ok(actions.length > 20, "the actions were not found");
  for (const action of actions) assert.ok(`action.${action}` in texts.en, `no words for ${action}`);
  const listed = read("console/records.js").match(/export const ACTIONS = \[(.*?)\];/s)?.[1] ?? "";
  assert.deepEqual([...listed.matchAll(/"([a-z_]+)"/g)].map(([, action]) => action).sort(), actions.sort());
  const all = files(join(WEB, "../src"), ".rs").map((path) => readFileSync(path, "utf8")).join("\n");
  const kinds = [...all.matchAll(/subject: format!\("([a-z_]+):/g), ...all.matchAll(/subject = .*?format!\("([a-z_]+):/g)].map(([, kind]) => kind);
  assert.ok(kinds.includes("viewing") && kinds.includes("pause"), "the kinds were not found");
  for (const kind of kinds) assert.ok(`subject.${kind}` in texts.en, `no words for a record about a ${kind}`);
});
