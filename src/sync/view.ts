/**
 * A repository examined: observe → desire → decide. Does I/O through ports, and writes nothing.
 */
import { SyncError } from "../core/errors.ts";
import type { Tree } from "../files/git-tree.ts";
import { judgeClosing } from "./closing.ts";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { findMissing, type Missing, toOrnaments } from "./decoration.ts";
import type { Delta } from "./delta.ts";
import { judgeCategories, readAhead } from "./desire.ts";
import { readMarker } from "./marker.ts";
import type { RepositoryMemory } from "./memory.ts";
import { observe } from "./observe.ts";
import { findOrigins } from "./origin.ts";
import type { Ornament, PullRequest } from "./ports.ts";
import { type Proposal, propose } from "./proposal.ts";
import { createReads, type Reads } from "./reads.ts";
import { openPull, type Snapshot } from "./snapshot.ts";
import { createSources } from "./sources.ts";
import type { Stamps } from "./stamps.ts";
import type { Story } from "./story.ts";
import type { RepositoryTask } from "./task.ts";

/** Everything that one attempt knows and wants. */
export interface View {
  readonly snapshot: Snapshot;
  readonly stamps: Stamps;
  readonly proposal: Proposal;
  readonly delta: Delta;
  readonly decision: Decision;
  /** See `Missing`. */
  readonly undecoratedUntil: number | null;
  readonly warnings: readonly string[];
  readonly learnt: Pick<RepositoryMemory, "closings" | "origins" | "sources">;
  /** Blobs that were read, for a dry run. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

/**
 * GitHub's branches first and PRIMARY's records last: so what a run publishes is never older than what it publishes it
 * over, and of two runs at once the one with the older answer loses the branch.
 */
export async function examine(task: RepositoryTask, fresh: ReadonlyMap<number, PullRequest>): Promise<View> {
  const { categories, memory, ports, primary } = task;
  const blobs = new Map<string, Uint8Array>();
  const readBlob = task.isDryRun ? keeping(ports.read.blob, blobs) : ports.read.blob;
  const sources = createSources({ categories, known: memory.sources ?? {}, readBlob });
  const reads = createReads({ category: primary.read, blob: sources.blob });
  try {
    const view = await examineWith(task, reads, fresh);
    return { ...view, learnt: { ...view.learnt, sources: sources.texts(view.snapshot.base.files) }, blobs };
  } finally {
    await reads.landed();
  }
}

async function examineWith(
  task: RepositoryTask,
  reads: Reads,
  fresh: ReadonlyMap<number, PullRequest>,
): Promise<Omit<View, "blobs">> {
  const { memory, ports, primary, ignoredAuthors, guard, now } = task;
  const { snapshot, stamps, branch, judged } = await judge(task, reads, fresh);
  const { base } = snapshot;
  // A force that is for something else is none for the pull request either.
  const isMeant = !judged.some(({ standing }) => standing.kind === "held" && standing.isUnexpected === true);
  const policy = { ...task.policy, isForced: guard.isForced && isMeant };
  const proposal = await propose({ judged, base: base.files, branch, readBlob: reads.blob });
  const question = { delta: proposal.delta, judged, base, memory, read: ports.read };
  const { delta, known: origins } = await findOrigins(question);
  const query = { snapshot, proposal, ports, reads, memory, ignoredAuthors, source: primary.source, now };
  const verdict = policy.isForced || policy.publish === "commit" ? null : await judgeClosing(query);
  const ornaments = toOrnaments(task.wishes);
  const found = await findOrnaments(task, branch === null ? null : openPull(snapshot), ornaments);
  const decision = decide({
    snapshot,
    proposal,
    policy,
    story: tellStory(task, proposal, delta, base.commit),
    isRejected: verdict?.isRejected === true,
    ornaments: { all: ornaments, missing: found.missing },
  });
  const warnings = [
    ...describeOddities(task, snapshot),
    ...proposal.warnings,
    ...(verdict?.warnings ?? []),
    ...found.warnings,
  ];
  const closings = verdict?.closings ?? memory.closings;
  const learnt = { origins, ...(closings === undefined ? {} : { closings }) };
  const told = { undecoratedUntil: found.undecoratedUntil, warnings, learnt };
  return { snapshot, stamps, proposal, delta, decision, ...told };
}

/** What GitHub has, and how each category stands against that. */
async function judge(task: RepositoryTask, reads: Reads, fresh: ReadonlyMap<number, PullRequest>) {
  const { repository, baseBranch, categories, known, requested, memory, ports, ignoredAuthors } = task;
  const { primary, policy, guard, now, dueAt, log } = task;
  const { trustStamps } = primary;
  const wish = { categories, requested, reads, trustStamps, memory, guard, dueAt, log };
  const told = primary.readStamps();
  const ahead = async (files: Tree | null) => readAhead({ ...wish, stamps: await told }, files);
  const snapshot = await reads.track(
    observe({
      repository,
      baseBranch,
      ports,
      paths: known.flatMap(({ codec }) => codec.writes),
      memory,
      ignoredAuthors,
      fresh,
      now,
      usesPullRequests: policy.publish === "pull-request",
      onBase: (files) => void reads.track(ahead(files)),
    }),
  );
  const stamps = await told;
  expectOneSource(task, snapshot);
  const branch = openPull(snapshot) !== null && snapshot.branch?.owner === "ours" ? snapshot.branch : null;
  const judged = await judgeCategories({ ...wish, known, stamps, base: snapshot.base.files, branch });
  return { snapshot, stamps, branch, judged };
}

/** @param pull the open one, if it is ours */
async function findOrnaments(
  { memory, ports, now }: RepositoryTask,
  pull: PullRequest | null,
  wanted: readonly Ornament[],
): Promise<Missing> {
  if (pull === null) return { missing: [], undecoratedUntil: null, warnings: [] };
  return findMissing({ pull, wanted, known: memory.decoration, now, port: ports.decoration });
}

function tellStory(
  { primary, repositoryUrl, statusUrl }: RepositoryTask,
  proposal: Proposal,
  delta: Delta,
  baseCommit: string,
): Story {
  const { keptBack, unknown, fingerprint } = proposal;
  const { url: primaryUrl, source } = primary;
  return { delta, keptBack, unknown, fingerprint, primaryUrl, source, statusUrl, repositoryUrl, baseCommit };
}

/** Two services with a PRIMARY each would undo one another's work for ever. */
function expectOneSource({ memory, primary, repository }: RepositoryTask, snapshot: Snapshot): void {
  const open = openPull(snapshot);
  const other = open === null ? null : (readMarker(open.body)?.source ?? null);
  const { published } = memory;
  const wasOurs = published?.source === primary.source && published.pullRequest === open?.number;
  if (other === null || other === primary.source || !wasOurs) return;
  throw new SyncError(
    "conflict",
    `Another service that follows another PRIMARY writes to pull request #${open?.number} of ${repository} too, and each undoes the other. Stop one of them.`,
  );
}

const MAX_LEFTOVERS = 5;

function describeOddities({ repository, baseBranch }: RepositoryTask, snapshot: Snapshot): string[] {
  const warnings: string[] = [];
  const { name, repository: current } = snapshot.base;
  if (current.toLowerCase() !== repository.toLowerCase()) {
    const setting = "HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO or HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO";
    warnings.push(
      `${repository} is called ${current} now. It is followed as long as GitHub redirects; set ${setting} to the new name.`,
    );
  }
  if (name !== baseBranch) {
    warnings.push(
      `The branch ${baseBranch} of ${repository} is called ${name} now. It is followed as long as GitHub redirects; set HORDE_GITHUB_SYNC_GITHUB_BRANCH to the new name.`,
    );
  }
  const open = openPull(snapshot);
  if (open !== null && open.base !== "" && open.base !== name) {
    warnings.push(`Pull request #${open.number} of ${repository} goes into ${open.base} and not into ${name}.`);
  }
  const { leftovers } = snapshot;
  if (leftovers.length > 0) {
    const names = leftovers.slice(0, MAX_LEFTOVERS).join(", ");
    const more = leftovers.length > MAX_LEFTOVERS ? ` and ${leftovers.length - MAX_LEFTOVERS} more` : "";
    warnings.push(
      `${repository} still has branches of the Python service: ${names}${more}. Stop that service, and delete them.`,
    );
  }
  return warnings;
}

/** A dry run keeps what it downloads, so that it can show old and new side by side without asking twice. */
function keeping(read: (sha: string) => Promise<Uint8Array>, blobs: Map<string, Uint8Array>) {
  return async (sha: string) => {
    const bytes = await read(sha);
    blobs.set(sha, bytes);
    return bytes;
  };
}
