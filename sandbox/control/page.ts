import { PRIMARY_CATEGORIES } from "../../src/categories.ts";
import type { HttpAnswer } from "../http/answer.ts";
import { button, html, type Markup, pageAnswer } from "../http/html.ts";
import { parseEntries } from "../json/lossless.ts";
import type { Sandbox } from "../sandbox.ts";
import { type ControlContext, recordText } from "./actions.ts";

/** The pages for playing by hand: forms only, so they work without scripts. */
export function controlPage(context: ControlContext, message: string): HttpAnswer {
  const { sandbox } = context;
  return pageAnswer(
    "Sandbox",
    html`<h1>Sandbox</h1>${message === "" ? [] : html`<p><b>${message}</b></p>`}
<p>PRIMARY: <a href="${sandbox.primary.url}/model_references/v1/metadata/metadata">${sandbox.primary.url}</a>, last
updated ${sandbox.primary.lastUpdated ?? "never"}. GitHub: <a href="${sandbox.github.url}/">${sandbox.github.url}</a>.</p>
${context.runTick === undefined ? [] : tickButtons()}
<h2>Pull requests</h2>${pullTable(sandbox)}
<h2>Models</h2>${addForm()}${PRIMARY_CATEGORIES.map((category) => categoryDetails(sandbox, category))}
<h2>Faults</h2>${faultForm()}${button({ action: "/do/clear-faults", label: "Clear all" })}${faultList(sandbox)}
<h2>Requests</h2>${button({ action: "/do/clear-log", label: "Clear" })}${logTable(sandbox)}`,
  );
}

export function recordPage(sandbox: Sandbox, category: string, name: string): HttpAnswer {
  const text = recordText(sandbox, category, name);
  if (text === null) return pageAnswer("Not found", html`<p>${category} has no record ${name}.</p>`, 404);
  return pageAnswer(
    name,
    html`<p><a href="/">Sandbox</a></p><h1>${name}</h1><p>${category}</p>
<form method="post" action="/do/add" style="display:block"><input type="hidden" name="category" value="${category}">
<input type="hidden" name="name" value="${name}"><textarea name="record" rows="30">${text}</textarea>
<button>Save on PRIMARY</button></form>${button({ action: "/do/remove", label: "Remove", fields: { category, name } })}`,
  );
}

function tickButtons(): Markup {
  const tick = (cron: string, label: string) => button({ action: "/do/tick", label, fields: { cron } });
  return html`<p>${tick("* * * * *", "Run the watch cron")}${tick("0 */6 * * *", "Run the reconcile cron")}</p>`;
}

function pullTable(sandbox: Sandbox): Markup {
  const rows = sandbox.github.repositories().flatMap((repository) =>
    sandbox.github.pullRequests(repository).map((pull) => {
      const fields = { repository, number: String(pull.number) };
      const buttons = [
        button({ action: "/do/merge", label: "Merge", fields }),
        button({ action: "/do/close", label: "Close", fields }),
      ];
      return html`<tr><td><a href="${pull.url}">${repository}#${pull.number}</a></td><td>${pull.title}</td>
<td>${pull.merged ? "merged" : pull.state}</td><td>${pull.state === "open" ? buttons : []}</td></tr>`;
    }),
  );
  return rows.length === 0 ? html`<p>None yet.</p>` : html`<table>${rows}</table>`;
}

function addForm(): Markup {
  return html`<form method="post" action="/do/add">Add to ${options("category", PRIMARY_CATEGORIES)}
<input name="name" placeholder="name" required> <button>Add with made-up fields</button></form>`;
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

function faultForm(): Markup {
  const types = ["status", "body", "delay", "drop-before", "drop-after", "hang"];
  return html`<form method="post" action="/do/fault">${options("server", ["github", "primary"])}
<input name="method" placeholder="method (any)" size="10"> <input name="path" placeholder="part of the path (any)">
${options("type", types)} <input name="status" placeholder="status" size="5"> <input name="ms" placeholder="ms" size="5">
<input name="retryAfter" placeholder="retry-after" size="8"> <input name="times" placeholder="times, or forever" size="12">
<input name="skip" placeholder="skip" size="4"> <input name="body" placeholder="body"> <button>Add</button></form>`;
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

function options(name: string, values: readonly string[]): Markup {
  return html`<select name="${name}">${values.map((value) => html`<option>${value}</option>`)}</select>`;
}
