/**
 * The app around a fake replica. What holds for every answer of the replica is checked for every answer.
 */
import { expect } from "vitest";
import type { Configured } from "../../../src/config/configured.ts";
import { createApp } from "../../../src/http/app.ts";
import type { AppOptions } from "../../../src/http/app-options.ts";
import { createPace } from "../../../src/http/pace.ts";
import { createStateStore, EMPTY_STATE, type SyncState } from "../../../src/state/store.ts";
import { START } from "../../fakes/clock.ts";
import { createFakeKv } from "../../fakes/kv.ts";
import { createFakeLog } from "../../fakes/log.ts";
import { createFakeReplica, type FakeReferences, referenceOf } from "../../fakes/replica.ts";
import { configWith, OPEN, TRIGGER_TOKEN } from "../../fakes/settings.ts";

export const TTL_SECONDS = 60;
export const BEARER = { authorization: `Bearer ${TRIGGER_TOKEN}` };
export const V1 = "/model_references/v1";
export const V2 = "/model_references/v2";

/** Longer than what is worth compressing. */
export const LONG_V1 = JSON.stringify({ BLIP: { name: "BLIP", description: "long ".repeat(400) } });
export const LONG_V2 = JSON.stringify({ BLIP: { record_type: "blip", name: "BLIP", metadata: "long ".repeat(400) } });
export const CLIP_V1 = '{"ViT-L/14": {"name": "ViT-L/14", "type": "clip"}}\n';
export const CLIP_V2 = '{"ViT-L/14":{"record_type":"clip","name":"ViT-L/14"}}';

/** `blip` is long, `clip` short, `esrgan` without a record; the others cannot be had. */
export const REFERENCES: FakeReferences = {
  blip: referenceOf("blip", { v1: LONG_V1, v2: LONG_V2 }),
  clip: referenceOf("clip", { v1: CLIP_V1, v2: CLIP_V2 }),
  esrgan: referenceOf("esrgan"),
};

export interface ReplicaAppOptions {
  readonly references?: FakeReferences;
  /** `false`: the replica's own settings cannot be used. */
  readonly isUsable?: boolean;
  readonly triggerToken?: string | null;
  readonly isPublic?: boolean;
  /** Of the sync; an error is thrown. */
  readonly state?: Partial<SyncState> | Error;
  /** Of the sync. */
  readonly problems?: readonly string[];
  readonly countFailure?: AppOptions["countFailure"];
  /** Milliseconds since `START`. */
  readonly later?: number;
}

export function createReplicaApp(options: ReplicaAppOptions = {}) {
  const { references = REFERENCES, isUsable = true, triggerToken = TRIGGER_TOKEN, problems, countFailure } = options;
  const { isPublic = true, state = {} } = options;
  const replica = createFakeReplica({}, references);
  const { log, lines } = createFakeLog();
  const settings: Configured =
    problems === undefined
      ? { kind: "configured", config: configWith() }
      : { kind: "misconfigured", problems, warnings: [], access: OPEN };
  const refuse = async () => {
    throw new Error("Nothing here starts a run.");
  };
  const app = createApp({
    check: async () => ({ result: "ok", items: [] }),
    hear: () => {},
    pace: createPace(),
    recentRuns: { value: null, lists: null },
    version: "1.2.3",
    settings,
    store: { ...createStateStore(createFakeKv()), load: () => loadState(state) },
    sync: refuse,
    preview: refuse,
    replica: isUsable ? replica : null,
    replicaConfig: isUsable
      ? { cacheTtlSeconds: TTL_SECONDS, triggerToken, public: { status: true, replica: isPublic } }
      : null,
    now: () => START + (options.later ?? 0),
    log,
    ...(countFailure === undefined ? {} : { countFailure }),
  });
  /** @param clientAcceptEncoding what Cloudflare says beside the request that the client accepts */
  const ask = async (path: string, init: RequestInit = {}, clientAcceptEncoding?: string) => {
    const request = new Request(`https://sync.test${path}`, init);
    const cf = clientAcceptEncoding === undefined ? {} : { cf: { clientAcceptEncoding } };
    const answer = await app.request(Object.assign(request, cf));
    await expectOpen(answer, init.method ?? "GET");
    return answer;
  };
  /** Its status and parsed body. */
  const read = async (path: string, init: RequestInit = {}) => {
    const answer = await ask(path, init);
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  return { ask, read, lines, replica };
}

async function loadState(state: Partial<SyncState> | Error): Promise<SyncState> {
  if (state instanceof Error) throw state;
  return { ...EMPTY_STATE, ...state };
}

/** Every page may read every answer; an error has the real server's shape, and nobody keeps it. */
export async function expectOpen(answer: Response, method: string): Promise<void> {
  const { headers, status } = answer;
  expect(headers.get("access-control-allow-origin")).toBe("*");
  const exposed = headers.get("access-control-expose-headers")?.toLowerCase().split(", ") ?? [];
  const own = [...headers.keys()].filter((name) => /^(?:etag|age|warning|retry-after|x-reference-.*)$/.test(name));
  expect(exposed).toEqual(expect.arrayContaining(own));
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  expect(headers.get("access-control-allow-credentials")).toBeNull();
  const text = await answer.clone().text();
  if (method === "HEAD" || status === 304 || status === 204) expect(text).toBe("");
  if (status < 400) return;
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("content-type")).toMatch(/^application\/json/);
  if (method !== "HEAD") expect(Object.keys(JSON.parse(text))).toEqual(["detail"]);
}
