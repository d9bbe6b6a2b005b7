// Asks a director why a viewing is ended and for how long, and ends it.

/** @import { Viewing } from "./viewings.js" */

import * as api from "../api.js";
import { choice } from "../components/choice.js";
import { ask } from "../components/sheet.js";
import { t } from "../i18n.js";
import { endOfDay, now } from "../time.js";
import { html } from "../vendor/lit-html/lit-html.js";

const MINUTE_MS = 60_000;

/** @typedef {"quarter" | "hour" | "day"} End */
/** @type {End[]} */
const ENDS = ["quarter", "hour", "day"];

/**
 * @param {Viewing} viewing
 * @param {string} zone
 * @param {() => void} onended
 */
export function askToEnd({ id, name, camera_name }, zone, onended) {
  /** @type {End} */
  let end = "quarter";
  const until = () => ({ quarter: now() + 15 * MINUTE_MS, hour: now() + 60 * MINUTE_MS, day: endOfDay(now(), zone) })[end];
  ask({
    title: t("ending.title", { name }),
    body: (redraw) => html`
      <p class="sheet-note">${t("ending.text", { camera: camera_name })}</p>
      <label for="ending-reason">${t("closing.reason")}</label>
      <input id="ending-reason" name="reason" type="text" maxlength="200" autocomplete="off" required aria-describedby="ending-note" />
      <p id="ending-note" class="sheet-note">${t("ending.reason_note")}</p>
      <h3>${t("ending.how_long")}</h3>
      ${choice({
        label: t("ending.how_long"),
        chosen: end,
        options: ENDS.map((id) => ({ id, text: t(`end.${id}`) })),
        onchoose: (chosen) => {
          end = chosen;
          redraw();
        },
      })}
    `,
    confirm: t("ending.confirm"),
    danger: true,
    zone,
    onsend: async (fields) => {
      const reason = String(fields.get("reason") ?? "");
      await api.send("POST", `viewings/${id}/end`, { reason, until: new Date(until()).toISOString() });
    },
    onclosed: onended,
  });
}
