import { PRIMARY_CATEGORIES } from "../../src/categories.ts";
import type { HttpAnswer } from "../http/answer.ts";
import { button, html, type Markup, pageAnswer } from "../http/html.ts";
import { parseEntries } from "../json/lossless.ts";
import type { Sandbox } from "../sandbox.ts";
import type { ControlContext } from "./context.ts";
import { form, input, select } from "./form.ts";
import { peopleSection, timeSection } from "./page-people.ts";
import { troubleSection } from "./page-trouble.ts";
import { recordText } from "./primary-actions.ts";

/** The pages for playing by hand: forms only, so they work without scripts. */
export function controlPage(context: ControlContext, message: string): HttpAnswer {
  const { sandbox } = context;
  return pageAnswer(
    "Sandbox",
    html`<h1>Sandbox</h1>${message === "" ? [] : html`<p><b>${message}</b></p>`}
<p>PRIMARY: <a href="${sandbox.primary.url}/model_references/v1/metadata/metadata">${sandbox.primary.url}</a>, last
updated ${sandbox.primary.lastUpdated ?? "never"}. GitHub: <a href="${sandbox.github.url}/">${sandbox.github.url}</a>.</p>
${context.runTick === undefined ? [] : tickButtons()}
${peopleSection(sandbox)}
<h2>Models on PRIMARY</h2>${addForm()}${PRIMARY_CATEGORIES.map((category) => categoryDetails(sandbox, category))}
${timeSection(sandbox)}${troubleSection(sandbox)}
<h2>Requests</h2>${button({ action: "/do/clear-log", label: "Clear" })}${logTable(sandbox)}`,
  );
}

export function recordPage(sandbox: Sandbox, category: string, name: string): HttpAnswer {
  const text = recordText(sandbox, category, name);
  if (text === null) return pageAnswer("Not found", html`<p>${category} has no record ${name}.</p>`, 404);
  return pageAnswer(
    name,
    html`<p><a href="/">Sandbox</a></p><h1>${name}</h1><p>${category}</p>
<form method="post" action="/do/add" class="wide"><input type="hidden" name="category" value="${category}">
<input type="hidden" name="name" value="${name}"><textarea name="record" rows="30" aria-label="The record">${text}</textarea>
<button>Save on PRIMARY</button></form>${button({ action: "/do/remove", label: "Remove", fields: { category, name } })}`,
  );
}

function tickButtons(): Markup {
  const tick = (cron: string, label: string) => button({ action: "/do/tick", label, fields: { cron } });
  return html`<p>${tick("* * * * *", "Run the watch cron")}${tick("0 */6 * * *", "Run the reconcile cron")}</p>`;
}

function addForm(): Markup {
  return form("add", "Add with made-up fields", [
    html`Add to`,
    select("category", "Category", PRIMARY_CATEGORIES),
    input("name", "name"),
  ]);
}

function categoryDetails(sandbox: Sandbox, category: string): Markup {
  const text = sandbox.primary.category(category);
  const names = text === null ? [] : namesIn(text);
  const items = names.map((name) => {
    const query = new URLSearchParams({ category, name });
    return html`<li><a href="/record?${query.toString()}">${name}</a></li>`;
  });
  return names.length === 0
    ? html``
    : html`<details><summary>${category} (${names.length})</summary><ul>${items}</ul></details>`;
}

/** The models of a category, without the copies that text_generation keeps for each backend. */
export function namesIn(text: string): string[] {
  try {
    return [...parseEntries(text).keys()].filter((name) => !/^(?:aphrodite|koboldcpp)\//.test(name));
  } catch {
    return [];
  }
}

function logTable(sandbox: Sandbox): Markup {
  const entries = [
    ...sandbox.primary.log.map((entry) => ({ server: "PRIMARY", ...entry })),
    ...sandbox.github.requests.map((entry) => ({ server: "GitHub", ...entry })),
  ];
  const rows = entries
    .sort((left, right) => right.at - left.at)
    .slice(0, 100)
    .map(
      ({ server, method, path, query, status, at }) =>
        html`<tr><td>${new Date(at).toISOString().slice(11, 23)}</td><td>${server}</td><td>${method}</td>
<td>${path}${query}</td><td>${status}</td></tr>`,
    );
  return html`<table>${rows}</table>`;
}
