import { CREDENTIAL_CONDITIONS } from "../conditions/credentials.ts";
import { CONDITIONS } from "../conditions.ts";
import { button, html, type Markup } from "../http/html.ts";
import type { Sandbox } from "../sandbox.ts";
import { form, hidden, input, select } from "./form.ts";
import { FAULT_TYPES } from "./trouble-actions.ts";

/** How GitHub, and the way to it, can be unkind. */
export function troubleSection(sandbox: Sandbox): Markup {
  return html`<h2>GitHub is unkind</h2>${activeList(sandbox)}<p class="row">
${form("begin", "GitHub lags", [hidden("condition", "lag-heads")])}
${form("begin", "Credentials break", [select("condition", "How credentials break", choicesOf(CREDENTIAL_CONDITIONS))])}</p>
${conditionForm(sandbox)}
<h2>Faults</h2>${faultForm()}${button({ action: "/do/clear-faults", label: "Clear all" })}${faultList(sandbox)}`;
}

function choicesOf(conditions: typeof CONDITIONS) {
  return conditions.map(({ name, title }) => ({ value: name, label: title }));
}

function activeList({ conditions }: Sandbox): Markup {
  const items = conditions.active().map(({ name, title, repository }) => {
    const fields = { condition: name, repository };
    return html`<li>${title}: ${repository} ${button({ action: "/do/end", label: "End it", fields })}</li>`;
  });
  if (items.length === 0) return html`<p>Not now.</p>`;
  return html`<ul class="active">${items}</ul>${button({ action: "/do/end-all", label: "GitHub is kind again" })}`;
}

function conditionForm({ github }: Sandbox): Markup {
  const places = [
    { value: "", label: "everywhere" },
    ...github.repositories().map((name) => ({ value: name, label: name })),
  ];
  return form("begin", "Make it so", [
    select("condition", "Condition", choicesOf(CONDITIONS)),
    select("repository", "Where", places),
  ]);
}

function faultForm(): Markup {
  return form("fault", "Add", [
    select("server", "Server", ["github", "primary"]),
    input("method", "method (any)"),
    input("path", "part of the path (any)"),
    select("type", "Kind of fault", FAULT_TYPES),
    input("status", "status"),
    input("ms", "ms"),
    input("retryAfter", "retry-after"),
    input("times", "times, or forever"),
    input("skip", "skip"),
    input("body", "body"),
  ]);
}

function faultList(sandbox: Sandbox): Markup {
  const items = (["primary", "github"] as const).flatMap((server) =>
    sandbox[server].faults.list().map(({ method = "any", path = "anything", times, skip, action }) => {
      const where = `${server}: ${method} ${String(path)}, ${times} times after ${skip}: ${JSON.stringify(action)}`;
      return html`<li>${where}</li>`;
    }),
  );
  return html`<ul>${items}</ul>`;
}
