// What a part shows while its data is on its way, and when it does not come.

/** @import { Resource } from "../resource.js" */

import { loading } from "../components/loading.js";
import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { sentence } from "../words.js";

/**
 * `draw`s what a resource holds; says so where it holds nothing yet, or nothing newer.
 * @template T
 * @param {Resource<T>} resource
 * @param {string} zone
 * @param {(value: T) => unknown} draw
 */
export function shown({ value, problem }, zone, draw) {
  const word = problem ? html`<p class="console-problem" role="alert">${sentence(problem.code, problem.facts, zone)}</p>` : nothing;
  if (value !== null) return html`${word}${draw(value)}`;
  return problem ? word : loading();
}
