/**
 * What the closing of the last pull request means for the drift there is now. Does I/O through ports, and only where a
 * pull request was closed unmerged and PRIMARY says nothing that it did not say.
 *
 * A person decides: just these changes are rejected. A bot does not, nor the Python service, nor we ourselves.
 */
import type { Category } from "../categories.ts";
import { SyncError } from "../core/errors.ts";
import type { Tree } from "../files/git-tree.ts";
import { type CategoryDelta, namesOf } from "./delta.ts";
import { firstPaths, judgeCategory, readFiles } from "./judge-category.ts";
import { isWithdrawn, readMarker } from "./marker.ts";
import type { Closing, RepositoryMemory } from "./memory.ts";
import { isOwned, lastOwned } from "./ownership.ts";
import type { Comment, Comparison, PullRequest, RepositoryPorts } from "./ports.ts";
import type { Proposal } from "./proposal.ts";
import type { Reads } from "./reads.ts";
import { PYTHON_SERVICE_CLOSING } from "./remarks.ts";
import type { Snapshot } from "./snapshot.ts";
import { readSignature } from "./trailers.ts";

export interface ClosingQuery {
  readonly snapshot: Snapshot;
  readonly proposal: Proposal;
  readonly ports: Pick<RepositoryPorts, "read" | "comments">;
  readonly reads: Reads;
  readonly memory: RepositoryMemory;
  readonly ignoredAuthors: readonly string[];
  /** Digest of PRIMARY's address. */
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Verdict {
  readonly isRejected: boolean;
  readonly warnings: readonly string[];
  /** Everything that is known of closings, for the next run. */
  readonly closings: readonly Closing[];
}

const DAY_MS = 24 * 60 * 60_000;
/** Closings that are nobody's decision, within a day: from then on nothing is opened any more. */
const MAX_IDLE_CLOSINGS = 2;

export async function judgeClosing(query: ClosingQuery): Promise<Verdict> {
  const { snapshot, memory, proposal } = query;
  const known = memory.closings ?? [];
  const open: Verdict = { isRejected: false, warnings: [], closings: known };
  const { pull } = snapshot;
  if (pull?.state !== "closed" || proposal.delta.length === 0) return open;
  if (isOwnWithdrawal(pull, query)) return open;
  const isSame = isWithdrawn(pull.body) || (await saysNothingNew(pull, query));
  if (!isSame) return open;
  const closing = known.find((entry) => isOf(entry, pull)) ?? (await examineClosing(pull, query));
  const closings = [closing, ...known.filter((entry) => !isOf(entry, pull))].slice(0, 10);
  if (closing.by === "person") {
    const startsAfresh = closing.wasEdited && snapshot.branch === null;
    return { isRejected: !startsAfresh, warnings: [], closings };
  }
  const idle = closings.filter(({ by, endedAt }) => by === "bot" && query.now - Date.parse(endedAt) < DAY_MS);
  if (idle.length < MAX_IDLE_CLOSINGS) {
    const warning = `The pull request #${pull.number} was closed by ${closing.login}, which is no person's decision, so that a new one is opened.`;
    return { isRejected: false, warnings: [warning], closings };
  }
  const warning = `Pull requests of the sync were closed ${idle.length} times within a day, the last one (#${pull.number}) by ${closing.login}. No new one is opened until a day has passed: stop what closes them, or use force.`;
  return { isRejected: true, warnings: [warning], closings };
}

/** Closed by a service like this one that follows another PRIMARY, it was not ours to close. */
function isOwnWithdrawal(pull: PullRequest, { source }: ClosingQuery): boolean {
  if (!isWithdrawn(pull.body)) return false;
  const marker = readMarker(pull.body);
  return marker?.source === null || marker?.source === source;
}

function isOf(closing: Closing, pull: PullRequest): boolean {
  return closing.pullRequest === pull.number && closing.endedAt === pull.endedAt;
}

/**
 * Whether there is no more to say than the pull request said when it was last ours.
 *
 * The fingerprint tells the same drift from another. But the drift is a difference, and so changes with the base too:
 * then PRIMARY is compared with the files that were proposed. Who edits the base afterwards decides as well; but a record
 * that the base has lost since, and that the pull request did not bring, nobody decided about.
 */
async function saysNothingNew(pull: PullRequest, query: ClosingQuery): Promise<boolean> {
  const { snapshot, proposal, ports } = query;
  if (readMarker(pull.body)?.fingerprint === proposal.fingerprint) return true;
  if (pull.endedHead === null) return false;
  const comparison = await ports.read.compare(snapshot.base.commit, pull.endedHead);
  const tree = comparison === null ? null : lastProposed(comparison);
  if (comparison === null || tree === null) return false;
  const [before, after] = await Promise.all([ports.read.files(comparison.mergeBase.treeSha), ports.read.files(tree)]);
  for (const entry of proposal.delta) {
    const category = proposal.judged.find((judged) => judged.category.name === entry.category)?.category;
    if (category === undefined) return false;
    if (!(await isSaidBy(after, category, query))) return false;
    if (!(await wereBrought(entry, { category, before, after }, query))) return false;
  }
  return true;
}

interface Proposed {
  readonly category: Category;
  readonly before: Tree;
  readonly after: Tree;
}

/** Whether all records that the base lacks were brought by the pull request. */
async function wereBrought(
  { changes }: CategoryDelta,
  { category, before, after }: Proposed,
  { ports }: ClosingQuery,
): Promise<boolean> {
  const lacking = changes.filter(({ kind }) => kind === "added");
  if (lacking.length === 0) return true;
  const read = (base: Tree) => readFiles({ category, base, readBlob: ports.read.blob }, firstPaths(category.codec));
  const [old, now] = await Promise.all([read(before), read(after)]);
  const brought = new Set(category.codec.diff({ before: old, after: now }).changes.flatMap(namesOf));
  return lacking.every(({ name }) => brought.has(name));
}

/** Pull requests of earlier versions have commits without a signature: there the head is taken for ours. */
function lastProposed(comparison: Comparison): string | null {
  const owned = lastOwned(comparison);
  if (owned !== null) return owned.treeSha;
  const unsigned = comparison.commits.findLast((commit) => readSignature(commit) === "unsigned");
  return unsigned?.treeSha ?? null;
}

async function isSaidBy(files: Snapshot["base"]["files"], category: Category, query: ClosingQuery): Promise<boolean> {
  const { reads, memory } = query;
  const standing = await judgeCategory({
    category,
    base: files,
    branch: null,
    known: memory.sameness[category.name],
    answer: await reads.category(category.name),
    readBlob: reads.blob,
    guard: { maxRemovalPercent: 100, isForced: true, expected: null },
  });
  return standing.kind === "in-sync";
}

async function examineClosing(pull: PullRequest, query: ClosingQuery): Promise<Closing> {
  const { ports, snapshot } = query;
  const fact = { pullRequest: pull.number, endedAt: pull.endedAt ?? "" };
  if (isWithdrawn(pull.body)) {
    return { ...fact, by: "bot", login: "a sync service that follows another PRIMARY", wasEdited: false };
  }
  const [closer, comments] = await Promise.all([
    ports.comments.closedBy(pull.number),
    ports.comments.comments(pull.number),
  ]);
  // With a personal token the service has a person's login. It says why before it closes; anybody else may quote it.
  const isItsWord = ({ body, author }: Comment) =>
    PYTHON_SERVICE_CLOSING.test(body) && (closer === null || author === closer.login);
  if (comments.some(isItsWord)) return { ...fact, by: "bot", login: "the Python sync service", wasEdited: false };
  if (closer?.isBot === true) return { ...fact, by: "bot", login: closer.login, wasEdited: false };
  const wasEdited = snapshot.branch === null && (await heldOthersWork(pull, query));
  return { ...fact, by: "person", login: closer?.login ?? "somebody", wasEdited };
}

async function heldOthersWork({ endedHead }: PullRequest, query: ClosingQuery): Promise<boolean> {
  const { ports, snapshot, memory, ignoredAuthors } = query;
  try {
    const comparison = endedHead === null ? null : await ports.read.compare(snapshot.base.commit, endedHead);
    if (comparison === null) return false;
    const published = memory.published?.headSha ?? null;
    return !(await isOwned({ comparison, published, ignoredAuthors, readTree: ports.read.files }));
  } catch (error) {
    // The commits of a deleted branch may be gone.
    if (error instanceof SyncError && error.code === "github-not-found") return false;
    throw error;
  }
}
