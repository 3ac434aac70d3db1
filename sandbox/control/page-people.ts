import { button, html, type Markup } from "../http/html.ts";
import type { Sandbox } from "../sandbox.ts";
import { DEEDS } from "./deeds.ts";
import { form, hidden, input, select } from "./form.ts";

/** Pull requests, and what people do with them and beside them. */
export function peopleSection(sandbox: Sandbox): Markup {
  return html`<h2>Pull requests</h2>${pullTable(sandbox)}
<h2>People on GitHub</h2>${sandbox.github.repositories().map((name) => repositoryButtons(sandbox, name))}${deedForm(sandbox)}`;
}

function pullTable({ github }: Sandbox): Markup {
  const rows = github.repositories().flatMap((repository) =>
    github.pullRequests(repository).map((pull) => {
      const fields = { repository, number: String(pull.number) };
      const buttons = [
        button({ action: "/do/merge", label: "Merge", fields }),
        button({ action: "/do/close", label: "Close", fields }),
      ];
      const state = pull.merged ? "merged" : pull.isDraft ? "draft" : pull.state;
      return html`<tr><td><a href="${pull.url}">${repository}#${pull.number}</a></td><td>${pull.title}</td>
<td>${state}</td><td>${pull.state === "open" ? buttons : []}</td></tr>`;
    }),
  );
  return rows.length === 0 ? html`<p>None yet.</p>` : html`<table>${rows}</table>`;
}

function repositoryButtons({ github }: Sandbox, repository: string): Markup {
  const person = (label: string, deed: string, value = "") =>
    button({ action: "/do/person", label, fields: { repository, deed, value } });
  const hasModels = github.readMode({ repository, ref: github.defaultBranch(repository), path: MODELS }) !== null;
  return html`<p class="row"><b>${repository}</b> ${person("A person pushes", "push")}
${person("A person edits the base", "edit-base")}${hasModels ? person("… edits a model there", "edit-base", MODELS) : []}</p>
<p>By hand, from a clone: <code>git push ${github.gitDirectory(repository)} ${github.defaultBranch(repository)}</code></p>`;
}

/** The file that somebody is likeliest to edit on GitHub, where it is. */
const MODELS = "stable_diffusion.json";

function deedForm({ github }: Sandbox): Markup {
  const deeds = DEEDS.map(({ name, title, hint }) => ({
    value: name,
    label: hint === undefined ? title : `${title} (${hint})`,
  }));
  return form("person", "Do it", [
    html`A person`,
    select("deed", "What a person does", deeds),
    select("repository", "Repository", github.repositories()),
    input("number", "number (newest)"),
    input("value", "value"),
  ]);
}

export function timeSection(sandbox: Sandbox): Markup {
  const hop = (label: string, minutes: number) => form("advance", label, [hidden("minutes", String(minutes))]);
  const now = new Date(sandbox.now()).toISOString().slice(0, 16).replace("T", " ");
  return html`<h2>Time</h2><p>It is ${now} UTC for PRIMARY and GitHub.</p><p class="row">${hop("A minute passes", 1)}
${hop("An hour passes", 60)}${hop("Six hours pass", 360)}${hop("A day passes", 1440)}</p>`;
}
