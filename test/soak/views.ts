/**
 * What the service says of itself, read as a monitor reads it.
 */
import * as z from "zod/mini";
import { REPOSITORY_OUTCOMES } from "../../src/contract/report.ts";
import type { SoakWorld } from "./world.ts";

const Seen = z.object({
  state: z.string(),
  lastCheckedAt: z.nullable(z.string()),
  nextAttemptAt: z.nullable(z.string()),
  repositories: z.array(
    z.object({
      repository: z.string(),
      outcome: z.enum(REPOSITORY_OUTCOMES),
      pullRequest: z.nullable(z.object({ number: z.number() })),
      categories: z.record(z.string(), z.object({ held: z.optional(z.string()), failed: z.optional(z.unknown()) })),
      error: z.optional(z.object({ message: z.string() })),
    }),
  ),
});

const Health = z.object({ status: z.enum(["ok", "unhealthy"]), reasons: z.optional(z.array(z.string())) });

export type SeenStatus = z.infer<typeof Seen>;

/** `null`: the state could not be read, and the answer says so. */
export async function readStatus(world: SoakWorld): Promise<SeenStatus | null> {
  return world.invoke(async ({ app }) => {
    const answer = await app.request("/", { headers: { accept: "application/json" } });
    if (answer.status === 503) return null;
    if (answer.status !== 200) throw new Error(`/ answered ${answer.status}: ${await answer.text()}`);
    return Seen.parse(await answer.json());
  });
}

export async function readPage(world: SoakWorld, path = "/"): Promise<string> {
  return world.invoke(async ({ app }) => {
    const answer = await app.request(path, { headers: { accept: "text/html" } });
    return answer.text();
  });
}

/** @returns why it is not well; nothing when it is */
export async function readHealth(world: SoakWorld): Promise<readonly string[]> {
  return world.invoke(async ({ app }) => {
    const answer = await app.request("/healthz");
    const { status, reasons = [] } = Health.parse(await answer.json());
    if ((status === "ok") !== (answer.status === 200)) throw new Error(`/healthz is ${answer.status} and ${status}`);
    return reasons;
  });
}
