import { readFileSync } from "node:fs";
import { isObject, type JsonObject, stringIn } from "../json/value.ts";

/** Made by `scripts/extract-github-api.ts` from GitHub's OpenAPI description. */
export const FACTS_FILE = new URL("./github-api.json", import.meta.url);

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly isRequired: boolean;
  /** Whether it takes the slashes that follow, as a ref does. */
  readonly isRest: boolean;
  readonly schema: unknown;
}

export interface Operation {
  /** `GET /repos/{owner}/{repo}/git/ref/{ref}` */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** `null` where no JSON is taken. */
  readonly body: { readonly schema: unknown; readonly isRequired: boolean } | null;
  /** By status; `null` where the description tells no JSON. */
  readonly answers: ReadonlyMap<string, unknown>;
}

export interface Facts {
  /** The package and version that this is from. */
  readonly source: string;
  readonly operations: readonly Operation[];
  readonly schemas: JsonObject;
}

export function readFacts(): Facts {
  const facts = objectOf(JSON.parse(readFileSync(FACTS_FILE, "utf8")));
  const operations = Object.entries(objectOf(facts["operations"]));
  return {
    source: stringIn(facts, "source") ?? "",
    operations: operations.map(([name, operation]) => toOperation(name, objectOf(operation))),
    schemas: objectOf(facts["schemas"]),
  };
}

function toOperation(name: string, { parameters, body, isBodyRequired, answers }: JsonObject): Operation {
  return {
    name,
    parameters: (Array.isArray(parameters) ? parameters : []).map((parameter) => toParameter(objectOf(parameter))),
    body: body === undefined ? null : { schema: body, isRequired: isBodyRequired === true },
    answers: new Map(Object.entries(objectOf(answers))),
  };
}

function toParameter(parameter: JsonObject): Parameter {
  const place = parameter["in"];
  return {
    name: stringIn(parameter, "name") ?? "",
    in: place === "path" || place === "header" ? place : "query",
    isRequired: parameter["required"] === true,
    isRest: parameter["isRest"] === true,
    schema: parameter["schema"],
  };
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
