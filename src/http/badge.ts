import type { Status } from "../present/status.ts";
import { isDone, PAUSED, SERVICE_STATES } from "../present/wording.ts";

/** @see https://shields.io/badges/endpoint-badge */
export interface Badge {
  readonly schemaVersion: 1;
  readonly label: string;
  readonly message: string;
  readonly color: string;
  readonly isError?: boolean;
  readonly cacheSeconds: number;
}

const COLORS = {
  "in-sync": "brightgreen",
  pending: "yellow",
  failing: "red",
  degraded: "red",
  misconfigured: "red",
  unknown: "lightgrey",
};

/** In sync, or how many pull requests and held categories wait. Pure. */
export function buildBadge(status: Status): Badge {
  const { state, paused } = status;
  const isError = state === "failing" || state === "degraded" || state === "misconfigured";
  return {
    schemaVersion: 1,
    label: "model references",
    message:
      paused !== null ? PAUSED.label : state === "pending" ? describeWaiting(status) : SERVICE_STATES[state].label,
    color: paused !== null ? "red" : COLORS[state],
    ...(isError ? { isError } : {}),
    cacheSeconds: 300,
  };
}

function describeWaiting({ repositories, categories }: Status): string {
  const pulls = repositories.filter(
    ({ pullRequest, outcome }) => pullRequest !== null && outcome !== "rejected" && !isDone(outcome),
  ).length;
  const held = categories.filter(({ state }) => state === "held").length;
  const parts = [
    ...(pulls === 0 ? [] : [`${pulls} pull request${pulls === 1 ? "" : "s"}`]),
    ...(held === 0 ? [] : [`${held} held`]),
  ];
  return parts.length === 0 ? SERVICE_STATES.pending.label : parts.join(", ");
}
