import type { HttpAnswer } from "./answer.ts";

/** Markup that is already safe. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[];

/** A template whose values are escaped, unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: parts.map((part, index) => part + render(values[index] ?? "")).join("") };
}

const STYLE = `*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:70rem;padding:0 1rem;color:#1c2128;overflow-wrap:anywhere}
pre{background:#f5f6f8;padding:.8rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}
table{border-collapse:collapse}td,th{border:1px solid #d5d9de;padding:.2rem .6rem;text-align:left}
.add{background:#dafbe1;display:block}.del{background:#ffebe9;display:block}.at{color:#57606a;display:block}
.same{display:block}textarea{width:100%;font-family:monospace}form{display:inline-block;margin:.2rem .6rem .2rem 0;max-width:100%}
form.wide{display:block}input,select,button{font:inherit;padding:.25rem .5rem;margin:.1rem 0;max-width:100%}
@media(max-width:600px){table,tbody{display:block}td{border:0;padding:0}
tr{display:flex;flex-wrap:wrap;gap:.1rem .7rem;border:1px solid #d5d9de;margin:.4rem 0;padding:.4rem}}
.row b{display:block}.active button{margin-left:.4rem}
.label{background:#e7ecf1;border-radius:1em;padding:0 .6em;margin-right:.3em}`;

/** A whole page. No script and nothing from elsewhere. */
export function pageAnswer(title: string, body: Markup, status = 200): HttpAnswer {
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${{ markup: STYLE }}</style></head><body>${body}</body></html>
`;
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
    body: page.markup,
  };
}

/** A unified diff, coloured by line. */
export function diffMarkup(diff: string): Markup {
  const kind = (line: string) => {
    if (/^(?:diff |index |\+\+\+ |--- |@@)/.test(line)) return "at";
    return line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : "same";
  };
  const lines = diff.replace(/\n$/, "").split("\n");
  return html`<pre>${lines.map((line) => html`<span class="${kind(line)}">${line === "" ? " " : line}</span>`)}</pre>`;
}

/** A button that posts these fields. */
export function button(options: { action: string; label: string; fields?: Record<string, string> }): Markup {
  const inputs = Object.entries(options.fields ?? {}).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${options.action}">${inputs}<button>${options.label}</button></form>`;
}

function render(value: Value): string {
  if (typeof value === "string" || typeof value === "number") return escapeHtml(String(value));
  return "markup" in value ? value.markup : value.map(render).join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (unit) => ENTITIES[unit] ?? unit);
}
