/**
 * A repository as it is now. Does I/O through ports.
 *
 * Branches are read from their refs, which are right at once; lists of pull requests may lag by minutes, and tell
 * number, state and text only.
 */

import { SYNC_BRANCH } from "../config/sync-branch.ts";
import { SyncError } from "../core/errors.ts";
import { pick, type Tree } from "../files/git-tree.ts";
import { readMarker } from "./marker.ts";
import { fromTreeRecord, type PublishedBranch, type RepositoryMemory } from "./memory.ts";
import { isOwned } from "./ownership.ts";
import type { GitReadPort, NamedBranch, PullRequest, RepositoryPorts } from "./ports.ts";
import type { Side, Snapshot, SyncBranch } from "./snapshot.ts";

export interface ObserveQuery {
  /** `owner/name` */
  readonly repository: string;
  readonly baseBranch: string;
  readonly ports: Pick<RepositoryPorts, "read" | "pullRequests">;
  readonly usesPullRequests: boolean;
  /** Paths of the categories' files. */
  readonly paths: readonly string[];
  readonly memory: RepositoryMemory;
  readonly ignoredAuthors: readonly string[];
  /** What GitHub's answers to this run's own writes said, which a list may not say yet. */
  readonly fresh: ReadonlyMap<number, PullRequest>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Called as soon as the base's tree is known from memory, or known to have to be read. */
  readonly onBase?: (files: Tree | null) => void;
}

export async function observe(query: ObserveQuery): Promise<Snapshot> {
  const { ports, memory, usesPullRequests } = query;
  const [base, refs, listed] = await Promise.all([
    readBase(query),
    usesPullRequests ? ports.read.branches("sync") : new Map<string, string>(),
    usesPullRequests ? ports.pullRequests.list(SYNC_BRANCH) : [],
  ]);
  const remembered = memory.baseTree?.sha === base.treeSha ? fromTreeRecord(memory.baseTree.files) : null;
  query.onBase?.(remembered);
  refuseBlockedName(query, refs);
  const head = refs.get(SYNC_BRANCH) ?? null;
  // Pull requests are looked up by the owner's name, so that under an old one none is found.
  const hasMoved = usesPullRequests && base.repository.toLowerCase() !== query.repository.toLowerCase();
  const [files, pulls] = await Promise.all([
    remembered ?? ports.read.files(base.treeSha),
    completePulls(hasMoved ? await ports.pullRequests.list(SYNC_BRANCH) : listed, query, head),
  ]);
  const { name, repository } = base;
  const own = pulls.filter((pull) => isOurs(pull, query, name));
  const side = { commit: base.sha, treeSha: base.treeSha, files, name, repository };
  const ended = own
    .filter(({ state }) => state !== "open")
    .sort((one, other) => (other.endedAt ?? "").localeCompare(one.endedAt ?? ""));
  const open = own.filter(({ state }) => state === "open");
  const pull = open.find((one) => one.base === name || one.base === "") ?? open[0] ?? ended[0] ?? null;
  return {
    base: side,
    branch: head === null ? null : await readSyncBranch(head, side, pull, query),
    pull,
    ended,
    leftovers: [...refs.keys()].filter((name) => /^sync\/[^/]+\/./.test(name)),
  };
}

/**
 * Anybody may open pull requests from our branch into others, and those are theirs. Ours goes into the base, or carries
 * our marker, or is remembered: people may have given it another base or another text.
 */
function isOurs({ number, base, body }: PullRequest, { memory }: ObserveQuery, name: string): boolean {
  return base === name || base === "" || number === memory.published?.pullRequest || readMarker(body) !== null;
}

/** The base branch is the ground everything stands on; without it there is nothing to compare. */
async function readBase({ ports, repository, baseBranch }: ObserveQuery): Promise<NamedBranch> {
  const base = await ports.read.branch(baseBranch);
  if (base !== null) return base;
  const found = await ports.read.repository();
  throw new SyncError("github-not-found", describeMissing(repository, baseBranch, found));
}

function describeMissing(
  repository: string,
  branch: string,
  found: Awaited<ReturnType<GitReadPort["repository"]>>,
): string {
  if (found === null)
    return `${repository} does not exist, or the credentials may not see it. Check its name, and that the App is installed on it or the token may read it.`;
  if (found.isEmpty && found.defaultBranch === branch)
    return `${repository} has no commit yet. Make a first commit on ${branch}.`;
  return `The branch ${branch} of ${repository} does not exist; its default branch is ${found.defaultBranch}. Create the branch, or set HORDE_GITHUB_SYNC_GITHUB_BRANCH to the one that is meant.`;
}

