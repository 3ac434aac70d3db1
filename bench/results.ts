/** Everything one call of the benchmark measured, as `--json` prints it. */
import type { Bundle } from "./bundle.ts";
import type { CodecCost } from "./codec-process.ts";
import type { Cold } from "./cold/measure.ts";
import type { CommandLine } from "./command-line.ts";
import type { Day } from "./day.ts";
import type { GitService } from "./git-service.ts";
import type { Heap } from "./heap.ts";
import type { Machine } from "./machine.ts";
import type { Measured } from "./measure.ts";
import type { ReplicaLoad } from "./replica.ts";
import type { Budget, Situation } from "./situations.ts";

export interface Results {
  readonly machine: Machine;
  /** ISO 8601, UTC. */
  readonly measuredAt: string;
  /** Where the references come from. */
  readonly data: string;
  readonly runs: number;
  readonly situations: readonly MeasuredSituation[];
  readonly codecs: readonly CodecCost[] | null;
  readonly bundle: Bundle | null;
  readonly gitService: GitService | null;
  /** One entry a path, none when this build has no replica; `null` when it was not measured. */
  readonly replica: readonly ReplicaLoad[] | null;
  readonly days: readonly Day[] | null;
  readonly commandLine: CommandLine | null;
}

export interface MeasuredSituation extends Measured {
  readonly name: string;
  readonly title: string;
  readonly budget: Budget | null;
  readonly goal: Situation["goal"] | null;
  /** As the first that a workerd does; `null` where the operating system tells no CPU time. */
  readonly cold: Cold | null;
  /** The budget: at most so many times its floor. */
  readonly coldGoal: number;
  readonly ratios: Ratios;
  readonly heap: Heap | null;
}

/** Of medians; `null` where there is nothing to compare. */
export interface Ratios {
  /** CPU to parse + stringify of the same bytes. */
  readonly parse: number | null;
  /** CPU to that of a handler that only makes the same requests. */
  readonly requests: number | null;
  /** CPU to that of a handler that makes the same requests and KV operations, with parse + stringify added. */
  readonly everything: number | null;
}

export function toRatios({ cpuMs, floorsMs, bytesCompared }: Measured): Ratios {
  if (cpuMs === null || floorsMs === null) return { parse: null, requests: null, everything: null };
  const { nothing, parse, requests, "requests and KV": requestsAndKv } = floorsMs;
  // What it costs to call a handler at all is in every floor, and must not be added twice.
  const parsing = Math.max(0, parse.median - nothing.median);
  return {
    parse: bytesCompared === 0 ? null : cpuMs.median / parse.median,
    requests: cpuMs.median / requests.median,
    everything: cpuMs.median / (requestsAndKv.median + parsing),
  };
}
