import { CONDITIONS } from "../conditions.ts";
import type { FaultAction } from "../faults.ts";
import { type Action, type ControlContext, ControlError, type Fields, need, repositoryIn } from "./context.ts";

/** What goes wrong, and time. */
export const TROUBLE_ACTIONS: readonly (readonly [string, Action])[] = [
  ["begin", begin],
  ["end", end],
  ["end-all", endAll],
  ["advance", advance],
  ["fault", addFault],
  ["clear-faults", clearFaults],
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
  const server = fields["server"] === "primary" ? "primary" : "github";
  const times = fields["times"] === "forever" ? Number.POSITIVE_INFINITY : Number(fields["times"] || 1);
  const { method = "", path = "" } = fields;
  sandbox[server].faults.add({
    ...(method === "" ? {} : { method }),
    ...(path === "" ? {} : { path }),
    times,
    skip: Number(fields["skip"] || 0),
    action: faultAction(fields),
  });
  return `${server} will answer wrongly.`;
}

export const FAULT_TYPES = [
  ...["status", "body", "html", "truncate", "cut", "trickle"],
  ...["delay", "drop-before", "drop-after", "hang"],
];

function faultAction(fields: Fields): FaultAction {
  const { type, body = "" } = fields;
  const ms = fields["ms"] ?? "";
  switch (type) {
    case "status": {
      const retryAfter = fields["retryAfter"] ?? "";
      const headers = retryAfter === "" ? {} : { headers: { "retry-after": retryAfter } };
      return { type, status: Number(fields["status"] || 500), ...headers, ...(body === "" ? {} : { body }) };
    }
    case "body":
      return { type, body };
    case "html":
      return { type, status: Number(fields["status"] || 200) };
    case "delay":
      return { type, ms: Number(ms || 1000) };
    case "trickle":
      return { type, ...(ms === "" ? {} : { ms: Number(ms) }) };
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
