import { PRIMARY_CATEGORIES } from "../../src/categories.ts";
import { parseLossless } from "../json/lossless.ts";
import type { Sandbox } from "../sandbox.ts";

/** What all actions of the control server share. */

export interface ControlContext {
  readonly sandbox: Sandbox;
  /** Runs the Worker's cron handler, where there is a Worker. */
  readonly runTick?: (cron: string) => Promise<void>;
}

/** Fields come from a form or from the command line, so all are text. */
export type Fields = Readonly<Record<string, string>>;

/** What a person may do; gives a sentence that says what was done. */
export type Action = (context: ControlContext, fields: Fields) => Promise<string> | string;

/** An action by its name, with the names of the fields that it takes. */
export type NamedAction = readonly [name: string, fields: readonly string[], act: Action];

/** A mistake of the person's; the message says what would do. */
export class ControlError extends Error {
  override readonly name = "ControlError";
}

export function need(fields: Fields, name: string): string {
  const value = fields[name] ?? "";
  if (value === "") throw new ControlError(`${name} is missing`);
  return value;
}

/** A field that does nothing may be one that is misspelt. */
export function refuseUnknown(fields: Fields, known: readonly string[]): void {
  const unknown = Object.keys(fields).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const valid = known.length === 0 ? "there are none here" : `the fields are ${known.join(", ")}`;
  throw new ControlError(`${unknown.join(", ")} is no field of this: ${valid}`);
}

/** A number that is not negative; `fallback` where there is none. */
export function numberIn(fields: Fields, name: string, fallback: number): number {
  const text = fields[name] ?? "";
  if (text === "") return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new ControlError(`${name} must be a number, 0 or more`);
}

export function categoryIn(fields: Fields): string {
  const category = need(fields, "category");
  if (PRIMARY_CATEGORIES.some((known) => known === category)) return category;
  throw new ControlError(`category must be one of ${PRIMARY_CATEGORIES.join(", ")}`);
}

/** A repository by its full name, or by its name alone. */
export function repositoryIn(sandbox: Sandbox, fields: Fields): string {
  const repository = need(fields, "repository");
  const known = sandbox.github.repositories();
  const found = known.find((name) => name === repository || name.endsWith(`/${repository}`));
  if (found === undefined) throw new ControlError(`repository must be one of ${known.join(", ")}`);
  return found;
}

export function pullIn(sandbox: Sandbox, fields: Fields): { repository: string; number: number } {
  const repository = repositoryIn(sandbox, fields);
  const number = Number(need(fields, "number"));
  const known = sandbox.github.pullRequests(repository).map((pull) => pull.number);
  if (known.includes(number)) return { repository, number };
  throw new ControlError(`number must be one of ${known.join(", ") || "none: there is no pull request yet"}`);
}

export function requireJsonObject(text: string) {
  try {
    const node = parseLossless(text);
    if (node.kind === "object") return node.entries;
  } catch (error) {
    throw new ControlError(`not JSON: ${error instanceof Error ? error.message : "unreadable"}`);
  }
  throw new ControlError("a record must be a JSON object");
}
