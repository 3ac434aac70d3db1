import { generateRecord } from "../generate/record.ts";
import { parseEntries } from "../json/lossless.ts";
import { EDITED, printJson } from "../json/print.ts";
import type { Sandbox } from "../sandbox.ts";
import {
  type ControlContext,
  ControlError,
  categoryIn,
  type Fields,
  type NamedAction,
  need,
  requireJsonObject,
} from "./context.ts";

/** What people do on PRIMARY. */
export const PRIMARY_ACTIONS: readonly NamedAction[] = [
  ["add", ["category", "name", "record"], add],
  ["edit", ["category", "name", "fields"], edit],
  ["remove", ["category", "name"], remove],
];

function add({ sandbox }: ControlContext, fields: Fields): string {
  const category = categoryIn(fields);
  const name = need(fields, "name");
  const record = fields["record"] ?? "";
  if (record !== "") requireJsonObject(record);
  sandbox.primary.putRecord(category, name, record === "" ? generateRecord(category, name) : record);
  return `PRIMARY has ${name} in ${category}.`;
}

/** Sets single fields of a record: `fields` is a JSON object of the new values. */
function edit({ sandbox }: ControlContext, fields: Fields): string {
  const category = categoryIn(fields);
  const name = need(fields, "name");
  const record = parseEntries(sandbox.primary.category(category) ?? "{}").get(name);
  if (record?.kind !== "object") throw new ControlError(`${category} has no record ${name}`);
  const changed = requireJsonObject(need(fields, "fields"));
  const merged = printJson({ kind: "object", entries: new Map([...record.entries, ...changed]) }, EDITED);
  sandbox.primary.putRecord(category, name, merged);
  return `PRIMARY changed ${[...changed.keys()].join(", ")} of ${name} in ${category}.`;
}

function remove({ sandbox }: ControlContext, fields: Fields): string {
  const category = categoryIn(fields);
  const name = need(fields, "name");
  if (recordText(sandbox, category, name) === null) throw new ControlError(`${category} has no record ${name}`);
  sandbox.primary.removeRecord(category, name);
  return `PRIMARY has no ${name} in ${category} any more.`;
}

/** A record as PRIMARY stores it, printed for reading; null when there is none. */
export function recordText(sandbox: Sandbox, category: string, name: string): string | null {
  const record = parseEntries(sandbox.primary.category(category) ?? "{}").get(name);
  return record === undefined ? null : printJson(record, EDITED);
}
