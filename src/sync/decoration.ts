/**
 * Labels, reviewers and a team: what is missing on a pull request, and adding it. They converge: a run adds what an
 * earlier one did not come to, and nothing that a person took away. Does I/O through a port.
 */
import { describeError, isGitHubRefusal, SyncError } from "../core/errors.ts";
import type { Decoration } from "./memory.ts";
import type { DecorationPort, Ornament, PullRequest } from "./ports.ts";

export interface Wishes {
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  /** A team's slug. */
  readonly team: string | null;
}

export interface Decorated {
  readonly added: readonly Ornament[];
  /** GitHub's words. */
  readonly refused: readonly { readonly ornament: Ornament; readonly why: string }[];
  /** Nobody knows whether they are there: the next run looks. */
  readonly unknown: readonly { readonly ornament: Ornament; readonly why: string }[];
}

export const NOT_DECORATED: Decorated = { added: [], refused: [], unknown: [] };

export function toOrnaments({ labels, reviewers, team }: Wishes): Ornament[] {
  return [
    ...labels.map((name) => ({ kind: "label" as const, name })),
    ...reviewers.map((name) => ({ kind: "reviewer" as const, name })),
    ...(team === null ? [] : [{ kind: "team" as const, name: team }]),
  ];
}

export function ornamentKey({ kind, name }: Ornament): string {
  return `${kind} ${name.toLowerCase()}`;
}

/** Until then the run that opened a pull request may still be about to decorate it. */
const OPENING_MS = 6 * 60_000;

export interface MissingQuery {
  readonly pull: PullRequest;
  readonly wanted: readonly Ornament[];
  readonly known: Decoration | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly port: DecorationPort;
}

export interface Missing {
  /** To be added now. */
  readonly missing: readonly Ornament[];
  /** Until then the run that opened the pull request may be about to add them (ms since the epoch); `null`: no need. */
  readonly undecoratedUntil: number | null;
  readonly warnings: readonly string[];
}

/** Asks GitHub only when something is missing of which memory does not know what became of it. */
export async function findMissing(query: MissingQuery): Promise<Missing> {
  const { pull, wanted, now, port } = query;
  const known = query.known?.pullRequest === pull.number ? query.known : null;
  const absent = wanted.filter((ornament) => !carries(pull, ornament));
  const refusals = absent.flatMap((ornament) => {
    const why = known?.refused[ornamentKey(ornament)];
    return why === undefined ? [] : [describeRefusal(ornament, pull.number, why)];
  });
  const open = absent.filter((ornament) => {
    const key = ornamentKey(ornament);
    return !known?.added.includes(key) && known?.refused[key] === undefined;
  });
  const none: Missing = { missing: [], undecoratedUntil: null, warnings: refusals };
  if (open.length === 0) return none;
  const until = Date.parse(pull.openedAt) + OPENING_MS;
  if (known === null && now < until) return { ...none, undecoratedUntil: until };
  try {
    const met = new Set((await port.events(pull.number)).map(({ ornament }) => ornamentKey(ornament)));
    return { ...none, missing: open.filter((ornament) => !met.has(ornamentKey(ornament))) };
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    const what = listOrnaments(open);
    const why = `${what} missing on pull request #${pull.number}, and whether a person took it away cannot be read: ${error.message}`;
    return { ...none, warnings: [...refusals, why] };
  }
}

/** Whether it stands on the pull request, in any spelling. */
export function carries(pull: PullRequest, { kind, name }: Ornament): boolean {
  const lists = { label: pull.labels, reviewer: pull.reviewers, team: pull.teams };
  return lists[kind].some((there) => there.toLowerCase() === name.toLowerCase());
}

/** Nothing here fails a run: the pull request stands, and each refusal is told. One bad name costs no other. */
export async function addOrnaments(
  pull: PullRequest | null,
  ornaments: readonly Ornament[],
  port: DecorationPort,
): Promise<Decorated> {
  if (pull === null || ornaments.length === 0) return NOT_DECORATED;
  const kinds = (["label", "reviewer", "team"] as const).map((kind) => ornaments.filter((one) => one.kind === kind));
  const results: Decorated[] = [];
  for (const group of kinds) results.push(await addGroup(pull.number, group, port));
  return mergeDecorated(results);
}

async function addGroup(number: number, group: readonly Ornament[], port: DecorationPort): Promise<Decorated> {
  if (group.length === 0) return NOT_DECORATED;
  const fault = await tryToAdd(number, group, port);
  if (fault === null) return { ...NOT_DECORATED, added: group };
  const all = group.map((ornament) => ({ ornament, why: describeError(fault).message }));
  if (!isGitHubRefusal(fault)) return { ...NOT_DECORATED, unknown: all };
  if (group.length === 1) return { ...NOT_DECORATED, refused: all };
  const results: Decorated[] = [];
  for (const ornament of group) results.push(await addGroup(number, [ornament], port));
  return mergeDecorated(results);
}

function mergeDecorated(results: readonly Decorated[]): Decorated {
  return {
    added: results.flatMap(({ added }) => added),
    refused: results.flatMap(({ refused }) => refused),
    unknown: results.flatMap(({ unknown }) => unknown),
  };
}

/** To add what is there already does no harm, so that a lost answer is asked for once more. */
async function tryToAdd(number: number, group: readonly Ornament[], port: DecorationPort): Promise<SyncError | null> {
  let last: SyncError | null = null;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await port.add(number, group);
      return null;
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      last = error;
      if (error.code !== "github-unavailable") break;
    }
  }
  return last;
}

export function decorationWarnings({ refused, unknown }: Decorated, number: number): string[] {
  return [
    ...refused.map(({ ornament, why }) => describeRefusal(ornament, number, why)),
    ...unknown.map(
      ({ ornament, why }) => `The ${ornament.kind} ${ornament.name} may be missing on pull request #${number}: ${why}`,
    ),
  ];
}

function describeRefusal({ kind, name }: Ornament, number: number, why: string): string {
  return `The ${kind} ${name} could not be added to pull request #${number}: ${why}`;
}

function listOrnaments(ornaments: readonly Ornament[]): string {
  const names = ornaments.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  return `${names} ${ornaments.length === 1 ? "is" : "are"}`;
}

/** What is known of a pull request's decoration after a run; nothing of one that another run may be about to decorate. */
export function rememberDecoration(
  number: number,
  before: Decoration | undefined,
  { added, refused, unknown }: Decorated,
  present: readonly Ornament[],
): Decoration | undefined {
  const isKnown = before?.pullRequest === number;
  if (!isKnown && added.length + refused.length + unknown.length + present.length === 0) return before;
  const known = isKnown ? before : { added: [], refused: {} };
  const keys = [...known.added, ...added.map(ornamentKey), ...present.map(ornamentKey)];
  const words = Object.fromEntries(refused.map(({ ornament, why }) => [ornamentKey(ornament), why.slice(0, 300)]));
  return { pullRequest: number, added: [...new Set(keys)], refused: { ...known.refused, ...words } };
}
