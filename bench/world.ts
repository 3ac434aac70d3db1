import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import { createGate } from "./gate.ts";
import { type Meter, type MeteredCall, startMeter } from "./meter.ts";
import type { Bodies, Reference } from "./reference-data.ts";

export const OWNER = "bench";
export const IMAGE = `${OWNER}/image`;
export const TEXT = `${OWNER}/text`;
export const TOKEN = "ghp_bench00000000000000000000000000000";

/** Cloudflare lets a Worker wait for so many answers at once, and holds further requests back; workerd alone does not. */
const MAX_WAITING = 6;

/** The sandbox in this process, with a meter before each of its servers. */
export interface World {
  readonly sandbox: Sandbox;
  readonly primary: Meter;
  readonly github: Meter;
  /** Both repositories anew. */
  begin(reference: Reference): void;
  say(bodies: Bodies): void;
  resetMeters(): void;
  setLatencyMs(ms: number): void;
  /** What went through both meters since the last reset, in the order in which it began. */
  calls(): readonly MeteredCall[];
  /** The settings that lead there. */
  readonly settings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const sandbox = await startSandbox();
  sandbox.github.credentials.addToken({ token: TOKEN });
  const gate = createGate(MAX_WAITING);
  const primary = await startMeter(sandbox.primary.url, gate);
  const github = await startMeter(sandbox.github.url, gate);
  const meters = [primary, github];
  return {
    sandbox,
    primary,
    github,
    begin({ image, text }) {
      sandbox.github.createRepository({ owner: OWNER, name: "image", files: image });
      sandbox.github.createRepository({ owner: OWNER, name: "text", files: text });
      sandbox.github.clearRequests();
      sandbox.primary.clearLog();
    },
    say(bodies) {
      for (const [category, body] of Object.entries(bodies)) sandbox.primary.setCategory(category, body);
    },
    resetMeters() {
      for (const meter of meters) meter.reset();
    },
    setLatencyMs(ms) {
      for (const meter of meters) meter.setLatencyMs(ms);
    },
    calls: () => meters.flatMap(({ calls }) => calls).toSorted((a, b) => a.startedAt - b.startedAt),
    settings: settingsFor(primary.url, github.url),
    async close() {
      await Promise.all(meters.map((meter) => meter.close()));
      await sandbox.close();
    },
  };
}

/** The settings that lead to both. */
export function settingsFor(primaryUrl: string, githubUrl: string): Record<string, string> {
  return {
    HORDE_GITHUB_SYNC_PRIMARY_API_URL: primaryUrl,
    HORDE_GITHUB_SYNC_GITHUB_API_URL: githubUrl,
    HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: IMAGE,
    HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO: TEXT,
    HORDE_GITHUB_SYNC_GITHUB_TOKEN: TOKEN,
    HORDE_GITHUB_SYNC_WATCH_MODE: "true",
    HORDE_GITHUB_SYNC_WATCH_ENABLE_STARTUP_SYNC: "true",
    // The minute of the hour in which a run is measured must not matter.
    HORDE_GITHUB_SYNC_GITHUB_CHECK_SECONDS: "86400",
  };
}