/** Git keeps branches as paths, so that a branch `sync` leaves no room for one below it. */
function refuseBlockedName({ repository }: ObserveQuery, refs: ReadonlyMap<string, string>): void {
  if (!refs.has("sync")) return;
  const message = `${repository} has a branch named "sync", which makes "${SYNC_BRANCH}" impossible. Rename or delete that branch.`;
  throw new SyncError("github-rejected", message);
}

/** What this run's own writes told counts more than a list; and a list may not yet have what we remember to be open. */
async function completePulls(
  listed: readonly PullRequest[],
  { ports, memory, fresh, now }: ObserveQuery,
  head: string | null,
): Promise<PullRequest[]> {
  const pulls = new Map([...listed.map((pull) => [pull.number, pull] as const), ...fresh]);
  const own = memory.published;
  if (head !== null && own !== null && !pulls.has(own.pullRequest)) {
    const missing = (await ports.pullRequests.get(own.pullRequest, SYNC_BRANCH)) ?? recallPull(own, now);
    if (missing !== null) pulls.set(own.pullRequest, missing);
  }
  return [...pulls.values()];
}

/** GitHub tells of a new pull request everywhere by then. */
const RECALL_MS = 10 * 60_000;

/**
 * GitHub deletes no pull request: one that it does not know yet is as we opened it, but for a text to be told anew. One
 * that it does not know any more was in a repository that was made anew.
 */
function recallPull({ pullRequest: number, url, openedAt }: PublishedBranch, now: number): PullRequest | null {
  if (url === undefined || openedAt === undefined || now - Date.parse(openedAt) > RECALL_MS) return null;
  const unknown = { title: "", body: "", base: "", labels: [], reviewers: [], teams: [] };
  return { number, url, openedAt, state: "open", endedAt: null, endedHead: null, ...unknown };
}

async function readSyncBranch(
  commit: string,
  base: Side,
  pull: PullRequest | null,
  query: ObserveQuery,
): Promise<SyncBranch | null> {
  const isFinished = pull !== null && pull.state !== "open" && pull.endedHead === commit;
  const { paths, memory, ports } = query;
  const known = memory.published?.headSha === commit ? recall(memory.published, base, paths) : null;
  if (known !== null) return { ...known, isFinished };
  // It is deleted, or built over whatever it holds, so that to read it would be for nothing.
  if (isFinished) return { ...UNREAD, commit, isFinished };
  const found = await readBranchAt(commit, base, { ...query, read: ports.read });
  return found === null ? null : { ...found, isFinished };
}

const NOTHING: Tree = new Map();
const UNREAD = { files: NOTHING, anchor: NOTHING, owner: "theirs", isMerged: false, baseMoved: true } as const;

type Unfinished = Omit<SyncBranch, "isFinished">;

/** Not so when a category was configured since: of its files nothing is remembered. */
function recall(published: PublishedBranch, base: Side, paths: readonly string[]): Unfinished | null {
  const files = fromTreeRecord(published.headFiles);
  const anchor = fromTreeRecord(published.baseFiles);
  if (files === null || anchor === null || !paths.every((path) => files.has(path) || !base.files.has(path)))
    return null;
  const { headSha: commit, baseSha } = published;
  return { commit, files, anchor, owner: "ours", isMerged: false, baseMoved: baseSha !== base.commit };
}

export interface BranchQuery {
  readonly read: GitReadPort;
  readonly paths: readonly string[];
  readonly memory: RepositoryMemory;
  readonly ignoredAuthors: readonly string[];
}

/** @returns `null` when GitHub does not know the commit */
async function readBranchAt(commit: string, base: Side, query: BranchQuery): Promise<Unfinished | null> {
  const { read, paths, memory, ignoredAuthors } = query;
  const comparison = await read.compare(base.commit, commit);
  if (comparison === null) return null;
  const { mergeBase } = comparison;
  const baseMoved = mergeBase.sha !== base.commit;
  const [files, anchor, owned] = await Promise.all([
    read.files(comparison.head.treeSha),
    baseMoved ? read.files(mergeBase.treeSha) : base.files,
    isOwned({
      comparison,
      published: memory.published?.headSha ?? null,
      ignoredAuthors,
      readTree: read.files,
    }),
  ]);
  return {
    commit,
    files: pick(files, paths),
    anchor: pick(anchor, paths),
    owner: owned ? "ours" : "theirs",
    isMerged: comparison.commits.length === 0,
    baseMoved,
  };
}
