/**
 * Everything a plan is made from: the base, the sync branch and its pull request, and PRIMARY. Does I/O through ports.
 */
import type { Category, CategoryName } from "../categories.ts";
import { SyncError } from "../errors.ts";
import { blobShaOfText } from "../files/blob.ts";
import type { Logger } from "../log.ts";
import { type CategoryState, countChanges, fingerprintOf } from "./drift.ts";
import { evaluateCategory } from "./evaluate.ts";
import { readBase, readHead } from "./head.ts";
import { filesKey, type RepositoryMemory, rememberSame, type Sameness } from "./memory.ts";
import { isWithdrawn } from "./message.ts";
import type { HeadState } from "./plan.ts";
import type { Branch, FileShas, PrimaryAnswer, PullRequest, RepositoryPorts } from "./ports.ts";
import { SYNC_BRANCH } from "./published.ts";
import { saysNothingNew } from "./rejection.ts";

export interface RepositoryRun {
  /** `owner/name` */
  readonly repository: string;
  readonly baseBranch: string;
  /** All configured categories of this repository. */
  readonly categories: readonly Category[];
  /** Those asked for; others are looked at only when the open pull request already changes them. */
  readonly requested: readonly CategoryName[];
  readonly ports: RepositoryPorts;
  /** PRIMARY's answer of this moment. */
  readonly readPrimary: (category: CategoryName) => Promise<PrimaryAnswer>;
  /** PRIMARY's stamps by category, or `null` when every category has to be read. */
  readonly stamps: ReadonlyMap<string, number | null> | null;
  /** Whether a category whose stamp did not move may be skipped. */
  readonly trustStamps: boolean;
  readonly lastUpdated: number | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly primaryUrl: string;
  readonly publish: "pull-request" | "commit";
  readonly minChanges: number;
  readonly maxRemovalPercent: number;
  readonly isForced: boolean;
  readonly isDryRun: boolean;
  readonly memory: RepositoryMemory;
  readonly log: Logger;
}

/** Everything a plan is made from. */
export interface Found {
  readonly base: Branch;
  readonly baseFiles: FileShas;
  readonly states: readonly CategoryState[];
  readonly sameness: Readonly<Record<string, Sameness>>;
  /** Digest of PRIMARY's body for the categories that were read. */
  readonly digests: ReadonlyMap<CategoryName, string>;
  readonly wanted: FileShas;
  readonly texts: ReadonlyMap<string, string>;
  readonly changes: number;
  readonly fingerprint: string;
  readonly pullRequest: PullRequest | null;
  readonly head: HeadState | null;
  /** See `PlanInput`. */
  readonly saysNothingNew: boolean;
}

/** How often this run has looked, and what it knows from that. */
export interface Attempt {
  /** A lost race told that the sync branch may be there, though no pull request is open. */
  readonly isBranchKnown: boolean;
}

/**
 * GitHub first and PRIMARY last: so what a run publishes is never older than what it publishes it over, and of two
 * runs at once the one with the older answer loses the branch.
 */
export async function observe(given: RepositoryRun, { isBranchKnown }: Attempt): Promise<Found> {
  const run = { ...given, readPrimary: readOnce(given.readPrimary) };
  const { ports, memory } = run;
  const base = await readBase(ports.read, run.repository, run.baseBranch);
  const isWarm = memory.baseTree?.sha === base.treeSha;
  const baseFiles = isWarm ? new Map(Object.entries(memory.baseTree.files)) : await ports.read.files(base.treeSha);
  const usesPullRequests = run.publish === "pull-request";
  const pullRequest = usesPullRequests ? await ports.pullRequests.latest(SYNC_BRANCH, run.baseBranch) : null;
  const open = pullRequest?.state === "open" ? pullRequest : null;
  const look = (head: string) =>
    readHead({ read: ports.read, base, baseFiles, head, paths: pathsOf(run.categories), memory });
  let head: HeadState | null = null;
  if (open !== null) head = await readOpen(open, run, look);
  else if (usesPullRequests && (isBranchKnown || wasClosedByPeople(pullRequest))) head = await look(SYNC_BRANCH);
  const evaluated = await evaluateAll(run, baseFiles, open === null ? null : (head?.files ?? null));
  const wanted = toWanted(run, evaluated.states, baseFiles);
  const isIdle = wanted.changes === 0 && !evaluated.states.some(({ held }) => held !== null);
  const mayLook = usesPullRequests && !isBranchKnown && head === null && (isWarm || mayBeLeftOver(memory, pullRequest));
  if (open === null && isIdle && mayLook) head = await look(SYNC_BRANCH);
  const found = { base, baseFiles, pullRequest, head, ...evaluated, ...wanted };
  return { ...found, saysNothingNew: await saysNothingNew(run, found) };
}

