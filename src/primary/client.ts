/**
 * The HTTP client of PRIMARY's v1 API, read only. Does I/O through the transport it is given.
 */
import type * as z from "zod/mini";
import { MAX_RETRY_AFTER_MS } from "../core/back-off.ts";
import { SyncError } from "../core/errors.ts";
import { parseJsonOrNull } from "../core/parse-json.ts";
import { blobSha } from "../files/blob.ts";
import { type Fetch, rateLimitedUntil, TransportError } from "../net/transport.ts";
import type { PrimaryPort } from "../sync/ports.ts";
import { Detail, Metadata } from "./answers.ts";

export interface PrimaryClientOptions {
  /** Base URL without a trailing slash. */
  readonly url: string;
  readonly transport: Fetch;
  readonly userAgent: string;
  readonly now: () => number;
}

const STAMP = "metadata/last_updated";
const METADATA = "metadata/metadata";

/** Every method throws `SyncError` `primary-unavailable` or `primary-malformed`; a 404 for a category is a value. */
export function createPrimaryClient(options: PrimaryClientOptions): PrimaryPort {
  return {
    async lastUpdated() {
      const stamp = readStamp(await readJson(STAMP, options));
      if (stamp === undefined) throw malformed(STAMP);
      return stamp;
    },

    async categoryStamps() {
      const metadata = check(METADATA, Metadata, await readJson(METADATA, options));
      return new Map(Object.entries(metadata).map(([category, { last_updated }]) => [category, last_updated ?? null]));
    },

    async category(name) {
      const answer = await request(encodeURIComponent(name), options);
      if (answer.status === 404) return { kind: "absent" };
      await expectOk(answer, name, options);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      return { kind: "present", bytes, sha: blobSha(bytes) };
    },
  };
}

async function request(path: string, options: PrimaryClientOptions): Promise<Response> {
  const headers = { accept: "application/json", "user-agent": options.userAgent };
  try {
    return await options.transport(`${options.url}/model_references/v1/${path}`, { method: "GET", headers });
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    const code = cause.reason === "too-large" ? "primary-malformed" : "primary-unavailable";
    throw new SyncError(code, `PRIMARY could not be read (${path}): ${cause.message}.`, { cause });
  }
}

async function expectOk(answer: Response, path: string, options: PrimaryClientOptions): Promise<void> {
  if (answer.status === 200) return;
  const isTemporary = answer.status >= 500 || answer.status === 429;
  const detail = Detail.safeParse(parseJsonOrNull(await answer.text()));
  const said = detail.success ? `: ${detail.data.detail.slice(0, 200).trimEnd().replace(/\.$/, "")}` : "";
  // A PRIMARY whose canonical format is v2 answers so for good, and in JSON; an outage has no such sentence.
  if (answer.status === 503 && path === STAMP && detail.success) {
    const message = `PRIMARY answered 503 for ${path}${said}. It does not own the legacy format, so that there is nothing to publish from: let it (canonical format "legacy"), or name another.`;
    throw new SyncError("primary-not-legacy", message);
  }
  throw new SyncError(
    isTemporary ? "primary-unavailable" : "primary-malformed",
    `PRIMARY answered ${answer.status} for ${path}${said}.`,
    { retryAt: rateLimitedUntil(answer, options.now(), MAX_RETRY_AFTER_MS) },
  );
}

async function readJson(path: string, options: PrimaryClientOptions): Promise<unknown> {
  const answer = await request(path, options);
  await expectOk(answer, path, options);
  return parseJsonOrNull(await answer.text());
}

/** All that a tick with nothing new reads, and so by hand: a schema's first use costs more than all of this. @returns `undefined`: another form */
function readStamp(answer: unknown): number | null | undefined {
  if (typeof answer !== "object" || answer === null || !("last_updated" in answer)) return undefined;
  const { last_updated: stamp } = answer;
  return stamp === null || (typeof stamp === "number" && Number.isFinite(stamp)) ? stamp : undefined;
}

function check<T>(path: string, schema: z.ZodMiniType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw malformed(path);
}

function malformed(path: string): SyncError {
  const message = `PRIMARY's answer for ${path} has an unexpected form; is this the right URL?`;
  return new SyncError("primary-malformed", message);
}
