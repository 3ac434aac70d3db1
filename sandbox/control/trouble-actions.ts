import { CONDITIONS } from "../conditions.ts";
import type { FaultAction } from "../faults.ts";
import {
  type ControlContext,
  ControlError,
  type Fields,
  type NamedAction,
  need,
  numberIn,
  repositoryIn,
} from "./context.ts";

/** What goes wrong, and time. */
export const TROUBLE_ACTIONS: readonly NamedAction[] = [
  ["begin", ["condition", "repository"], begin],
  ["end", ["condition", "repository"], end],
  ["end-all", [], endAll],
  ["advance", ["minutes"], advance],
  ["fault", ["server", "type", "method", "path", "status", "ms", "retryAfter", "body", "times", "skip"], addFault],
  ["clear-faults", [], clearFaults],
];

/** In one repository, or in all of them when none is named. */
function begin({ sandbox }: ControlContext, fields: Fields): string {
  const name = conditionIn(fields);
  const places = placesIn({ sandbox }, fields);
  for (const repository of places) sandbox.conditions.begin(name, repository);
  return `${titleOf(name)}: ${places.join(", ")}.`;
}

function end({ sandbox }: ControlContext, fields: Fields): string {
  const name = conditionIn(fields);
  const active = sandbox.conditions.active().filter((condition) => condition.name === name);
  const repository = fields["repository"] ?? "";
  const wanted = active.filter((one) => repository === "" || one.repository.endsWith(repository));
  if (wanted.length === 0) throw new ControlError(`${name} is not so${repository === "" ? "" : ` for ${repository}`}`);
  for (const one of wanted) sandbox.conditions.end(name, one.repository);
  return `No more: ${titleOf(name)}.`;
}

function endAll({ sandbox }: ControlContext): string {
  sandbox.conditions.clear();
  return "GitHub is kind again.";
}

function conditionIn(fields: Fields): string {
  const name = need(fields, "condition");
  if (CONDITIONS.some((condition) => condition.name === name)) return name;
  throw new ControlError(`condition must be one of ${CONDITIONS.map((condition) => condition.name).join(", ")}`);
}

function placesIn({ sandbox }: ControlContext, fields: Fields): string[] {
  if ((fields["repository"] ?? "") === "") return sandbox.github.repositories();
  return [repositoryIn(sandbox, fields)];
}

function titleOf(name: string): string {
  return CONDITIONS.find((condition) => condition.name === name)?.title ?? name;
}

function advance({ sandbox }: ControlContext, fields: Fields): string {
  const minutes = Number(need(fields, "minutes"));
  if (!Number.isFinite(minutes) || minutes <= 0) throw new ControlError("minutes must be a number above 0");
  sandbox.advance(minutes * 60_000);
  return `It is ${new Date(sandbox.now()).toISOString().slice(0, 16).replace("T", " ")} UTC now.`;
}

function addFault({ sandbox }: ControlContext, fields: Fields): string {
  const server = serverIn(fields);
  const times = fields["times"] === "forever" ? Number.POSITIVE_INFINITY : numberIn(fields, "times", 1);
  const { method = "", path = "" } = fields;
  sandbox[server].faults.add({
    ...(method === "" ? {} : { method }),
    ...(path === "" ? {} : { path }),
    times,
    skip: numberIn(fields, "skip", 0),
    action: faultAction(fields),
  });
  return `${server} will answer wrongly.`;
}

function serverIn(fields: Fields): "primary" | "github" {
  const server = need(fields, "server");
  if (server === "primary" || server === "github") return server;
  throw new ControlError("server must be primary or github");
}

export const FAULT_TYPES = [
  ...["status", "body", "html", "truncate", "cut", "trickle"],
  ...["delay", "drop-before", "drop-after", "hang"],
];

function faultAction(fields: Fields): FaultAction {
  const { type, body = "" } = fields;
  switch (type) {
    case "status": {
      const retryAfter = fields["retryAfter"] ?? "";
      const headers = retryAfter === "" ? {} : { headers: { "retry-after": retryAfter } };
      return { type, status: numberIn(fields, "status", 500), ...headers, ...(body === "" ? {} : { body }) };
    }
    case "body":
      return { type, body };
    case "html":
      return { type, status: numberIn(fields, "status", 200) };
    case "delay":
      return { type, ms: numberIn(fields, "ms", 1000) };
    case "trickle":
      return { type, ...((fields["ms"] ?? "") === "" ? {} : { ms: numberIn(fields, "ms", 0) }) };
    case "truncate":
    case "cut":
    case "drop-before":
    case "drop-after":
    case "hang":
      return { type };
    default:
      throw new ControlError(`type must be one of ${FAULT_TYPES.join(", ")}`);
  }
}

function clearFaults({ sandbox }: ControlContext): string {
  sandbox.primary.faults.clear();
  sandbox.github.faults.clear();
  return "No faults are waiting.";
}
