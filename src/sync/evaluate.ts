/**
 * Compare one category of PRIMARY with its files on the base branch, downloading as little as can be (DESIGN.md
 * section 5). Does I/O through ports.
 */
import type { Category } from "../categories.ts";
import { SyncError } from "../core/errors.ts";
import { blobShaOfText } from "../files/blob.ts";
import type { Codec, CodecInput, CodecResult } from "../files/codec.ts";
import { decodeReference, explainReference } from "../primary/reference.ts";
import type { CategoryState } from "./drift.ts";
import { filesKey, type Sameness } from "./memory.ts";
import type { FileShas, PrimaryAnswer } from "./ports.ts";

export interface EvaluateInput {
  readonly category: Category;
  readonly baseFiles: FileShas;
  readonly known: Sameness | undefined;
  readonly answer: PrimaryAnswer;
  readonly readBlob: (sha: string) => Promise<Uint8Array>;
  readonly maxRemovalPercent: number;
  readonly isForced: boolean;
}

const EMPTY_OBJECT = /^\s*\{\s*\}\s*$/;
/** Fewer removals than this never hold a category. */
const MIN_GUARDED_REMOVALS = 5;

/**
 * @throws SyncError `primary-malformed` or `legacy-malformed`; a category that is held is a value
 */
export async function evaluateCategory(input: EvaluateInput): Promise<CategoryState> {
  const { category, answer, baseFiles, isForced } = input;
  if (answer.kind === "absent") return evaluateAbsent(input);
  if (isKnownSame(input, answer.sha)) return inSync(category);
  const text = decodeReference(category.name, answer.bytes);
  const files = await readFiles(input, firstPaths(category.codec));
  const first = applyCodec(category, { primary: text, files, shas: baseFiles });
  const result =
    first.needs === undefined
      ? first
      : applyCodec(category, { primary: text, files: new Map([...files, ...(await readFiles(input, first.needs))]) });
  const state: CategoryState = { category: category.name, ...result, held: null };
  if (EMPTY_OBJECT.test(text) && result.currentRecords > 0 && !isForced) {
    return {
      ...state,
      held: `PRIMARY's answer is empty, and GitHub holds ${result.currentRecords} records. Use force if that is meant.`,
      awaitsPrimary: true,
    };
  }
  const removed = result.changes.filter(({ kind }) => kind === "removed").length;
  const percent = (100 * removed) / Math.max(1, result.currentRecords);
  if (removed >= MIN_GUARDED_REMOVALS && percent > input.maxRemovalPercent && !isForced) {
    const share = `${removed} of ${result.currentRecords} records (${Math.round(percent)} %, allowed are ${input.maxRemovalPercent} %)`;
    return { ...state, held: `It would remove ${share}. Use force if that is meant.` };
  }
  return { ...state, ...withoutEqual(result.files, baseFiles) };
}

function inSync(category: Category): CategoryState {
  return { category: category.name, changes: [], files: new Map(), warnings: [], held: null };
}

/** A 404 cannot be told from a misrouted server, so that not even force makes removals of it. */
function evaluateAbsent({ category, baseFiles }: EvaluateInput): CategoryState {
  const exists = category.codec.writes.some((path) => baseFiles.has(path));
  if (!exists) return inSync(category);
  const held =
    "PRIMARY has no such category (404), and GitHub does. Nothing is removed for that; if it is meant, let PRIMARY answer {} and use force.";
  return { ...inSync(category), held, awaitsPrimary: true };
}

/** Whether hashes alone tell that PRIMARY's body means what the files say. */
export function isKnownSame(
  { category, baseFiles, known }: Pick<EvaluateInput, "category" | "baseFiles" | "known">,
  primarySha: string,
): boolean {
  const { codec } = category;
  const [path] = codec.writes;
  const isWholeCategory = codec.writes.length === 1 && codec.reads.length === 0;
  if (isWholeCategory && path !== undefined && baseFiles.get(path) === primarySha) return true;
  return known?.primary === primarySha && known.files.includes(filesKey(codec, baseFiles));
}

/** What has to be downloaded to compare a category; of derived files the hash nearly always tells enough. */
export function firstPaths({ writes, reads, derived }: Codec): string[] {
  return [...writes, ...reads].filter((path) => !derived.includes(path));
}

type Files = ReadonlyMap<string, string | null>;

/** Those that do not exist are `null`, derived ones too. */
async function readFiles({ category, baseFiles, readBlob }: EvaluateInput, paths: readonly string[]): Promise<Files> {
  const missing = category.codec.derived.filter((path) => !baseFiles.has(path));
  const files = [...paths, ...missing].map(async (path): Promise<[string, string | null]> => {
    const sha = baseFiles.get(path);
    return [path, sha === undefined ? null : decodeFile(path, await readBlob(sha))];
  });
  return new Map(await Promise.all(files));
}

/** Keeps a byte order mark, so that it can be written back. */
function decodeFile(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SyncError("legacy-malformed", `${path} on GitHub is not valid UTF-8; mend it there first.`, { cause });
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

/** A codec may give back a text that it did not have to change. */
function withoutEqual(texts: ReadonlyMap<string, string>, base: FileShas): Pick<CategoryState, "files" | "shas"> {
  const files = new Map<string, string>();
  const shas = new Map<string, string>();
  for (const [path, text] of texts) {
    const sha = blobShaOfText(text);
    if (sha === base.get(path)) continue;
    files.set(path, text);
    shas.set(path, sha);
  }
  return { files, shas };
}
