/**
 * What people, bots and the Python service do to a repository and its pull requests, by chance.
 */
import type { Random } from "../../sandbox/generate/random.ts";
import type { GitHubServer } from "../../sandbox/github/server.ts";
import { BRANCH } from "../world/ground.ts";

/** Where a deed is done. */
export interface Place {
  readonly github: GitHubServer;
  readonly repository: string;
  /** A file that the service keeps, and people edit by hand. */
  readonly path: string;
  readonly random: Random;
  /** A number that was never given before. */
  next(): number;
}

export interface PersonDeed {
  /** Out of the sum of all. */
  readonly weight: number;
  readonly name: string;
  /** @throws Error where it cannot be done now */
  act(place: Place): unknown;
  /**
   * Whose the commits are that it makes: `theirs` (default); `nobody's`, without a change of their own; or `rewritten`,
   * which are ours when they are made of ours alone.
   */
  readonly leaves?: "theirs" | "nobody's" | "rewritten";
}

export const PERSON_DEEDS: readonly PersonDeed[] = [
  deed(5, "a person merges", (place) => place.github.mergePullRequest({ ...anyPull(place), method: "merge" })),
  deed(5, "a person squashes", (place) => place.github.mergePullRequest({ ...anyPull(place), method: "squash" })),
  deed(3, "a person rebases", (place) => place.github.mergePullRequest({ ...anyPull(place), method: "rebase" })),
  deed(3, "a person merges and deletes the branch", (place) =>
    place.github.mergePullRequest({ ...anyPull(place), method: "squash", deleteBranch: true }),
  ),
  deed(4, "a person closes", (place) => place.github.closePullRequest(anyPull(place))),
  deed(1, "a bot closes", (place) =>
    place.github.closePullRequest({ ...anyPull(place), by: { login: "stale[bot]", type: "Bot" } }),
  ),
  deed(1, "the Python service runs", ({ github, repository }) => github.runPythonService({ repository })),
  deed(3, "a person reopens", (place) => place.github.reopenPullRequest(anyPull(place))),
  deed(3, "a person pushes to the branch", (place) => {
    needBranch(place);
    push(place, BRANCH, "NOTE.md", `Note ${place.next()}\n`);
  }),
  deed(2, "a person edits our file on the branch", (place) => {
    needBranch(place);
    push(place, BRANCH, place.path, flip(textAt(place, BRANCH)));
  }),
  {
    ...deed(2, "a person pushes an empty commit", (place) => {
      needBranch(place);
      place.github.commit({ repository: place.repository, branch: BRANCH, files: {} });
    }),
    leaves: "nobody's",
  },
  deed(2, "a person amends", (place) => {
    needBranch(place);
    const files = { "NOTE.md": `Amended ${place.next()}\n` };
    place.github.amendCommit({ repository: place.repository, branch: BRANCH, files });
  }),
  {
    ...deed(2, "a person squashes the branch", (place) => {
      needBranch(place);
      const { github, repository } = place;
      const message = github.history(repository, BRANCH)[0]?.message ?? "";
      github.squashBranch({ repository, branch: BRANCH, message });
    }),
    leaves: "rewritten",
  },
  {
    ...deed(2, "a person updates the branch", (place) =>
      place.github.updateBranch({ ...anyPull(place), method: "merge" }),
    ),
    leaves: "nobody's",
  },
  {
    ...deed(1, "a person updates the branch by rebase", (place) =>
      place.github.updateBranch({ ...anyPull(place), method: "rebase" }),
    ),
    leaves: "rewritten",
  },
  deed(2, "a person deletes the branch", ({ github, repository }) => github.deleteBranch(repository, BRANCH)),
  deed(1, "a person restores the branch", (place) => place.github.restoreBranch(anyPull(place))),
  deed(2, "a person edits the title", (place) => place.github.editPullRequest({ ...anyPull(place), title: "Mine" })),
  deed(1, "a person edits the body", (place) => place.github.editPullRequest({ ...anyPull(place), body: "Mine" })),
  deed(1, "a person retargets", (place) => {
    push(place, "release", "RELEASE.md", `${place.next()}\n`);
    place.github.retargetPullRequest({ ...anyPull(place), base: place.random.pick(["main", "release"]) });
  }),
  deed(1, "a person locks", (place) => place.github.lockConversation(anyPull(place))),
  deed(1, "a person takes a label away", (place) => place.github.removeLabels({ ...anyPull(place), labels: ["sync"] })),
  deed(3, "a person edits the base", (place) => push(place, "main", "README.md", `Read ${place.next()}\n`)),
  deed(3, "a person edits our file on the base", (place) =>
    push(place, "main", place.path, flip(textAt(place, "main"))),
  ),
];

function deed(weight: number, name: string, act: PersonDeed["act"]): PersonDeed {
  return { weight, name, act };
}

/** One by chance, the likelier the heavier. */
export function chooseWeighted<T extends { readonly weight: number }>(all: readonly T[], random: Random): T {
  let left = random.below(all.reduce((sum, { weight }) => sum + weight, 0));
  for (const one of all) {
    left -= one.weight;
    if (left < 0) return one;
  }
  throw new Error("There is nothing to choose from.");
}

/** Mostly the one that is open. */
function anyPull({ github, repository, random }: Place) {
  const pulls = github.pullRequests(repository);
  const open = pulls.find(({ state }) => state === "open");
  const one = open !== undefined && random.below(4) > 0 ? open : pulls[random.below(Math.max(1, pulls.length))];
  if (one === undefined) throw new Error("there is no pull request");
  return { repository, number: one.number };
}

const push = ({ github, repository }: Place, branch: string, path: string, text: string) =>
  github.commit({ repository, branch, files: { [path]: text } });

function textAt({ github, repository, path }: Place, ref: string): string {
  return new TextDecoder().decode(github.readFile({ repository, ref, path }) ?? undefined);
}

function needBranch({ github, repository }: Place): void {
  if (!(BRANCH in github.branches(repository))) throw new Error("there is no branch");
}

/** Flips the first `false` of a file that people may edit by hand. */
const flip = (text: string) => (text.includes("false") ? text.replace("false", "true") : text.replace("true", "false"));
