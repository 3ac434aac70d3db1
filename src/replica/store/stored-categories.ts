/**
 * The last good content of every category in KV: a small record that names the blobs and the bodies that were made of
 * them, the blobs by their SHA, and the bodies by their names.
 *
 * KV is a cache here as elsewhere: what is missing, damaged, slow or of another version reads as absent, and costs
 * requests only.
 */
import * as z from "zod/mini";
import { parseJsonOrNull } from "../../core/parse-json.ts";
import { blobSha, blobShaOfText } from "../../files/blob.ts";
import type { Clock } from "../../net/transport.ts";
import type { SourceShas } from "../content/sources.ts";
import type { ReferenceIssue } from "../convert/reference-document.ts";
import { orNullWithin } from "./or-null-within.ts";

/** What we use of a KV namespace. */
export interface ReplicaStore {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface StoredCategory {
  /** Of the commit that brought the content. */
  readonly commit: string;
  readonly files: SourceShas;
  readonly records: number;
  readonly issueCount: number;
  /** The first ones. */
  readonly issues: readonly ReferenceIssue[];
  /** When the content was found (ms): KV is written only when it changes. */
  readonly checkedAt: number;
  /** Names of the bodies that are kept. */
  readonly bodies: readonly string[];
  /** When the last few records were written (ms). */
  readonly writtenAt: readonly number[];
  /**
   * Blobs and bodies of the content before. They stay until the next change, because a location of Cloudflare may go
   * on seeing the old record for a minute.
   */
  readonly superseded: readonly string[];
  readonly supersededBodies: readonly string[];
}

export interface NewCategory {
  readonly category: Pick<StoredCategory, "commit" | "files" | "records" | "issueCount" | "issues" | "checkedAt">;
  /** By SHA, those that may not be there yet. */
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** In their stored form, by name. */
  readonly bodies: ReadonlyMap<string, string>;
  /** When it is written (ms). */
  readonly at: number;
  /** The record that is there. */
  readonly before: StoredCategory | null;
}

/** Bump it when the meaning of a field changes. */
const VERSION = 1;
const READ_MS = 2000;

const Stored: z.ZodMiniType<StoredCategory & { version: number }> = z.object({
  version: z.literal(VERSION),
  commit: z.string(),
  files: z.record(z.string(), z.nullable(z.string())),
  records: z.number(),
  issueCount: z.number(),
  issues: z.array(z.object({ name: z.string(), reason: z.string(), isLeftOut: z.boolean() })),
  checkedAt: z.number(),
  // Records of before there were bodies lack these.
  bodies: z._default(z.array(z.string()), []),
  writtenAt: z._default(z.array(z.number()), []),
  superseded: z.array(z.string()),
  supersededBodies: z._default(z.array(z.string()), []),
});

export interface StoredCategories {
  /** @param name the category with its repository: `haidra/image@main:blip` */
  read(name: string): Promise<StoredCategory | null>;
  /** @returns `null` for a blob that is not there, or is not what its name says */
  readBlob(name: string, sha: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Blobs and bodies first, then the record that names them, then what nobody names any more. Throws what KV throws. */
  write(name: string, change: NewCategory): Promise<void>;
}

export function createStoredCategories(kv: ReplicaStore, clock: Clock): StoredCategories {
  const recordKey = (name: string) => `replica:category:${name}`;
  // Two categories may hold the same bytes, and each must be free to drop its own.
  const blobKey = (name: string, sha: string) => `replica:blob:${name}:${sha}`;
  return {
    async read(name) {
      const parsed = Stored.safeParse(parseJsonOrNull(await orNullWithin(kv.get(recordKey(name)), READ_MS, clock)));
      return parsed.success ? parsed.data : null;
    },
    async readBlob(name, sha) {
      const text = await orNullWithin(kv.get(blobKey(name, sha)), READ_MS, clock);
      return text === null || blobShaOfText(text) !== sha ? null : new TextEncoder().encode(text);
    },
    async write(name, { category, blobs, bodies, before, at }) {
      for (const [sha, bytes] of blobs) {
        if (blobSha(bytes) === sha) await kv.put(blobKey(name, sha), new TextDecoder("utf-8", EXACT).decode(bytes));
      }
      for (const [body, text] of bodies) await kv.put(bodyKey(name, body), text);
      const blobsNow = shasOf(category.files);
      const bodiesNow = [...bodies.keys()];
      const superseded = without(before === null ? [] : shasOf(before.files), blobsNow);
      const supersededBodies = without(before?.bodies ?? [], bodiesNow);
      const writtenAt = [...(before?.writtenAt ?? []), at].slice(-REMEMBERED_WRITES);
      const record = { ...category, bodies: bodiesNow, writtenAt, superseded, supersededBodies };
      await kv.put(recordKey(name), JSON.stringify({ version: VERSION, ...record }));
      const dropped = [
        ...without(before?.superseded ?? [], [...blobsNow, ...superseded]).map((sha) => blobKey(name, sha)),
        ...without(before?.supersededBodies ?? [], [...bodiesNow, ...supersededBodies]).map((body) =>
          bodyKey(name, body),
        ),
      ];
      for (const key of dropped) await kv.delete(key);
    },
  };
}

export function bodyKey(name: string, body: string): string {
  return `replica:body:${name}:${body}`;
}

/**
 * The free plan has a thousand KV writes a day. A category that changes all the time takes part in them at most six
 * times (of two to six writes), in bursts of four.
 *
 * @param writtenAt of the record that is there
 */
export function mayWrite({ writtenAt }: Pick<StoredCategory, "writtenAt">, now: number): boolean {
  const [oldest] = writtenAt.slice(-REMEMBERED_WRITES);
  const isFull = writtenAt.length >= REMEMBERED_WRITES;
  return !isFull || oldest === undefined || Math.abs(now - oldest) >= REMEMBERED_WRITES * WRITE_APART_MS;
}

const REMEMBERED_WRITES = 4;
const WRITE_APART_MS = 4 * 60 * 60_000;

function without(all: readonly string[], some: readonly string[]): string[] {
  return all.filter((one) => !some.includes(one));
}

const EXACT = { fatal: true, ignoreBOM: true };

function shasOf(files: SourceShas): string[] {
  return Object.values(files).filter((sha) => sha !== null);
}
