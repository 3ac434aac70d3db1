/**
 * Heads in the edge cache, so that the isolates of a Cloudflare location ask GitHub once between them.
 */
import * as z from "zod/mini";
import type { RepositoryTarget } from "../../config/github-settings.ts";
import { parseJsonOrNull } from "../../core/parse-json.ts";
import { StoredError } from "../../state/schema.ts";
import type { ReplicaOptions } from "../options.ts";
import { CLOCKS_DIFFER_MS } from "./clocks.ts";
import type { HeadState } from "./memory.ts";
import { orNullWithin } from "./or-null-within.ts";

export interface SharedHeads {
  /** @returns `null` where there is none, or it cannot be used */
  read(target: RepositoryTarget): Promise<HeadState | null>;
  /** In the background; a failure never matters. */
  write(target: RepositoryTarget, state: HeadState): void;
}

/** Bump it when the meaning of a field changes. */
const VERSION = 1;
const READ_MS = 1000;
const DAY_SECONDS = 24 * 60 * 60;

const SharedHead = z.object({
  version: z.literal(VERSION),
  head: z.nullable(z.object({ commit: z.string(), treeSha: z.string(), files: z.record(z.string(), z.string()) })),
  checkedAt: z.nullable(z.number()),
  askedAt: z.number(),
  fault: z.nullable(z.extend(StoredError, { retryAt: z.nullable(z.number()) })),
  failingSince: z.nullable(z.number()),
});

export function createSharedHeads(options: ReplicaOptions): SharedHeads {
  const { config, edge, clock, waitUntil } = options;
  const keyOf = ({ owner, name, branch }: RepositoryTarget) =>
    ["head", config.githubApiUrl, owner, name, branch].map(encodeURIComponent).join("/");
  return {
    async read(target) {
      if (edge === null) return null;
      const bytes = await orNullWithin(edge.get(keyOf(target)), READ_MS, clock);
      const parsed = SharedHead.safeParse(parseJsonOrNull(bytes === null ? null : new TextDecoder().decode(bytes)));
      if (!parsed.success || parsed.data.askedAt > clock.now() + CLOCKS_DIFFER_MS) return null;
      const { version: _version, askedAt, checkedAt, ...state } = parsed.data;
      // Of a clock that is a little ahead. What is asked from now on is newer.
      const now = clock.now();
      return { ...state, askedAt: Math.min(askedAt, now), checkedAt: checkedAt && Math.min(checkedAt, now) };
    },
    write(target, state) {
      if (edge === null || state.askedAt === null) return;
      const bytes = new TextEncoder().encode(JSON.stringify({ version: VERSION, ...state }));
      const limitSeconds = Math.ceil(((state.fault?.retryAt ?? 0) - clock.now()) / 1000);
      const ttlSeconds = Math.min(DAY_SECONDS, Math.max(10 * config.cacheTtlSeconds, limitSeconds));
      waitUntil(edge.put(keyOf(target), bytes, ttlSeconds).catch(() => {}));
    },
  };
}
