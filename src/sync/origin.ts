/**
 * Where a difference comes from, when not from PRIMARY: records that somebody edited on the base since the two were
 * last in sync, and that PRIMARY did not change. Best effort. Does I/O through ports: two requests for each category
 * whose base was edited, once.
 */
import { SyncError } from "../core/errors.ts";
import type { FileTexts } from "../files/codec.ts";
import { REGULAR_MODE } from "../files/git-tree.ts";
import { type CategoryDelta, type Delta, namesOf } from "./delta.ts";
import type { Judged } from "./desire.ts";
import { firstPaths, readFiles } from "./judge-category.ts";
import type { InSyncAt, KnownOrigin, RepositoryMemory } from "./memory.ts";
import type { GitReadPort } from "./ports.ts";
import type { Side } from "./snapshot.ts";

export interface OriginQuery {
  readonly delta: Delta;
  readonly judged: readonly Judged[];
  readonly base: Side;
  readonly memory: RepositoryMemory;
  readonly read: Pick<GitReadPort, "blob" | "history">;
}

export interface Origins {
  readonly delta: Delta;
  readonly known: Readonly<Record<string, KnownOrigin>>;
}

export async function findOrigins(query: OriginQuery): Promise<Origins> {
  const known: Record<string, KnownOrigin> = {};
  const delta: CategoryDelta[] = [];
  for (const entry of query.delta) {
    const since = query.memory.inSyncAt?.[entry.category];
    const found = since === undefined ? null : await findOrNull(entry, since, query);
    if (found !== null) known[entry.category] = found;
    const names = new Set(entry.changes.flatMap(namesOf));
    const undone = found?.names.filter((name) => names.has(name)) ?? [];
    const origin = { names: undone, commits: found?.commits ?? [], since: since?.commit ?? "" };
    delta.push(undone.length === 0 ? entry : { ...entry, origin });
  }
  return { delta, known };
}

/** What cannot be found out is left out. */
async function findOrNull(entry: CategoryDelta, since: InSyncAt, query: OriginQuery): Promise<KnownOrigin | null> {
  try {
    return await findOrigin(entry, since, query);
  } catch (error) {
    if (error instanceof SyncError) return null;
    throw error;
  }
}

async function findOrigin(entry: CategoryDelta, since: InSyncAt, query: OriginQuery): Promise<KnownOrigin | null> {
  const { judged, base, memory, read } = query;
  const found = judged.find(({ category }) => category.name === entry.category);
  if (found?.standing.kind !== "drift") return null;
  const { category, standing } = found;
  const paths = category.codec.writes.filter((path) => !category.codec.derived.includes(path));
  if (paths.every((path) => since.files[path] === base.files.get(path)?.sha)) return null;
  const key = [...paths.map((path) => since.files[path]), ">", ...paths.map((path) => base.files.get(path)?.sha)].join(
    " ",
  );
  const known = memory.origins?.[entry.category];
  if (known?.key === key) return known;
  const others = [...base.files].filter(([path]) => !paths.includes(path));
  const old = new Map([...others, ...paths.flatMap((path) => entryAt(path, since))]);
  const before = await readFiles({ category, base: old, readBlob: read.blob }, firstPaths(category.codec));
  const after: FileTexts = new Map([
    ...standing.before,
    ...Array.from(standing.files, ([path, { text }]) => [path, text] as const),
  ]);
  const edited = category.codec.diff({ before, after: standing.before }).changes.flatMap(namesOf);
  const changed = new Set(category.codec.diff({ before, after }).changes.flatMap(namesOf));
  const names = edited.filter((name) => !changed.has(name));
  const [path] = paths;
  if (names.length === 0 || path === undefined) return { key, names: [], commits: [] };
  const commits = await read.history({ from: base.commit, path, since: since.at });
  const seen = commits.indexOf(since.commit);
  return { key, names, commits: seen < 0 ? commits : commits.slice(0, seen) };
}

function entryAt(path: string, since: InSyncAt) {
  const sha = since.files[path];
  return sha === undefined ? [] : [[path, { mode: REGULAR_MODE, sha }] as const];
}
