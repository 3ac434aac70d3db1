/**
 * A run's work on one repository: read → plan (pure) → apply, again when a race was lost. Does I/O through ports.
 */
import type { Category, CategoryName } from "../categories.ts";
import { describeError, SyncError } from "../errors.ts";
import { blobShaOfText } from "../files/blob.ts";
import type { Logger } from "../log.ts";
import { type CategoryState, countChanges, fingerprintOf, isDrifting, toCategoryReport } from "./drift.ts";
import { evaluateCategory } from "./evaluate.ts";
import { readBase, readHead } from "./head.ts";
import { filesKey, type RepositoryMemory, rememberSame, type Sameness, toRecord } from "./memory.ts";
import { type Action, type HeadState, planRepository } from "./plan.ts";
import type { Branch, FileShas, PrimaryAnswer, PullRequest, RepositoryPorts } from "./ports.ts";
import { type PublishInput, publish, SYNC_BRANCH } from "./publish.ts";
import { isSettled, type RepositoryOutcome, type RepositoryReport } from "./report.ts";

export interface RepositoryRun {
  /** `owner/name` */
  readonly repository: string;
  readonly baseBranch: string;
  /** All configured categories of this repository. */
  readonly categories: readonly Category[];
  /** Those asked for; others are looked at only when the open pull request already changes them. */
  readonly requested: readonly CategoryName[];
  readonly ports: RepositoryPorts;
  /** PRIMARY's answer, fetched once per run. */
  readonly readPrimary: (category: CategoryName) => Promise<PrimaryAnswer>;
  /** PRIMARY's stamps by category, or `null` when every category has to be read. */
  readonly stamps: ReadonlyMap<string, number | null> | null;
  /** Whether a category whose stamp did not move may be skipped. */
  readonly trustStamps: boolean;
  readonly lastUpdated: number | null;
  readonly primaryUrl: string;
  readonly publish: "pull-request" | "commit";
  readonly minChanges: number;
  readonly maxRemovalPercent: number;
  readonly isForced: boolean;
  readonly isDryRun: boolean;
  readonly memory: RepositoryMemory;
  readonly log: Logger;
}

export interface RepositoryResult {
  readonly report: RepositoryReport;
  readonly memory: RepositoryMemory;
  readonly warnings: readonly string[];
  /** PRIMARY has nothing to say about a category that GitHub holds; it has to be asked again. */
  readonly awaitsPrimary: boolean;
  /** When a rate limit that ended the work will be lifted (ms since the epoch). */
  readonly retryAt: number | null;
}

const MAX_TRIES = 3;

/** Never throws: a fault becomes a report with outcome `failed` and the memory as it was. */
export async function syncRepository(run: RepositoryRun): Promise<RepositoryResult> {
  let why = "";
  try {
    let isBranchKnown = false;
    for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
      const found = await observe(run, isBranchKnown);
      const action = planAction(run, found);
      run.log.info("sync.planned", { action: action.kind, changes: found.changes, attempt });
      if (run.isDryRun) return conclude(run, found, dryOutcome(action, found));
      const published = await publish(action, toPublish(run, found));
      if (published.kind === "done") return conclude(run, found, published);
      run.log.warn("sync.lost", { why: published.why, attempt });
      why = published.why;
      isBranchKnown = true;
    }
    return fail(run, "conflict", new SyncError("conflict", `Gave up after ${MAX_TRIES} tries: ${why}`));
  } catch (error) {
    return fail(run, "failed", error);
  }
}

/** Everything a plan is made from. */
interface Found {
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
}

async function observe(run: RepositoryRun, isBranchKnown: boolean): Promise<Found> {
  const { ports, memory } = run;
  const base = await readBase(ports.read, run.repository, run.baseBranch);
  const baseFiles =
    memory.baseTree?.sha === base.treeSha
      ? new Map(Object.entries(memory.baseTree.files))
      : await ports.read.files(base.treeSha);
  const usesPullRequests = run.publish === "pull-request";
  const pullRequest = usesPullRequests ? await ports.pullRequests.latest(SYNC_BRANCH, run.baseBranch) : null;
  const headName =
    pullRequest?.state === "open" ? pullRequest.headSha : isBranchKnown && usesPullRequests ? SYNC_BRANCH : null;
  const head =
    headName === null
      ? null
      : await readHead({ read: ports.read, base, baseFiles, head: headName, paths: pathsOf(run.categories), memory });
  const isOpen = pullRequest?.state === "open";
  const evaluated = await evaluateAll(run, baseFiles, isOpen ? (head?.files ?? null) : null);
  return { base, baseFiles, pullRequest, head, ...evaluated, ...toWanted(run, evaluated.states, baseFiles) };
}

