import { quoteAscii } from "../../json/strings.ts";
import type { Model } from "./model.ts";
import type { Schema } from "./schema.ts";

/**
 * The entries of db.json: three for every model, its own name, `aphrodite/` + name and `koboldcpp/` + short name.
 *
 * As in a Python dict, a key that comes again keeps its place and takes the later model.
 */
export function dbEntries(models: Iterable<Model>): Map<string, Model> {
  const entries = new Map<string, Model>();
  for (const model of models) for (const key of entryKeys(model)) entries.set(key, model);
  return entries;
}

/** The keys of a model's entries. */
export function entryKeys({ name, shortName }: Model): readonly [string, string, string] {
  return [name, `aphrodite/${name}`, `koboldcpp/${shortName}`];
}

export interface DbPrinter {
  /** The text of db.json: `json.dumps(entries, indent=4)` and a line end. */
  print(entries: ReadonlyMap<string, Model>): string;
  /** Whether `text` is what `print` would give, found out without building that. */
  isPrinted(text: string, entries: ReadonlyMap<string, Model>): boolean;
  /** A record from behind its name, which is all that its three entries share: `,\n        "model_name": …\n    }`. */
  bodyOf(model: Model): string;
}

/** Prints entries; what it printed of a model once it keeps. */
export function createDbPrinter(schema: Schema): DbPrinter {
  const bodies = new Map<Model, string>();
  const bodyOf = (model: Model) => {
    const body = bodies.get(model) ?? printBody(model, schema);
    bodies.set(model, body);
    return body;
  };
  return {
    print: (entries) => Array.from(pieces(entries, bodyOf)).join(""),
    isPrinted: (text, entries) => {
      let at = 0;
      for (const piece of pieces(entries, bodyOf)) {
        if (text.slice(at, at + piece.length) !== piece) return false;
        at += piece.length;
      }
      return at === text.length;
    },
    bodyOf,
  };
}

/** One record on one line, under its own name: `{"name": "a/b", "model_name": "b", …}`. */
export function printRecord(model: Model, schema: Schema): string {
  const members = [`"name": ${quoteAscii(model.name)}`];
  schema.slots.forEach(({ quotedKey }, index) => {
    const field = model.fields[index] ?? null;
    if (field !== null) members.push(`${quotedKey}: ${field.text}`);
  });
  return `{${members.join(", ")}}`;
}

/** db.json piece by piece. */
function* pieces(entries: ReadonlyMap<string, Model>, bodyOf: (model: Model) => string): Generator<string> {
  let glue = "{\n    ";
  for (const [key, model] of entries) {
    const quoted = quoteAscii(key);
    yield `${glue}${quoted}: {\n        "name": ${quoted}`;
    yield bodyOf(model);
    glue = ",\n    ";
  }
  yield entries.size === 0 ? "{}\n" : "\n}\n";
}

function printBody(model: Model, schema: Schema): string {
  let body = "";
  schema.slots.forEach(({ quotedKey }, index) => {
    const field = model.fields[index] ?? null;
    if (field !== null) body += `,\n        ${quotedKey}: ${field.pretty}`;
  });
  return `${body}\n    }`;
}
