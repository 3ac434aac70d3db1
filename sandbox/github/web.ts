import { bytesAnswer, type HttpAnswer, type HttpRequest, redirectAnswer, textAnswer } from "../http/answer.ts";
import { button, diffMarkup, html, pageAnswer } from "../http/html.ts";
import { handleClone, isClone } from "./clone.ts";
import { mergeAs, pullDiff } from "./people.ts";
import { closePull, PERSON, settlePulls } from "./settling.ts";
import type { GitHubState, Pull, RepositoryState } from "./state.ts";
import { isoTime } from "./views.ts";

/** The pages that `html_url` points to, and what git asks for when it clones. None of it counts as an API request. */

const PULL_PAGE = /^\/(?!repos\/|api\/)([^/]+\/[^/]+)\/pull\/(\d+)(\.diff|\/merge|\/close)?$/;

export function isWeb(request: HttpRequest): boolean {
  if (request.path === "/") return (request.headers["accept"] ?? "").includes("text/html");
  return PULL_PAGE.test(request.path) || isClone(request);
}

export function handleWeb(state: GitHubState, request: HttpRequest): HttpAnswer {
  if (request.path === "/") return indexPage(state);
  if (isClone(request)) return handleClone(state, request);
  const [, fullName = "", number, action] = PULL_PAGE.exec(request.path) ?? [];
  const repository = state.repositories.get(fullName.toLowerCase());
  if (repository !== undefined) settlePulls(state, repository);
  const pull = repository?.pulls.find((candidate) => String(candidate.number) === number);
  if (repository === undefined || pull === undefined) return textAnswer(404, "Not Found");
  if (action === ".diff") return bytesAnswer(Buffer.from(pullDiff(repository, pull)), "text/plain; charset=utf-8");
  if (action === undefined) return pullPage(repository, pull);
  return act(state, request, { repository, pull, action });
}

function act(
  state: GitHubState,
  request: HttpRequest,
  wanted: { repository: RepositoryState; pull: Pull; action: string },
): HttpAnswer {
  const { repository, pull, action } = wanted;
  if (request.method !== "POST") return textAnswer(405, "Method Not Allowed");
  const origin = request.headers["origin"];
  if (origin !== undefined && origin !== "null" && origin !== state.url) return textAnswer(403, "Forbidden");
  try {
    if (action === "/merge") mergeAs(state, repository, pull);
    else if (pull.state === "open") closePull(state, pull, PERSON);
  } catch (error) {
    return textAnswer(409, `${error instanceof Error ? error.message : "It cannot be merged"}\n`);
  }
  return redirectAnswer(pagePath(repository, pull));
}

function pagePath(repository: RepositoryState, pull: Pull): string {
  return `/${repository.fullName}/pull/${pull.number}`;
}

function indexPage(state: GitHubState): HttpAnswer {
  const rows = [...state.repositories.values()].map((repository) => {
    settlePulls(state, repository);
    const pulls = repository.pulls.map(
      (pull) =>
        html`<li><a href="${pagePath(repository, pull)}">#${pull.number} ${pull.title}</a> (${stateOf(pull)})</li>`,
    );
    const clone = `git clone ${state.url}/${repository.fullName}.git`;
    return html`<h2>${repository.fullName}</h2><pre>${clone}</pre><ul>${pulls}</ul>`;
  });
  return pageAnswer("Sandbox GitHub", html`<h1>Sandbox GitHub</h1>${rows}`);
}

function pullPage(repository: RepositoryState, pull: Pull): HttpAnswer {
  const path = pagePath(repository, pull);
  const buttons = [
    button({ action: `${path}/merge`, label: "Merge" }),
    button({ action: `${path}/close`, label: "Close" }),
  ];
  const labels = [...pull.labels].map((label) => html`<span class="label">${label}</span>`);
  const reviewers = [...pull.reviewers, ...[...pull.teams].map((team) => `${repository.owner}/${team}`)];
  const comments = pull.comments.map(
    ({ author, body, createdAt }) => html`<h3>${author.login}, ${isoTime(createdAt)}</h3><pre>${body}</pre>`,
  );
  return pageAnswer(
    `${pull.title} #${pull.number}`,
    html`<p><a href="/">All repositories</a></p><h1>${pull.title} #${pull.number}</h1>
<p><b>${stateOf(pull)}</b>: ${pull.author.login} wants to merge <code>${pull.headRef}</code> into <code>${pull.baseRef}</code>
of ${repository.fullName}. <a href="${path}.diff">Raw diff</a></p>
<p>Labels: ${labels.length > 0 ? labels : "none"}. Reviewers: ${reviewers.join(", ") || "none"}.</p>
${pull.state === "open" ? buttons : []}
<pre>${pull.body ?? ""}</pre>${comments}<h2>Files changed</h2>${diffMarkup(pullDiff(repository, pull))}`,
  );
}

function stateOf(pull: Pull): string {
  return pull.mergedAt === null ? pull.state : "merged";
}
