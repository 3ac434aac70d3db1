/**
 * How one category stands: what PRIMARY says against what the base holds, downloading as little as can be. Does I/O
 * through ports.
 */
import type { Category, CategoryName } from "../categories.ts";
import { SyncError } from "../core/errors.ts";
import { blobShaOfText } from "../files/blob.ts";
import type { Codec, CodecInput, CodecResult, FileTexts, RecordChange } from "../files/codec.ts";
import { irregularKind, type Tree, toShas } from "../files/git-tree.ts";
import { decodeReference, explainReference } from "../files/reference.ts";
import { countKind, fingerprintOf, goneNames } from "./delta.ts";
import { filesKey, type Sameness } from "./memory.ts";
import type { PrimaryAnswer } from "./ports.ts";
import type { Standing, WantedText } from "./standing.ts";

export interface StandingQuery {
  readonly category: Category;
  readonly base: Tree;
  /** Our files on the branch of an open pull request of ours; `null` without one. */
  readonly branch: Tree | null;
  readonly known: Sameness | undefined;
  readonly answer: PrimaryAnswer;
  readonly readBlob: (sha: string) => Promise<Uint8Array>;
  readonly guard: Guard;
}

/** What holds many removals and an empty answer back, and what does not. */
export interface Guard {
  /** Of the records that there are. */
  readonly maxRemovalPercent: number;
  /** Somebody wants it all the same. */
  readonly isForced: boolean;
  /** The digest of the changes that the force is for; `null`: whatever there is. */
  readonly expected: string | null;
}

const EMPTY_OBJECT = /^\s*\{\s*\}\s*$/;
/** Fewer removals than this never hold a category. */
const MIN_GUARDED_REMOVALS = 5;

const IN_SYNC: Standing = { kind: "in-sync", warnings: [] };

/** @throws SyncError `primary-malformed` or `legacy-malformed`; a category that is held is a value */
export async function judgeCategory(query: StandingQuery): Promise<Standing> {
  const { category, answer, base, guard } = query;
  expectRegularFiles(category.codec, base);
  if (answer.kind === "absent") return judgeAbsent(query);
  if (isKnownSame(query, answer.sha)) return { kind: "in-sync", warnings: query.known?.warnings ?? [] };
  const text = decodeReference(category.name, answer.bytes);
  const { result, files } = await compare(query, text);
  const { changes, warnings, currentRecords } = result;
  const wanted = withoutEqual(result.files, base);
  if (wanted.size === 0) return { kind: "in-sync", warnings };
  const held = EMPTY_OBJECT.test(text) && currentRecords > 0 ? heldEmpty(currentRecords) : heldRemovals(query, result);
  const drift = { kind: "drift", changes, files: wanted, before: files, warnings } as const;
  if (guard.isForced) {
    if (guard.expected !== null && digestOf(category.name, drift) !== guard.expected)
      return { kind: "held", why: UNEXPECTED, changes, warnings, awaitsPrimary: true, isUnexpected: true };
    return held === null ? drift : { ...drift, overrides: held.why };
  }
  if (held === null || (await isPublished(query, changes, files))) return drift;
  return { kind: "held", ...held, changes, warnings };
}

const UNEXPECTED =
  "PRIMARY or GitHub changed since it was shown, so that nothing was forced. Look at the preview again.";

/** By which changes that were shown are told from others, as `fingerprintOf` tells a drift's meaning. */
export function digestOf(
  category: CategoryName,
  { changes, files }: { readonly changes: readonly RecordChange[]; readonly files?: ReadonlyMap<string, unknown> },
): string {
  return fingerprintOf([{ category, changes, files: [...(files?.keys() ?? [])], warnings: [] }]);
}

/** A codec may give back a text that it did not have to change. */
function withoutEqual(texts: ReadonlyMap<string, string>, base: Tree): ReadonlyMap<string, WantedText> {
  const wanted = [...texts].map(([path, text]) => [path, { text, sha: blobShaOfText(text) }] as const);
  return new Map(wanted.filter(([path, { sha }]) => sha !== base.get(path)?.sha));
}

/** A 404 cannot be told from a misrouted server, so that not even force makes removals of it. */
function judgeAbsent({ category, base }: StandingQuery): Standing {
  if (!category.codec.writes.some((path) => base.has(path))) return IN_SYNC;
  const why =
    "PRIMARY has no such category (404), and GitHub does. Nothing is removed for that; if it is meant, let PRIMARY answer {} and use force.";
  return { kind: "held", why, changes: [], warnings: [], awaitsPrimary: true };
}

type Held = { readonly why: string; readonly awaitsPrimary: boolean };

function heldEmpty(records: number): Held {
  const why = `PRIMARY's answer is empty, and GitHub holds ${records} records. Use force if that is meant.`;
  return { why, awaitsPrimary: true };
}

