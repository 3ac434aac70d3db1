/**
 * Forms that POST to this service, each with a field for the trigger token. No script: a button is all there is. Pure.
 */
import { html, raw } from "hono/html";
import type { Markup } from "./layout.ts";
import { NOTHING } from "./parts.ts";

/** A submit button; `action` where it is not the form's own. */
export interface FormButton {
  readonly label: string;
  /** Path and query. */
  readonly action?: string;
}

export interface TokenFormInput {
  /** Path and query. */
  readonly action: string;
  /** Of several, the first is pressed by the Enter key, so it should do the least. */
  readonly buttons: readonly [FormButton, ...FormButton[]];
  /** Hidden fields. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
  /** Before the token. */
  readonly inputs?: Markup;
  /** What distinguishes this form's token field for those who do not see where it stands: `to pause`. */
  readonly purpose?: string;
  /** The id of a text that describes the token field. */
  readonly describedBy?: string;
}

export function renderTokenForm(input: TokenFormInput): Markup {
  const { action, buttons, fields = [], inputs = NOTHING, purpose, describedBy } = input;
  const described = describedBy === undefined ? NOTHING : html` aria-describedby="${describedBy}"`;
  return html`<form class="act" method="post" action="${action}">${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}${inputs}
<label>Trigger token${purpose === undefined ? NOTHING : html`<span class="skip"> ${purpose}</span>`} <input type="password" name="token" autocomplete="current-password" required spellcheck="false"${described}></label>
<span class="buttons">${buttons.map(({ label, action: own }) => html`<button${own === undefined ? NOTHING : html` formaction="${own}"`}>${label}</button>`)}</span></form>`;
}

/** A field that may stay empty. */
export function renderTextInput(name: string, label: string, maxLength: number): Markup {
  return html`<label>${label} <input type="text" name="${name}" maxlength="${raw(String(maxLength))}"></label>\n`;
}