/**
 * Whether a branch without drift is worth a request more than DESIGN.md section 12 allows: our own pull request ended,
 * or memory is lost. Else a run that had to read the tree leaves it to the next one, which need not.
 *
 * Runs may have died after they closed a pull request, or before they opened one, so that every other run looks.
 */
function mayBeLeftOver({ baseTree, published }: RepositoryMemory, pullRequest: PullRequest | null): boolean {
  return published !== null || (baseTree === null && pullRequest !== null);
}

/** To close a pull request leaves its branch, and a new one will have to be made on that. */
function wasClosedByPeople(pullRequest: PullRequest | null): boolean {
  return pullRequest?.state === "closed" && !isWithdrawn(pullRequest.body);
}

async function readOpen(
  { number, headSha }: PullRequest,
  run: RepositoryRun,
  look: (head: string) => Promise<HeadState | null>,
): Promise<HeadState> {
  const head = await look(headSha);
  if (head !== null) return head;
  const message = `GitHub does not know the head of the open pull request #${number} of ${run.repository}.`;
  throw new SyncError("github-unavailable", message);
}

/** Each category is downloaded at most once, and anew when a lost race makes us look again. */
function readOnce(read: RepositoryRun["readPrimary"]): RepositoryRun["readPrimary"] {
  const answers = new Map<CategoryName, Promise<PrimaryAnswer>>();
  return (category) => {
    const answer = answers.get(category) ?? read(category);
    answers.set(category, answer);
    return answer;
  };
}

export function pathsOf(categories: readonly Category[]): string[] {
  return categories.flatMap(({ codec }) => codec.writes);
}

async function evaluateAll(run: RepositoryRun, baseFiles: FileShas, openFiles: FileShas | null) {
  const states: CategoryState[] = [];
  const sameness: Record<string, Sameness> = { ...run.memory.sameness };
  const digests = new Map<CategoryName, string>();
  for (const category of run.categories) {
    const { name, codec } = category;
    const isInOpen = openFiles !== null && codec.writes.some((path) => openFiles.get(path) !== baseFiles.get(path));
    if (!run.requested.includes(name) && !isInOpen) continue;
    const known = sameness[name];
    const key = filesKey(codec, baseFiles);
    const stamp = run.stamps?.get(name) ?? null;
    // Not while it is in the open pull request: a run with a newer stamp may have put it there.
    if (!isInOpen && run.trustStamps && run.stamps !== null && known?.stamp === stamp && known.files.includes(key)) {
      states.push({ category: name, changes: [], files: new Map(), warnings: [], held: null });
      continue;
    }
    const answer = await run.readPrimary(name);
    const { maxRemovalPercent, isForced } = run;
    const readBlob = run.ports.read.blob;
    const state = await evaluateCategory({ category, baseFiles, known, answer, readBlob, maxRemovalPercent, isForced });
    states.push(state);
    if (answer.kind === "absent") continue;
    digests.set(name, answer.sha);
    const isSame = state.held === null && state.files.size === 0;
    if (isSame) sameness[name] = rememberSame(known, { stamp, primary: answer.sha, key });
  }
  return { states, sameness, digests };
}

/** The SHA every evaluated file should have: of the new text where it changes, else of the base. */
function toWanted(run: RepositoryRun, states: readonly CategoryState[], baseFiles: FileShas) {
  const wanted = new Map<string, string>();
  const texts = new Map<string, string>();
  for (const { category, files, held } of states) {
    if (held !== null) continue;
    for (const path of run.categories.find(({ name }) => name === category)?.codec.writes ?? []) {
      const text = files.get(path);
      const sha = text === undefined ? baseFiles.get(path) : blobShaOfText(text);
      if (sha !== undefined) wanted.set(path, sha);
      if (text !== undefined) texts.set(path, text);
    }
  }
  return { wanted, texts, changes: countChanges(states), fingerprint: fingerprintOf(states) };
}
