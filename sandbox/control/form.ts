import { html, type Markup } from "../http/html.ts";

/** Parts of forms. Each has a name that is read out, because none has a label that is seen. */

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export function select(name: string, label: string, choices: readonly (string | Choice)[]): Markup {
  const options = choices.map((choice) =>
    typeof choice === "string"
      ? html`<option>${choice}</option>`
      : html`<option value="${choice.value}">${choice.label}</option>`,
  );
  return html`<select name="${name}" aria-label="${label}">${options}</select>`;
}

export function input(name: string, label: string): Markup {
  return html`<input name="${name}" placeholder="${label}" aria-label="${label}">`;
}

export function hidden(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}

export function form(action: string, label: string, parts: readonly Markup[]): Markup {
  return html`<form method="post" action="/do/${action}">${parts.map((part) => html`${part} `)}<button>${label}</button></form>`;
}
