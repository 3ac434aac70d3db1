import { CONDITIONS } from "./conditions.ts";
import { get, getObject, post } from "./control/client.ts";
import { DEEDS } from "./control/deeds.ts";
import { USAGE } from "./control/usage.ts";
import { isObject, type JsonObject } from "./json/value.ts";

/** The sandbox from a shell. It talks to the control server of a running sandbox; `SANDBOX_URL` says where. */

async function main([command = "", ...args]: string[]): Promise<number> {
  const run = COMMANDS.get(command);
  if (run === undefined) {
    console.error(USAGE);
    return command === "" || command === "help" ? 0 : 2;
  }
  try {
    console.log(await run(args));
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
}

type Command = (args: readonly string[]) => Promise<string>;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["state", showState],
  ["names", async ([category = ""]) => (await readNames(category)).join("\n")],
  ["show", ([category = "", name = ""]) => get(`/record?${new URLSearchParams({ category, name })}`)],
  ["add", ([category = "", name = "", record = ""]) => post("add", { category, name, record })],
  ["edit", ([category = "", name = "", ...pairs]) => post("edit", { category, name, fields: editedFields(pairs) })],
  ["remove", ([category = "", name = ""]) => post("remove", { category, name })],
  ["prs", showPulls],
  ["diff", showDiff],
  ["merge", ([repository = "", number = ""]) => post("merge", { repository, number, deleteBranch: "true" })],
  ["close", ([repository = "", number = ""]) => post("close", { repository, number })],
  [
    "person",
    ([deed = "", repository = "", number = "", ...value]) =>
      post("person", { deed, repository, number, value: value.join(" ") }),
  ],
  ["deeds", async () => DEEDS.map(({ name, title, hint = "" }) => columns(name, title, hint)).join("\n")],
  ["conditions", showConditions],
  ["begin", ([condition = "", repository = ""]) => post("begin", { condition, repository })],
  ["end", ([condition = "", repository = ""]) => post("end", { condition, repository })],
  ["kind", () => post("end-all", {})],
  ["advance", ([minutes = ""]) => post("advance", { minutes })],
  [
    "fault",
    ([server = "", type = "", ...pairs]) =>
      post("fault", { server, type, ...Object.fromEntries(pairs.map(splitPair)) }),
  ],
  ["clear", () => post("clear-faults", {})],
  ["log", showLog],
  ["tick", ([cron = ""]) => post("tick", { cron })],
]);

async function showState(): Promise<string> {
  const state = await getObject("/state");
  const primary = objectIn(state, "primary");
  const counts = Object.entries(objectIn(primary, "categories")).map(
    ([category, names]) => `  ${category}: ${listOf(names).length}`,
  );
  const repositories = listOf(objectIn(state, "github")["repositories"]).filter(isObject);
  const branches = repositories.map(
    (entry) => `  ${String(entry["repository"])}: ${Object.keys(objectIn(entry, "branches")).join(", ")}`,
  );
  const lines = [`PRIMARY, last updated ${String(primary["lastUpdated"])}`, ...counts, "GitHub", ...branches];
  return [...lines, "Pull requests", await showPulls()].join("\n");
}

async function readNames(category: string): Promise<string[]> {
  const state = await getObject("/state");
  return listOf(objectIn(objectIn(state, "primary"), "categories")[category]).map(String);
}

async function showPulls(): Promise<string> {
  const lines = (await repositoryStates()).flatMap((entry) =>
    listOf(entry["pullRequests"])
      .filter(isObject)
      .map((pull) => {
        const state = pull["merged"] === true ? "merged" : String(pull["state"]);
        return `  ${String(entry["repository"])}#${String(pull["number"])} [${state}] ${String(pull["title"])}`;
      }),
  );
  return lines.length === 0 ? "  none" : lines.join("\n");
}

async function showConditions(): Promise<string> {
  const active = listOf((await getObject("/state"))["conditions"]).filter(isObject);
  const where = (name: string) =>
    active
      .filter((one) => one["name"] === name)
      .map((one) => `now: ${String(one["repository"])}`)
      .join(", ");
  return CONDITIONS.map(({ name, title }) => columns(name, title, where(name))).join("\n");
}

function columns(first: string, second: string, third: string): string {
  return `  ${first.padEnd(26)}${second.padEnd(40)}${third}`.trimEnd();
}

async function showDiff([repository = "", number = ""]: readonly string[]): Promise<string> {
  const names = (await repositoryStates()).map((entry) => String(entry["repository"]));
  const full = names.find((name) => name === repository || name.endsWith(`/${repository}`)) ?? repository;
  return get(`/diff?${new URLSearchParams({ repository: full, number })}`);
}

async function repositoryStates(): Promise<JsonObject[]> {
  const state = await getObject("/state");
  return listOf(objectIn(state, "github")["repositories"]).filter(isObject);
}

async function showLog(): Promise<string> {
  const log = await getObject("/log");
  const entries = ["primary", "github"].flatMap((server) =>
    listOf(log[server])
      .filter(isObject)
      .map((entry) => ({ server, entry, at: Number(entry["at"]) })),
  );
  entries.sort((left, right) => left.at - right.at);
  const line = ({ server, entry, at }: (typeof entries)[number]) =>
    `${new Date(at).toISOString().slice(11, 23)} ${server.padEnd(7)} ${String(entry["status"])} ` +
    `${String(entry["method"])} ${String(entry["path"])}${String(entry["query"])}`;
  return entries.map(line).join("\n");
}

function editedFields(pairs: readonly string[]): string {
  const fields = pairs.map(splitPair).map(([field, value]) => `${JSON.stringify(field)}: ${asJson(value)}`);
  return `{${fields.join(", ")}}`;
}

/** JSON as it is spelt, and anything else as a string. */
function asJson(value: string): string {
  try {
    JSON.parse(value);
    return value;
  } catch {
    return JSON.stringify(value);
  }
}

function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

function objectIn(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

process.exitCode = await main(process.argv.slice(2));
