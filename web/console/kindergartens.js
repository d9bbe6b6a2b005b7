// The kindergartens of this gateway, for its operator: add one, say who manages it and who inspects it.

/** @import { Place } from "./sections.js" */

import * as api from "../api.js";
import { ask } from "../components/sheet.js";
import { capital, LANGUAGE_NAMES, t } from "../i18n.js";
import { resource } from "../resource.js";
import { now, wallText } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { calendarDay, moment } from "../when.js";
import { showLink } from "./link.js";
import { shown } from "./shown.js";

/**
 * @typedef {object} Director
 * @property {string} account
 * @property {string} name
 * @property {string} login
 * @property {boolean} has_password
 * @property {string | null} link_until
 *
 * @typedef {object} Assignment
 * @property {string} id
 * @property {string} name
 * @property {string} login
 * @property {boolean} has_password
 * @property {string} from
 * @property {string} to
 *
 * @typedef {object} OwnKindergarten
 * @property {string} id
 * @property {string} name
 * @property {string | null} bin
 * @property {string | null} district
 * @property {"state" | "private" | null} ownership
 * @property {string} zone
 * @property {Director[]} directors
 * @property {Assignment[]} inspections
 */

/** The zones of Kazakhstan by the IANA database; all have been UTC+5 since March 2024. */
const ZONES = ["Asia/Almaty", "Asia/Aqtau", "Asia/Aqtobe", "Asia/Atyrau", "Asia/Oral", "Asia/Qostanay", "Asia/Qyzylorda"];

/** @param {Place} place */
export function draw({ revision }) {
  const list = resource("kindergartens", revision);
  return html`
    <div class="console-head">
      <h1>${t("kindergartens.title")}</h1>
      <button type="button" class="primary" @click=${add}>${t("kindergartens.add")}</button>
    </div>
    ${shown(list, "UTC", (/** @type {OwnKindergarten[]} */ all) =>
      all.length
        ? html`<ul class="cards">${all.map((it) => html`<li>${card(it)}</li>`)}</ul>`
        : html`<p>${t("kindergartens.none")}</p>`,
    )}
  `;
}

/** @param {OwnKindergarten} it */
const card = (it) => html`
  <article class="card">
    <h2>${it.name}</h2>
    <p class="soft">${[it.district, it.ownership && t(`ownership.${it.ownership}`), it.bin && t("kindergartens.bin", { bin: it.bin })].filter(Boolean).join(" · ")}</p>
    <h3>${t("kindergartens.directors")}</h3>
    ${it.directors.length ? html`<ul class="lines">${it.directors.map((director) => directorRow(director, it))}</ul>` : html`<p>${t("kindergartens.no_director")}</p>`}
    <button type="button" class="quiet" aria-label=${`${t("kindergartens.appoint")}: ${it.name}`} @click=${() => appoint(it)}>${t("kindergartens.appoint")}</button>
    <h3>${t("kindergartens.inspectors")}</h3>
    ${it.inspections.length ? html`<ul class="lines">${it.inspections.map((assignment) => inspectorRow(assignment, it.zone))}</ul>` : html`<p>${t("kindergartens.no_inspector")}</p>`}
    <button type="button" class="quiet" aria-label=${`${t("kindergartens.assign")}: ${it.name}`} @click=${() => assign(it)}>${t("kindergartens.assign")}</button>
  </article>
`;

/**
 * @param {Director} director
 * @param {OwnKindergarten} kindergarten
 */
function directorRow(director, kindergarten) {
  const { account, name, login, has_password, link_until } = director;
  const path = `kindergartens/${kindergarten.id}/directors/${account}`;
  const waits = link_until && Date.parse(link_until) > now() && t("link.waits", { until: moment(link_until, kindergarten.zone) });
  const state = has_password ? waits : waits || t("link.never_in");
  const renew = () =>
    ask({
      title: t("link.new_for", { name }),
      body: () => html`<p class="sheet-note">${t(has_password ? "link.reset_text" : "link.text")}</p>`,
      confirm: t("link.make"),
      onsend: async () => showLink(await api.send("POST", `${path}/link`), name, kindergarten.zone),
    });
  const dismiss = () =>
    ask({
      title: t("kindergartens.dismiss_title", { name }),
      body: () => html`<p class="sheet-note">${t("kindergartens.dismiss_text")}</p>`,
      confirm: t("kindergartens.dismiss"),
      danger: true,
      onsend: () => api.send("DELETE", path),
    });
  return html`
    <li class="line">
      <p class="line-text"><strong>${name}</strong> <span class="soft">${[login, state].filter(Boolean).join(" · ")}</span></p>
      <p class="buttons">
        <button type="button" class="quiet" aria-label=${`${t("link.new")}: ${name}`} @click=${renew}>${t("link.new")}</button>
        <button type="button" class="quiet" aria-label=${`${t("kindergartens.dismiss")}: ${name}`} @click=${dismiss}>${t("kindergartens.dismiss")}</button>
      </p>
    </li>
  `;
}

/**
 * @param {Assignment} assignment
 * @param {string} zone
 */
