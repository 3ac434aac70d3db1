import { indexMembers } from "../../../files/json/members.ts";
import type { JsonNode, ObjectNode } from "../../../files/json/tree.ts";
import { describeValue, listChoices } from "../describe-value.ts";
import { isFalsy, isNull, parseBoolean, parseInteger, parseObject, parseString, parseStrings } from "./lax-values.ts";

/** What is found wrong with a record while it is read. */
export interface Findings {
  /** Why it cannot be converted: sentences such as `name is missing but must be a string`. */
  readonly problems: string[];
  /** What a person should know of it all the same. */
  readonly notes: string[];
}

/**
 * Reads the fields of one JSON object, with the coercions of the reference converter (pydantic's lax mode). A value of
 * another type is a problem and reads as absent; `null` is absent, which is a problem only where a method says so.
 */
export interface RecordFields {
  string(key: string): string | null;
  /** A problem if it is absent. */
  required(key: string): string;
  /** One of `choices`, or absent; `null` is a problem. */
  choice(key: string, choices: readonly string[]): string | null;
  /** Also `0`, `1`, and the words pydantic knows: `"yes"`, `"off"` … */
  boolean(key: string): boolean | null;
  /** The integer's digits. Also `3.0`, `"3"`, and `true` for 1. */
  integer(key: string): string | null;
  strings(key: string): readonly string[] | null;
  object(key: string): RecordFields | null;
  /** The objects of a list; of an absent or empty value none. */
  objects(key: string): readonly RecordFields[];
  /** Every member's value, by key. */
  readonly values: ReadonlyMap<string, JsonNode>;
  /** @param reason a sentence that the object's place goes before, if it has one: `names no file of config.files` */
  reject(reason: string): void;
  note(reason: string): void;
  /** A problem of the value at `key`. @param expected a noun phrase, such as `a string` */
  rejectValue(key: string, expected: string): void;
}

/** @param place where the object stands in its record: `config.files[0]`; empty for the record itself */
export function createRecordFields(object: ObjectNode, findings: Findings, place = ""): RecordFields {
  const values = new Map(Array.from(indexMembers(object.members), ([name, { value }]) => [name, value]));
  const scope: Scope = { values, findings, place };
  const sentence = (reason: string) => (place === "" ? reason : `${place} ${reason}`);
  return {
    values,
    string: (key) => readOptional(scope, key, { expected: STRING, parse: parseString }),
    required: (key) => readRequired(scope, key),
    choice: (key, choices) => readChoice(scope, key, choices),
    boolean: (key) => readOptional(scope, key, { expected: "true or false", parse: parseBoolean }),
    integer: (key) => readOptional(scope, key, { expected: "an integer", parse: parseInteger }),
    strings: (key) => readOptional(scope, key, { expected: "a list of strings", parse: parseStrings }),
    object: (key) => {
      const node = readOptional(scope, key, { expected: "an object", parse: parseObject });
      return node === null ? null : createRecordFields(node, findings, placeOf(scope, key));
    },
    objects: (key) => readObjects(scope, key),
    reject: (reason) => findings.problems.push(sentence(reason)),
    note: (reason) => findings.notes.push(sentence(reason)),
    rejectValue: (key, expected) => rejectValue(scope, key, expected),
  };
}

interface Scope {
  readonly values: ReadonlyMap<string, JsonNode>;
  readonly findings: Findings;
  readonly place: string;
}

const STRING = "a string";

function readOptional<T>(
  scope: Scope,
  key: string,
  { expected, parse }: { expected: string; parse: (node: JsonNode) => T | null },
): T | null {
  const node = scope.values.get(key);
  if (node === undefined || isNull(node)) return null;
  const value = parse(node);
  if (value === null) rejectValue(scope, key, expected);
  return value;
}

function readRequired(scope: Scope, key: string): string {
  const node = scope.values.get(key);
  const value = node === undefined ? null : parseString(node);
  if (value === null) rejectValue(scope, key, STRING);
  return value ?? "";
}

function readChoice(scope: Scope, key: string, choices: readonly string[]): string | null {
  const node = scope.values.get(key);
  if (node === undefined) return null;
  const value = parseString(node);
  if (value !== null && choices.includes(value)) return value;
  rejectValue(scope, key, listChoices(choices));
  return null;
}

function readObjects(scope: Scope, key: string): RecordFields[] {
  const node = scope.values.get(key);
  if (node === undefined || isFalsy(node)) return [];
  if (node.kind !== "array") {
    rejectValue(scope, key, "a list of objects");
    return [];
  }
  return node.items.flatMap((item, index) => {
    const place = `${placeOf(scope, key)}[${index}]`;
    if (item.kind === "object") return createRecordFields(item, scope.findings, place);
    scope.findings.problems.push(`${place} is ${describeValue(item)} but must be an object`);
    return [];
  });
}

function rejectValue(scope: Scope, key: string, expected: string): void {
  const found = describeValue(scope.values.get(key));
  scope.findings.problems.push(`${placeOf(scope, key)} is ${found} but must be ${expected}`);
}

function placeOf({ place }: Scope, key: string): string {
  return place === "" ? key : `${place}.${key}`;
}
