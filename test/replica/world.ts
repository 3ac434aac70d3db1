/**
 * A replica world: isolates that share a KV, a location's edge cache and a GitHub, and time that only passes when it
 * is told to.
 */
import { CATEGORIES, type CategoryName } from "../../src/categories.ts";
import { parseReplicaConfig, type ReplicaConfig } from "../../src/config/config.ts";
import type { Fetch } from "../../src/net/transport.ts";
import { CONVERTER, type Converter } from "../../src/replica/convert/converter.ts";
import { createReplica, createReplicaMemory, type Reference, type Replica } from "../../src/replica/replica.ts";
import type { EdgeCache } from "../../src/replica/store/edge-cache.ts";
import type { ReplicaStore } from "../../src/replica/store/stored-categories.ts";
import { createFakeEdge, type FakeEdge } from "../fakes/edge-cache.ts";
import { createFakeGitHub, type FakeGitHub } from "../fakes/github.ts";
import { createFakeKv, type FakeKv } from "../fakes/kv.ts";
import { createFakeLog } from "../fakes/log.ts";
import { HEADER } from "../fakes/model-table.ts";
import { createSimulatedClock, type SimulatedClock } from "../fakes/simulated-clock.ts";

export const URL = "https://github.test";
export const IMAGE = "haidra/image";
export const TEXT = "haidra/text";
export const TTL_MS = 60_000;

export const BLIP = '{\n    "BLIP": {"name": "BLIP", "version": "1.0"}\n}\n';
export const CLIP = '{"ViT-L/14": {"name": "ViT-L/14"}}\n';
export const CSV = `${HEADER}\r
org/Model-7B,7,,https://example.test,llama,,generalist,,,\r
`;
export const DEFAULTS =
  '{"baseline": "", "parameters": null, "description": "", "version": "1", "style": "generalist", "nsfw": false}';
export const PARAMS = '{"temperature": 1}';
export const TEXT_FILES = { "models.csv": CSV, "defaults.json": DEFAULTS, "generation_params.json": PARAMS };

export interface World {
  readonly clock: SimulatedClock;
  readonly github: FakeGitHub;
  readonly kv: FakeKv;
  readonly edge: FakeEdge;
  /** A cold one; what is given replaces its share of the world. */
  isolate(parts?: IsolateParts): Isolate;
}

interface IsolateParts {
  readonly kv?: ReplicaStore;
  readonly edge?: EdgeCache | null;
  readonly settings?: Readonly<Record<string, string>>;
  readonly requestsLeft?: () => number;
  /** How far its clock is ahead of the world's (ms). */
  readonly aheadMs?: () => number;
}

export interface Isolate {
  /** Lets time pass until there is an answer. */
  read(category: CategoryName, options?: { refresh?: boolean }): Promise<Reference>;
  /** `read`, and then everything it left in the background. */
  readAll(category: CategoryName, options?: { refresh?: boolean }): Promise<Reference>;
  /** Of one more invocation, whose work in the background lives as long as it is let. */
  invocation(waitUntil?: (work: Promise<unknown>) => void): Replica;
  warm: Replica["warm"];
  status: Replica["status"];
  /** Everything in the background, retries included. */
  rest(): Promise<void>;
  readonly logs: readonly string[];
  /** How often something was parsed. */
  parsed(): number;
  /** How often something was converted to v2. */
  converted(): number;
}

/** @param requestMs how long GitHub takes for each request */
export function createWorld({ requestMs = 0 }: { requestMs?: number } = {}): World {
  const clock = createSimulatedClock();
  const github = createFakeGitHub(URL);
  const fetch: Fetch = async (...request) => {
    if (requestMs > 0) await clock.sleep(requestMs);
    return github.fetch(...request);
  };
  const kv = createFakeKv();
  const edge = createFakeEdge(clock);
  github.push(IMAGE, { "blip.json": BLIP, "clip.json": CLIP, "README.md": "about" });
  github.push(TEXT, TEXT_FILES);
  return { clock, github, kv, edge, isolate: (parts = {}) => createIsolate({ clock, fetch, kv, edge }, parts) };
}

export function configWith(settings: Readonly<Record<string, string>> = {}): ReplicaConfig {
  return parseReplicaConfig({
    HORDE_GITHUB_SYNC_GITHUB_API_URL: URL,
    HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: IMAGE,
    HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO: TEXT,
    ...settings,
  });
}

type Shared = Pick<World, "clock" | "kv" | "edge"> & { readonly fetch: Fetch };

function createIsolate(world: Shared, parts: IsolateParts): Isolate {
  const { aheadMs = () => 0 } = parts;
  const { clock: right, fetch } = world;
  const clock = { ...right, now: () => right.now() + aheadMs() };
  const memory = createReplicaMemory();
  const { log, lines } = createFakeLog();
  const background = new Set<Promise<unknown>>();
  let parsed = 0;
  let converted = 0;
  const converter: Converter = {
    ...CONVERTER,
    readLegacy(category, files) {
      parsed++;
      return CONVERTER.readLegacy(category, files);
    },
    convertReference(category, files) {
      converted++;
      return CONVERTER.convertReference(category, files);
    },
  };
  const tokens = new Map();
  const keep = (work: Promise<unknown>) => {
    background.add(work);
    work.finally(() => background.delete(work));
  };
  const invocation = (waitUntil = keep) =>
    createReplica({
      config: configWith(parts.settings),
      categories: CATEGORIES,
      memory,
      kv: parts.kv ?? world.kv,
      edge: parts.edge === undefined ? world.edge : parts.edge,
      fetch,
      clock,
      tokens,
      waitUntil,
      log,
      converter,
      requestsLeft: parts.requestsLeft ?? (() => 50),
    });
  const rest = async () => {
    await clock.flush();
    while (background.size > 0) await clock.until(Promise.all(background));
  };
  return {
    read: (category, options) => clock.until(invocation().read(category, options)),
    async readAll(category, options) {
      const answer = await clock.until(invocation().read(category, options));
      await rest();
      return answer;
    },
    invocation,
    warm: (heads) => clock.until(invocation().warm(heads)),
    status: () => clock.until(invocation().status()),
    rest,
    logs: lines,
    parsed: () => parsed,
    converted: () => converted,
  };
}

export async function textOf(reference: Reference): Promise<string> {
  return new TextDecoder().decode((await reference.body("v1")).payload.bytes);
}

export async function v2Of(reference: Reference): Promise<string> {
  return new TextDecoder().decode((await reference.body("v2")).payload.bytes);
}

/** The names of the records of v2. */
export async function namesOf(reference: Reference): Promise<string[]> {
  return [...(await reference.body("v2")).records().keys()];
}
