// A staff member's home.

import { t } from "../i18n.js";
import { html } from "../vendor/lit-html/lit-html.js";

export const home = () => html`
  <div class="page">
    <h1>${t("staff.title")}</h1>
    <p>${t("staff.text")}</p>
  </div>
`;
