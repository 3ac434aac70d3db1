/**
 * What the replica's routes are made of; the HTTP interface gives it.
 */
import type { MiddlewareHandler } from "hono";
import type { ReplicaConfig } from "../../config/config.ts";
import type { Logger } from "../../core/log.ts";
import type { Replica } from "../replica.ts";

export interface ReplicaRouteOptions {
  /** `null`: its settings cannot be used. */
  readonly replica: Replica | null;
  readonly replicaConfig: Pick<ReplicaConfig, "cacheTtlSeconds" | "triggerToken" | "public"> | null;
  /** Lets on who has the trigger token, and answers who has not. */
  readonly requireToken: MiddlewareHandler;
  /** PRIMARY's timestamp that the repositories were last brought to; `undefined` when none is known. */
  readonly lastUpdated: () => Promise<number | null | undefined>;
  readonly now: () => number;
  readonly log: Logger;
}
