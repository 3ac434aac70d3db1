import type { Context } from "hono";
import { accepts } from "hono/accepts";

export type Form = "html" | "text" | "json";

const TYPES: Readonly<Record<Form, string>> = { html: "text/html", text: "text/plain", json: "application/json" };

/**
 * The form that `Accept` likes best, and `Vary` for it. The first form is for those who like all alike, as `curl` does.
 */
export function chooseForm(c: Context, forms: readonly [Form, ...Form[]]): Form {
  c.header("vary", "Accept");
  const [first] = forms;
  const type = accepts(c, { header: "Accept", supports: forms.map((form) => TYPES[form]), default: TYPES[first] });
  return forms.find((form) => TYPES[form] === type) ?? first;
}
