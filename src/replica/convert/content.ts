/**
 * From the bytes of a category's source files to what is served of it. Pure; throws where they cannot be read.
 */
import { createHash } from "node:crypto";
import type { CategoryName } from "../../categories.ts";
import { SyncError } from "../../core/errors.ts";
import { once } from "../../core/once.ts";
import type { Content } from "../reference.ts";
import { type SourceShas, signatureOf } from "../store/sources.ts";
import type { Converter } from "./converter.ts";
import { createPayload, payloadOf } from "./payload.ts";
import { printDocument, type ReferenceDocument } from "./reference-document.ts";

export interface ReplicaContent extends Content {
  readonly records: number;
}

export interface Source {
  readonly category: CategoryName;
  readonly shas: SourceShas;
  /** By path; `null` for a file that is missing. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer> | null>;
}

/**
 * Only what is served stays in memory: the bodies, and until v2 is asked for, the source files.
 *
 * @throws SyncError `legacy-malformed`
 */
export function createContent({ category, shas, files }: Source, converter: Converter): ReplicaContent {
  const { body, records, issues } = readBody(category, files, converter);
  const document = convertOnce(category, files, converter);
  return {
    revision: revisionOf(shas),
    records,
    isEmpty: records === 0,
    v1: createPayload(body),
    v2: once(() => payloadOf(printDocument(document()))),
    models: () => document().records,
    issues: { v1: issues, v2: () => document().issues },
  };
}

/** A function of its own, because a closure would keep every text that stands beside it. */
function readBody(category: CategoryName, files: Source["files"], converter: Converter) {
  const texts = decodeFiles(files);
  const { text, ...rest } = converter.readLegacy(category, texts);
  // A JSON category is mostly served as its file is; then its bytes need not be there twice.
  const own = [...files].find(([path]) => texts.get(path) === text)?.[1];
  return { ...rest, body: own ?? new TextEncoder().encode(text) };
}

function decodeFiles(files: Source["files"]): Map<string, string | null> {
  return new Map(Array.from(files, ([path, bytes]) => [path, bytes === null ? null : decode(path, bytes)]));
}

/** A byte order mark stays: the text must be that of the file, so that its bytes can be served. */
function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SyncError("legacy-malformed", `${path} is not valid UTF-8.`, { cause });
  }
}

/** Lets the source files go when they have been converted. */
function convertOnce(category: CategoryName, files: Source["files"], converter: Converter): () => ReferenceDocument {
  let state: { readonly files: Source["files"] } | { readonly document: ReferenceDocument } = { files };
  return () => {
    if ("files" in state) state = { document: converter.convertReference(category, decodeFiles(state.files)) };
    return state.document;
  };
}

/** Part of the names of bodies that are made of several files. Change it when the same files shall give another text. */
const COMPOSITION = "v1.1";

function revisionOf(shas: SourceShas): string {
  const named = Object.values(shas);
  const [only = null] = named;
  if (named.length === 1 && only !== null) return only;
  return createHash("sha1")
    .update(`${COMPOSITION} ${signatureOf(shas)}`)
    .digest("hex");
}
