/**
 * What the replica's routes are made of; the HTTP interface gives it.
 */
import type { ReplicaConfig } from "../../config/config.ts";
import type { Logger } from "../../core/log.ts";
import type { CountFailure } from "../../http/token.ts";
import type { Replica } from "../replica.ts";

export interface ReplicaRouteOptions {
  /** `null`: its settings cannot be used. */
  readonly replica: Replica | null;
  readonly replicaConfig: Pick<ReplicaConfig, "cacheTtlSeconds" | "triggerToken" | "public"> | null;
  readonly countFailure?: CountFailure;
  /** PRIMARY's timestamp that the repositories were last brought to; `undefined` when none is known. */
  readonly lastUpdated: () => Promise<number | null | undefined>;
  readonly now: () => number;
  readonly log: Logger;
}