function pathsOf(categories: readonly Category[]): string[] {
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
    if (run.trustStamps && run.stamps !== null && known?.stamp === stamp && known.files.includes(key)) {
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

function planAction(run: RepositoryRun, found: Found): Action {
  const hasHeld = found.states.some(({ held }) => held !== null);
  const { publish, minChanges, isForced, memory } = run;
  const mayHaveLeftover = memory.published !== null && memory.published.pullRequest === found.pullRequest?.number;
  return planRepository({ ...found, hasHeld, mayHaveLeftover, publish, minChanges, isForced });
}

function toPublish(run: RepositoryRun, found: Found): PublishInput {
  const { states, fingerprint } = found;
  const message = { states, fingerprint, primaryUrl: run.primaryUrl, lastUpdated: run.lastUpdated };
  return { ...found, ports: run.ports, baseBranch: run.baseBranch, message };
}

/** What `conclude` needs of an outcome. */
interface Concluded {
  readonly outcome: RepositoryOutcome;
  readonly pullRequest: PullRequest | null;
  readonly commit: string | null;
  readonly warnings: readonly string[];
}

function dryOutcome(action: Action, found: Found): Concluded {
  const rest = {
    pullRequest: found.pullRequest?.state === "open" ? found.pullRequest : null,
    commit: null,
    warnings: [],
  };
  if (action.kind === "rest") return { outcome: action.outcome, ...rest };
  if (action.kind === "clean-up") return { outcome: "in-sync", ...rest };
  return { outcome: action.kind === "leave-edited" ? "edited" : "planned", ...rest };
}

function conclude(run: RepositoryRun, found: Found, done: Concluded): RepositoryResult {
  const drifting = found.states.filter(isDrifting);
  const told = found.states.filter(
    ({ changes, warnings, held }) => changes.length + warnings.length > 0 || held !== null,
  );
  const report: RepositoryReport = {
    repository: run.repository,
    branch: run.baseBranch,
    outcome: done.outcome,
    pullRequest: done.pullRequest === null ? null : { number: done.pullRequest.number, url: done.pullRequest.url },
    commit: done.commit,
    files: drifting.flatMap(({ files }) => [...files.keys()]),
    categories: Object.fromEntries(told.map((state) => [state.category, toCategoryReport(state)])),
  };
  run.log.info("sync.concluded", {
    outcome: report.outcome,
    pullRequest: report.pullRequest?.number,
    commit: report.commit,
  });
  return {
    report,
    memory: remember(run, found, done),
    warnings: done.warnings,
    awaitsPrimary: isAwaiting(found.states),
    retryAt: null,
  };
}

function remember(run: RepositoryRun, found: Found, done: Concluded): RepositoryMemory {
  // All files of the root, so that a category that is configured later finds its own.
  const baseTree = { sha: found.base.treeSha, files: Object.fromEntries(found.baseFiles) };
  const published = rememberPublished(run, found, done);
  const settledAt = stampsOf(run, found);
  if (published === null && done.commit === null) return { baseTree, sameness: found.sameness, published, settledAt };
  const sameness = { ...found.sameness };
  const after = new Map([...found.baseFiles, ...found.wanted]);
  for (const state of found.states.filter(isDrifting)) {
    const codec = run.categories.find(({ name }) => name === state.category)?.codec;
    const primary = found.digests.get(state.category);
    if (codec === undefined || primary === undefined) continue;
    const stamp = run.stamps?.get(state.category) ?? null;
    sameness[state.category] = rememberSame(sameness[state.category], { stamp, primary, key: filesKey(codec, after) });
  }
  return { baseTree, sameness, published, settledAt };
}

/** Known only when every category was looked at, and PRIMARY told its stamps. */
function stampsOf(run: RepositoryRun, { states }: Found): RepositoryMemory["settledAt"] {
  if (run.stamps === null || states.length !== run.categories.length || isAwaiting(states)) return null;
  return Object.fromEntries(run.categories.map(({ name }) => [name, run.stamps?.get(name) ?? null]));
}

function isAwaiting(states: readonly CategoryState[]): boolean {
  return states.some(({ awaitsPrimary }) => awaitsPrimary === true);
}

/**
 * The last report again, when PRIMARY has not touched any of the repository's categories since it was settled.
 *
 * Only a tick trusts PRIMARY's stamps; what people do on GitHub meanwhile is the reconcile's to find.
 */
export function carryForward(run: RepositoryRun, last: RepositoryReport | undefined): RepositoryReport | null {
  const { settledAt } = run.memory;
  if (!run.trustStamps || run.stamps === null || settledAt === null || last === undefined) return null;
  const names = run.categories.map(({ name }) => name);
  const isUntouched = names.every(
    (name) => Object.hasOwn(settledAt, name) && settledAt[name] === (run.stamps?.get(name) ?? null),
  );
  if (!isUntouched || !isSettled(last.outcome) || Object.keys(settledAt).length !== names.length) return null;
  return { ...last, outcome: LASTING[last.outcome] ?? last.outcome };
}

/** What an outcome that tells of a deed has become by the next run. */
const LASTING: Readonly<Partial<Record<RepositoryOutcome, RepositoryOutcome>>> = {
  created: "current",
  updated: "current",
  closed: "in-sync",
  committed: "in-sync",
};

function rememberPublished(run: RepositoryRun, found: Found, done: Concluded): RepositoryMemory["published"] {
  const { pullRequest, commit, outcome } = done;
  const headSha = commit ?? found.head?.sha ?? null;
  if (pullRequest === null || headSha === null || !["created", "updated", "current"].includes(outcome)) return null;
  const paths = pathsOf(run.categories);
  const isNew = commit !== null && commit !== found.head?.sha;
  const headFiles = new Map([...found.baseFiles, ...(found.head?.changed ?? []), ...found.wanted]);
  const kept = run.memory.published;
  if (!isNew && kept?.headSha === headSha) return kept;
  if (!isNew && found.head?.baseMoved !== false) return null;
  const [head, base] = [toRecord(headFiles, paths), toRecord(found.baseFiles, paths)];
  return { headSha, headFiles: head, baseSha: found.base.sha, baseFiles: base, pullRequest: pullRequest.number };
}

function fail(run: RepositoryRun, outcome: "failed" | "conflict", error: unknown): RepositoryResult {
  const described = describeError(error);
  run.log.error("sync.failed", { ...described, repository: run.repository });
  const report: RepositoryReport = {
    repository: run.repository,
    branch: run.baseBranch,
    outcome,
    pullRequest: null,
    commit: null,
    files: [],
    categories: {},
    error: described,
  };
  return {
    report,
    memory: run.memory,
    warnings: [],
    awaitsPrimary: false,
    retryAt: error instanceof SyncError ? error.retryAt : null,
  };
}