function heldRemovals(
  { guard: { maxRemovalPercent } }: StandingQuery,
  { changes, currentRecords }: CodecResult,
): Held | null {
  const gone = goneNames(changes).length;
  const percent = (100 * gone) / Math.max(1, currentRecords);
  if (gone < MIN_GUARDED_REMOVALS || percent <= maxRemovalPercent) return null;
  const renamed = countKind(changes, "renamed");
  const what = [
    ...(gone > renamed ? [`remove ${gone - renamed}`] : []),
    ...(renamed > 0 ? [`rename ${renamed}`] : []),
  ].join(" and ");
  const share = `${what} of ${currentRecords} records (${Math.round(percent)} %, allowed are ${maxRemovalPercent} %)`;
  return { why: `It would ${share}. Use force if that is meant.`, awaitsPrimary: false };
}

/** A force stays in force: whether all that would go is gone on the branch of the open pull request already. */
async function isPublished(query: StandingQuery, changes: readonly RecordChange[], files: FileTexts): Promise<boolean> {
  const { branch, category, base } = query;
  const { codec } = category;
  if (branch === null || codec.writes.every((path) => branch.get(path)?.sha === base.get(path)?.sha)) return false;
  const published = await readFiles({ ...query, base: new Map([...base, ...branch]) }, firstPaths(codec));
  const gone = new Set(goneNames(codec.diff({ before: files, after: published }).changes));
  return goneNames(changes).every((name) => gone.has(name));
}

/** Whether hashes alone tell that PRIMARY's body means what the files say. */
export function isKnownSame(
  { category, base, known }: Pick<StandingQuery, "category" | "base" | "known">,
  primarySha: string,
): boolean {
  const { codec } = category;
  const [path] = codec.writes;
  const isWholeCategory = codec.writes.length === 1 && codec.reads.length === 0;
  if (isWholeCategory && path !== undefined && base.get(path)?.sha === primarySha) return true;
  const isKnown = known?.primary === primarySha && known.files.includes(filesKey(codec, toShas(base)));
  return isKnown && known.isToTell !== true;
}

/** What has to be downloaded to compare a category; of derived files the hash nearly always tells enough. */
export function firstPaths({ writes, reads, derived }: Codec): string[] {
  return [...writes, ...reads].filter((path) => !derived.includes(path));
}

async function compare(query: StandingQuery, primary: string): Promise<{ result: CodecResult; files: FileTexts }> {
  const { category, base } = query;
  const files = await readFiles(query, firstPaths(category.codec));
  const first = applyCodec(category, { primary, files, shas: toShas(base) });
  if (first.needs === undefined) return { result: first, files };
  const all = new Map([...files, ...(await readFiles(query, first.needs))]);
  return { result: applyCodec(category, { primary, files: all }), files: all };
}

/** The texts of a category's files; those that do not exist are `null`, derived ones too. */
export async function readFiles(
  { category, base, readBlob }: Pick<StandingQuery, "category" | "base" | "readBlob">,
  paths: readonly string[],
): Promise<FileTexts> {
  const missing = category.codec.derived.filter((path) => !base.has(path));
  const files = [...paths, ...missing].map(async (path): Promise<[string, string | null]> => {
    const entry = base.get(path);
    return [path, entry === undefined ? null : decodeFile(path, await readBlob(entry.sha))];
  });
  return new Map(await Promise.all(files));
}

const LFS_POINTER = /^version https:\/\/git-lfs\.github\.com\/spec\//;

/** Keeps a byte order mark, so that it can be written back. */
function decodeFile(path: string, bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SyncError("legacy-malformed", `${path} on GitHub is not valid UTF-8; mend it there first.`, { cause });
  }
  if (!LFS_POINTER.test(text)) return text;
  throw new SyncError("legacy-malformed", `${path} on GitHub is a Git LFS pointer; store it as an ordinary file.`);
}

function expectRegularFiles({ writes, reads }: Codec, tree: Tree): void {
  for (const path of [...writes, ...reads]) {
    const entry = tree.get(path);
    const kind = entry === undefined ? null : irregularKind(entry);
    if (kind === null) continue;
    throw new SyncError("legacy-malformed", `${path} on GitHub is ${kind}; put an ordinary file in its place.`);
  }
}

/** A good answer is parsed once, by the codec; a bad one once more, to say best what is wrong with it. */
function applyCodec(category: Category, input: CodecInput): CodecResult {
  try {
    return category.codec.apply(input);
  } catch (cause) {
    if (!(cause instanceof SyncError)) {
      throw new SyncError("internal", `Comparing ${category.name} failed unexpectedly.`, { cause });
    }
    if (cause.code !== "primary-malformed") throw cause;
    throw explainReference(category.name, input.primary) ?? cause;
  }
}
