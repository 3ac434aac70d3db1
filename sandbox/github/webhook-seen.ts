import type { Pull, RepositoryState } from "./state.ts";

/** What the webhook compares: refs, and of pull requests what an event tells of. */
export interface Seen {
  readonly refs: ReadonlyMap<string, string>;
  /** By number. */
  readonly pulls: ReadonlyMap<number, SeenPull>;
}

export type SeenPull = Pick<
  Pull,
  "state" | "headSha" | "title" | "body" | "baseRef" | "isDraft" | "isLocked" | "mergedAt"
> & { readonly labels: readonly string[]; readonly reviewers: readonly string[] };

export function rememberRefs({ git }: RepositoryState): ReadonlyMap<string, string> {
  return new Map(git.refs.list());
}

export function rememberPulls({ pulls }: RepositoryState): ReadonlyMap<number, SeenPull> {
  return new Map(pulls.map((pull) => [pull.number, remember(pull)]));
}

function remember(pull: Pull): SeenPull {
  const { state, headSha, title, body, baseRef, isDraft, isLocked, mergedAt, labels, reviewers, teams } = pull;
  return {
    state,
    headSha,
    title,
    body,
    baseRef,
    isDraft,
    isLocked,
    mergedAt,
    labels: [...labels].sort(),
    reviewers: [...reviewers, ...teams].sort(),
  };
}
