// A parent reports a problem: loaded when it is first wanted.

/** @import { Camera, Child } from "../types.js" */

import * as api from "../api.js";
import { typedWords, wordsField } from "../components/appeal.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { instant, now, wallText } from "../time.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";

const KINDS = /** @type {const} */ (["picture", "seen", "other"]);

const DAY_MS = 86_400_000;
/** How far back the minute may lie, in days. */
const DAYS = 30;

/**
 * @param {Child} child
 * @param {Camera[]} cameras Those that can be named; none where nothing may be seen.
 * @param {Camera | undefined} camera The one that is looked at.
 * @param {string} zone
 */
export function report(child, cameras, camera, zone) {
  const minute = wallText(now(), zone);
  ask({
    title: t("report.open"),
    zone,
    confirm: t("report.send"),
    body: () => html`
      <p class="sheet-note">${t("report.text")}</p>
      ${
        cameras.length
          ? html`
              <label for="report-camera">${t("viewings.camera")}</label>
              <select id="report-camera" name="camera">
                ${cameras.map(({ id, name }) => html`<option value=${id} ?selected=${id === camera?.id}>${name}</option>`)}
                <option value="">${t("report.no_camera")}</option>
              </select>
            `
          : nothing
      }
      <label for="report-minute">${t("field.minute")}</label>
      <input id="report-minute" name="minute" type="datetime-local" min=${wallText(now() - DAYS * DAY_MS, zone)} max=${minute} .defaultValue=${minute} required />
      <label for="report-kind">${t("report.kind")}</label>
      <select id="report-kind" name="kind">${KINDS.map((kind) => html`<option value=${kind}>${t(`appeal_kind.${kind}`)}</option>`)}</select>
      ${wordsField(t("report.words"))}
    `,
    onsend: (fields) => send(fields, child, zone),
    onclosed: (sent) => sent && confirmed(),
  });
}

/**
 * @param {FormData} fields
 * @param {Child} child
 * @param {string} zone
 */
function send(fields, child, zone) {
  const at = instant(String(fields.get("minute")), zone);
  if (Number.isNaN(at)) throw new api.Problem("bad_field", 400, { field: "minute" });
  return api.send("POST", "appeals", {
    child: child.id,
    camera: fields.get("camera") || null,
    minute: new Date(at).toISOString(),
    kind: fields.get("kind"),
    words: typedWords(fields),
  });
}

const confirmed = () =>
  ask({
    title: t("report.sent"),
    body: () => html`<p>${t("report.sent_text")}</p>`,
  });
