/**
 * Everything a plan is made from: the base, the sync branch and its pull request, and PRIMARY. Does I/O through ports.
 */
import type { Category, CategoryName } from "../categories.ts";
import { SyncError } from "../core/errors.ts";
import type { Logger } from "../core/log.ts";
import { type Compared, compareCategories, readAhead, type Stamps, toWanted } from "./compare.ts";
import { readBase, readHead } from "./head.ts";
import type { RepositoryMemory } from "./memory.ts";
import { isWithdrawn } from "./message.ts";
import type { HeadState } from "./plan.ts";
import type { Branch, FileShas, PrimaryAnswer, PullRequest, RepositoryPorts } from "./ports.ts";
import { SYNC_BRANCH } from "./published.ts";
import { createReads, type Reads } from "./reads.ts";
import { saysNothingNew } from "./rejection.ts";
import { createSources, type SourceTexts } from "./sources.ts";

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
  /** The same answer at every call; `null` when every category has to be read. Never rejects. */
  readonly readStamps: () => Promise<Stamps>;
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
export interface Found extends Compared {
  readonly base: Branch;
  readonly baseFiles: FileShas;
  readonly stamps: Stamps;
  readonly sources: SourceTexts;
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
 * GitHub's branches first and PRIMARY's records last: so what a run publishes is never older than what it publishes it
 * over, and of two runs at once the one with the older answer loses the branch.
 */
export async function observe(run: RepositoryRun, attempt: Attempt): Promise<Found> {
  const { categories, memory, ports } = run;
  const sources = createSources({ categories, known: memory.sources ?? {}, readBlob: ports.read.blob });
  const reads = createReads({ category: run.readPrimary, blob: sources.blob });
  try {
    const found = await look(run, reads, attempt);
    return { ...found, sources: sources.texts(found.baseFiles) };
  } finally {
    await reads.landed();
  }
}

async function look(run: RepositoryRun, reads: Reads, { isBranchKnown }: Attempt): Promise<Omit<Found, "sources">> {
  const { ports, memory } = run;
  const usesPullRequests = run.publish === "pull-request";
  const [base, pullRequest, stamps] = await Promise.all([
    reads.track(readBase(ports.read, run.repository, run.baseBranch)),
    usesPullRequests ? reads.track(ports.pullRequests.latest(SYNC_BRANCH, run.baseBranch)) : null,
    run.readStamps(),
  ]);
  const isWarm = memory.baseTree?.sha === base.treeSha;
  const knownFiles = isWarm ? new Map(Object.entries(memory.baseTree.files)) : null;
  const input = { run, reads, stamps };
  readAhead(input, knownFiles);
  const baseFiles = knownFiles ?? (await ports.read.files(base.treeSha));
  const open = pullRequest?.state === "open" ? pullRequest : null;
  const readBranch = (head: string) =>
    readHead({ read: ports.read, base, baseFiles, head, paths: pathsOf(run.categories), memory });
  let head: HeadState | null = null;
  if (open !== null) head = await readOpen(open, run, readBranch);
  else if (usesPullRequests && (isBranchKnown || wasClosedByPeople(pullRequest))) head = await readBranch(SYNC_BRANCH);
  const compared = await compareCategories({
    ...input,
    baseFiles,
    openFiles: open === null ? null : (head?.files ?? null),
  });
  const wanted = toWanted(run, compared.states, baseFiles);
  const isIdle = wanted.changes === 0 && !compared.states.some(({ held }) => held !== null);
  const mayLook = usesPullRequests && !isBranchKnown && head === null && (isWarm || mayBeLeftOver(memory, pullRequest));
  if (open === null && isIdle && mayLook) head = await readBranch(SYNC_BRANCH);
  const found = { base, baseFiles, stamps, pullRequest, head, ...compared, ...wanted };
  return { ...found, saysNothingNew: await saysNothingNew({ run, reads }, found) };
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

export function pathsOf(categories: readonly Category[]): string[] {
  return categories.flatMap(({ codec }) => codec.writes);
}