function inspectorRow({ id, name, login, has_password, from, to }, zone) {
  const today = dayText(zone);
  const dates = t("kindergartens.dates", { from: calendarDay(from), to: calendarDay(to) });
  const state = to < today ? t("kindergartens.over") : !has_password && t("link.never_in");
  const end = () =>
    ask({
      title: t("kindergartens.unassign_title", { name }),
      body: () => html`<p class="sheet-note">${t("kindergartens.unassign_text")}</p>`,
      confirm: t("kindergartens.unassign"),
      danger: true,
      onsend: () => api.send("DELETE", `assignments/${id}`),
    });
  return html`
    <li class="line">
      <p class="line-text"><strong>${name}</strong> <span class="soft">${[login, capital(dates), state].filter(Boolean).join(" · ")}</span></p>
      ${to < today ? nothing : html`<button type="button" class="quiet" aria-label=${`${t("kindergartens.unassign")}: ${name}`} @click=${end}>${t("kindergartens.unassign")}</button>`}
    </li>
  `;
}

function add() {
  ask({
    title: t("kindergartens.add"),
    body: () => html`
      ${field("name", t("kindergartens.name"), { required: true, maxlength: 100 })} ${field("district", t("field.district"), { maxlength: 100 })}
      ${field("bin", t("field.bin"), { maxlength: 12, inputmode: "numeric" })}
      <label for="kindergarten-ownership">${t("field.ownership")}</label>
      <select id="kindergarten-ownership" name="ownership">
        <option value="private">${t("ownership.private")}</option>
        <option value="state">${t("ownership.state")}</option>
      </select>
      <label for="kindergarten-zone">${t("field.zone")}</label>
      <select id="kindergarten-zone" name="zone">${ZONES.map((zone) => html`<option>${zone}</option>`)}</select>
      <h3>${t("kindergartens.director")}</h3>
      ${person()}
    `,
    confirm: t("kindergartens.add_confirm"),
    onsend: async (fields) => {
      const text = (/** @type {string} */ name) => String(fields.get(name) ?? "").trim() || null;
      const { link } = await api.send("POST", "kindergartens", {
        name: text("name") ?? "",
        district: text("district"),
        bin: text("bin"),
        ownership: text("ownership"),
        zone: text("zone"),
        director: personOf(fields),
      });
      showLink(link, personOf(fields).name, "UTC");
    },
  });
}

/** @param {OwnKindergarten} kindergarten */
const appoint = ({ id, name, zone }) =>
  ask({
    title: t("kindergartens.appoint_title", { name }),
    body: person,
    confirm: t("kindergartens.appoint"),
    onsend: async (fields) => {
      const director = personOf(fields);
      showLink(await api.send("POST", `kindergartens/${id}/directors`, director), director.name, zone);
    },
  });

/** @param {OwnKindergarten} kindergarten */
const assign = ({ id, name, zone }) =>
  ask({
    title: t("kindergartens.assign_title", { name }),
    body: () => html`
      <p class="sheet-note">${t("kindergartens.assign_text")}</p>
      ${person()} ${field("from", t("field.from"), { type: "date", required: true, value: dayText(zone) })}
      ${field("to", t("field.to"), { type: "date", required: true })}
    `,
    confirm: t("kindergartens.assign"),
    onsend: async (fields) => {
      const inspector = personOf(fields);
      const body = { inspector, from: fields.get("from"), to: fields.get("to") };
      const { link } = await api.send("POST", `kindergartens/${id}/assignments`, body);
      if (link) showLink(link, inspector.name, zone);
    },
  });

const person = () => html`
  ${field("person", t("field.person"), { required: true, maxlength: 100, autocomplete: "off" })}
  ${field("login", t("field.login"), { required: true, maxlength: 254, autocomplete: "off" })}
  <label for="kindergarten-language">${t("field.language")}</label>
  <select id="kindergarten-language" name="language">
    ${["kk", "ru", "en"].map((language) => html`<option value=${language}>${LANGUAGE_NAMES[/** @type {"kk"} */ (language)]}</option>`)}
  </select>
`;

/** @param {FormData} fields */
const personOf = (fields) => ({
  name: String(fields.get("person") ?? "").trim(),
  login: String(fields.get("login") ?? "").trim(),
  language: fields.get("language"),
});

/**
 * @param {string} name
 * @param {string} label
 * @param {{type?: string, required?: boolean, maxlength?: number, inputmode?: string, autocomplete?: string, value?: string}} [more]
 */
const field = (name, label, { type = "text", required = false, maxlength, inputmode, autocomplete, value = "" } = {}) => html`
  <label for=${`kindergarten-${name}`}>${label}</label>
  <input
    id=${`kindergarten-${name}`}
    name=${name}
    type=${type}
    ?required=${required}
    maxlength=${maxlength ?? nothing}
    inputmode=${inputmode ?? nothing}
    autocomplete=${autocomplete ?? nothing}
    value=${value}
  />
`;

/**
 * Today by the clock of `zone`, as a date field has it.
 * @param {string} zone
 */
const dayText = (zone) => wallText(now(), zone).slice(0, 10);
