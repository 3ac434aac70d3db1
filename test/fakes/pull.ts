import type { PullRequest } from "../../src/sync/ports.ts";

/** Open, into `main`, with nothing on it. */
export function pullRequest(changes: Partial<PullRequest> = {}): PullRequest {
  return {
    number: 7,
    url: "https://github.test/pull/7",
    state: "open",
    base: "main",
    title: "A title",
    body: "A body",
    labels: [],
    reviewers: [],
    teams: [],
    openedAt: "2026-11-01T00:00:00.000Z",
    endedAt: null,
    endedHead: null,
    ...changes,
  };
}
