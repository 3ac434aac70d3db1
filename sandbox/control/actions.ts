import { PRIMARY_CATEGORIES } from "../../src/categories.ts";
import type { FaultAction } from "../faults.ts";
import { generateRecord } from "../generate/record.ts";
import { parseEntries, parseLossless } from "../json/lossless.ts";
import { EDITED, printJson } from "../json/print.ts";
import type { Sandbox } from "../sandbox.ts";

export interface ControlContext {
  readonly sandbox: Sandbox;
  /** Runs the Worker's cron handler, where there is a Worker. */
  readonly runTick?: (cron: string) => Promise<void>;
}

/** What a person may do; fields come from a form or from the command line, so all are text. */
export type Action = (context: ControlContext, fields: Readonly<Record<string, string>>) => Promise<string> | string;

export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["add", add],
  ["edit", edit],
  ["remove", remove],
  ["merge", merge],
  ["close", close],
  ["fault", addFault],
  ["clear-faults", clearFaults],
  ["clear-log", clearLog],
  ["tick", tick],
]);

/** A mistake of the person's; the message says what would do. */
export class ControlError extends Error {
  override readonly name = "ControlError";
}

function add({ sandbox }: ControlContext, fields: Readonly<Record<string, string>>): string {
  const category = categoryIn(fields);
  const name = need(fields, "name");
  const record = fields["record"] ?? "";
  if (record !== "") requireJsonObject(record);
  sandbox.primary.putRecord(category, name, record === "" ? generateRecord(category, name) : record);
  return `PRIMARY has ${name} in ${category}.`;
}

/** Sets single fields of a record: `fields` is a JSON object of the new values. */
function edit({ sandbox }: ControlContext, fields: Readonly<Record<string, string>>): string {
  const category = categoryIn(fields);
  const name = need(fields, "name");
  const record = parseEntries(sandbox.primary.category(category) ?? "{}").get(name);
  if (record?.kind !== "object") throw new ControlError(`${category} has no record ${name}`);
  const changed = requireJsonObject(need(fields, "fields"));
  const merged = printJson({ kind: "object", entries: new Map([...record.entries, ...changed]) }, EDITED);
  sandbox.primary.putRecord(category, name, merged);
  return `PRIMARY changed ${[...changed.keys()].join(", ")} of ${name} in ${category}.`;
}

function remove({ sandbox }: ControlContext, fields: Readonly<Record<string, string>>): string {
  const category = categoryIn(fields);
  const name = need(fields, "name");
  if (recordText(sandbox, category, name) === null) throw new ControlError(`${category} has no record ${name}`);
  sandbox.primary.removeRecord(category, name);
  return `PRIMARY has no ${name} in ${category} any more.`;
}

function merge({ sandbox }: ControlContext, fields: Readonly<Record<string, string>>): string {
  const pull = pullIn(sandbox, fields);
  const sha = sandbox.github.mergePullRequest({ ...pull, deleteBranch: fields["deleteBranch"] === "true" });
  return `${pull.repository}#${pull.number} is merged as ${sha.slice(0, 7)}.`;
}

function close({ sandbox }: ControlContext, fields: Readonly<Record<string, string>>): string {
  const pull = pullIn(sandbox, fields);
  sandbox.github.closePullRequest(pull);
  return `${pull.repository}#${pull.number} is closed.`;
}

function addFault({ sandbox }: ControlContext, fields: Readonly<Record<string, string>>): string {
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

const FAULT_TYPES = "status, body, delay, drop-before, drop-after, hang";

function faultAction(fields: Readonly<Record<string, string>>): FaultAction {
  const { type, body = "" } = fields;
  switch (type) {
    case "status": {
      const retryAfter = fields["retryAfter"] ?? "";
      const headers = retryAfter === "" ? {} : { headers: { "retry-after": retryAfter } };
      return { type, status: Number(fields["status"] || 500), ...headers, ...(body === "" ? {} : { body }) };
    }
    case "body":
      return { type, body };
    case "delay":
      return { type, ms: Number(fields["ms"] || 1000) };
    case "drop-before":
    case "drop-after":
    case "hang":
      return { type };
    default:
      throw new ControlError(`type must be one of ${FAULT_TYPES}`);
  }
}

function clearFaults({ sandbox }: ControlContext): string {
  sandbox.primary.faults.clear();
  sandbox.github.faults.clear();
  return "No faults are waiting.";
}

function clearLog({ sandbox }: ControlContext): string {
  sandbox.primary.clearLog();
  sandbox.github.clearRequests();
  return "The logs are empty.";
}

async function tick({ runTick }: ControlContext, fields: Readonly<Record<string, string>>): Promise<string> {
  if (runTick === undefined) throw new ControlError("no Worker runs beside this sandbox");
  const cron = fields["cron"] || "* * * * *";
  await runTick(cron);
  return `The cron ${cron} has run.`;
}

/** A record as PRIMARY stores it, printed for reading; null when there is none. */
export function recordText(sandbox: Sandbox, category: string, name: string): string | null {
  const record = parseEntries(sandbox.primary.category(category) ?? "{}").get(name);
  return record === undefined ? null : printJson(record, EDITED);
}

function categoryIn(fields: Readonly<Record<string, string>>): string {
  const category = need(fields, "category");
  if (PRIMARY_CATEGORIES.some((known) => known === category)) return category;
  throw new ControlError(`category must be one of ${PRIMARY_CATEGORIES.join(", ")}`);
}

function pullIn(sandbox: Sandbox, fields: Readonly<Record<string, string>>): { repository: string; number: number } {
  const repository = need(fields, "repository");
  const known = sandbox.github.repositories();
  const found = known.find((name) => name === repository || name.endsWith(`/${repository}`));
  if (found === undefined) throw new ControlError(`repository must be one of ${known.join(", ")}`);
  return { repository: found, number: Number(need(fields, "number")) };
}

export function need(fields: Readonly<Record<string, string>>, name: string): string {
  const value = fields[name] ?? "";
  if (value === "") throw new ControlError(`${name} is missing`);
  return value;
}

function requireJsonObject(text: string) {
  try {
    const node = parseLossless(text);
    if (node.kind === "object") return node.entries;
  } catch (error) {
    throw new ControlError(`not JSON: ${error instanceof Error ? error.message : "unreadable"}`);
  }
  throw new ControlError("a record must be a JSON object");
}
