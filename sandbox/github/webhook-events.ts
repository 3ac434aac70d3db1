import { commitsBetween, isAncestor } from "../git/history.ts";
import { diffTrees } from "../git/tree-edit.ts";
import { commitOf } from "./commit-views.ts";
import { fullPullView } from "./pull-views.ts";
import { fullRepositoryView } from "./repository-views.ts";
import { PERSON } from "./settling.ts";
import type { Account, Pull } from "./state.ts";
import { accountView } from "./user-views.ts";
import { isoTime, type ViewContext, webUrl } from "./views.ts";
import type { SeenPull } from "./webhook-seen.ts";

/** What one call of the webhook is. */
export interface Delivery {
  readonly event: "push" | "pull_request";
  readonly payload: object;
}

const NOTHING = "0".repeat(40);
/** GitHub tells of no more commits of a push. */
const MAX_COMMITS = 2048;

/** A push for each branch that moved, came or went: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
export function pushDeliveries(context: ViewContext, before: ReadonlyMap<string, string>): Delivery[] {
  const { git } = context.repository;
  const now = git.refs.list();
  const names = [...new Set([...before.keys(), ...now.keys()])].filter((ref) => before.get(ref) !== now.get(ref));
  return names.map((ref) => {
    const payload = pushPayload(context, { ref, before: before.get(ref) ?? NOTHING, after: now.get(ref) ?? NOTHING });
    return { event: "push", payload };
  });
}

interface Moved {
  readonly ref: string;
  readonly before: string;
  readonly after: string;
}

function pushPayload(context: ViewContext, { ref, before, after }: Moved): object {
  const { state, repository } = context;
  const { git, defaultBranch } = repository;
  const isGone = after === NOTHING;
  const from = before === NOTHING ? git.refs.read(`refs/heads/${defaultBranch}`) : before;
  const fresh = isGone || from === null ? [] : commitsBetween(git, from, after);
  // GitHub tells them oldest first.
  const commits = fresh
    .slice(0, MAX_COMMITS)
    .toReversed()
    .map((sha) => commitPayload(context, sha));
  return {
    ref,
    before,
    after,
    base_ref: null,
    created: before === NOTHING,
    deleted: isGone,
    forced: before !== NOTHING && !isGone && !isAncestor(git, before, after),
    compare: `${webUrl(context)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits,
    head_commit: isGone ? null : commitPayload(context, after),
    repository: fullRepositoryView(context),
    pusher: { name: PERSON.login, email: null },
    sender: accountView(state, PERSON),
  };
}

function commitPayload(context: ViewContext, sha: string): object {
  const { git } = context.repository;
  const { tree, parents, message, author, committer } = commitOf(context, sha);
  const [parent] = parents;
  const changes = diffTrees(git, parent === undefined ? null : commitOf(context, parent).tree, tree);
  const paths = (isKind: (change: (typeof changes)[number]) => boolean) =>
    changes.filter(isKind).map(({ path }) => path);
  return {
    id: sha,
    tree_id: tree,
    distinct: true,
    message,
    timestamp: isoTime(committer.seconds * 1000),
    url: `${webUrl(context)}/commit/${sha}`,
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
    added: paths(({ before }) => before === null),
    removed: paths(({ after }) => after === null),
    modified: paths(({ before, after }) => before !== null && after !== null),
  };
}

/** What happened to each pull request: https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request */
export function pullDeliveries(context: ViewContext, before: ReadonlyMap<number, SeenPull>): Delivery[] {
  return context.repository.pulls.flatMap((pull) =>
    actionsOn(pull, before.get(pull.number)).map((action): Delivery => {
      return { event: "pull_request", payload: pullPayload(context, pull, action) };
    }),
  );
}

function pullPayload(context: ViewContext, pull: Pull, action: string): object {
  return {
    action,
    number: pull.number,
    pull_request: fullPullView(context, pull),
    repository: fullRepositoryView(context),
    sender: accountView(context.state, actorOf(pull)),
  };
}

function actorOf(pull: Pull): Account {
  return pull.events.at(-1)?.actor ?? pull.author;
}

/** GitHub's words for it, one delivery each. */
function actionsOn(pull: Pull, before: SeenPull | undefined): string[] {
  if (before === undefined) return pull.state === "open" ? ["opened"] : ["opened", "closed"];
  const wasEdited = pull.title !== before.title || pull.body !== before.body || pull.baseRef !== before.baseRef;
  const labels = [...pull.labels].sort().join("\n");
  const reviewers = [...pull.reviewers, ...pull.teams].sort().join("\n");
  const happened: readonly (readonly [boolean, string])[] = [
    [before.state === "closed" && pull.state === "open", "reopened"],
    [before.headSha !== pull.headSha, "synchronize"],
    [wasEdited, "edited"],
    [labels !== before.labels.join("\n"), pull.labels.size < before.labels.length ? "unlabeled" : "labeled"],
    [
      reviewers !== before.reviewers.join("\n"),
      pull.reviewers.size + pull.teams.size < before.reviewers.length ? "review_request_removed" : "review_requested",
    ],
    [pull.isDraft !== before.isDraft, pull.isDraft ? "converted_to_draft" : "ready_for_review"],
    [pull.isLocked !== before.isLocked, pull.isLocked ? "locked" : "unlocked"],
    [before.state === "open" && pull.state === "closed", "closed"],
  ];
  return happened.flatMap(([isSo, action]) => (isSo ? [action] : []));
}
