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
  for (const model of models) for (const key of model.keys) entries.set(key, model);
  return entries;
}

export interface DbPrinter {
  /** The text of db.json: `json.dumps(entries, indent=4)` and a line end. */
  print(entries: ReadonlyMap<string, Model>): string;
  /** Whether `text` is what `print` gives. */
  isPrinted(text: string, entries: ReadonlyMap<string, Model>): boolean;
  /** An entry from behind its name, which is all that the three of a model share: `,\n        "model_name": …\n    }`. */
  bodyOf(model: Model): string;
}

/** Prints entries; what it printed of a key or of a model once it keeps. */
export function createDbPrinter(schema: Schema): DbPrinter {
  const headOf = keeping(printHead);
  const bodyOf = keeping((model: Model) => printBody(model, schema));
  const printEntry = ([key, model]: readonly [string, Model]) => headOf(key) + bodyOf(model);
  const print = (entries: ReadonlyMap<string, Model>) =>
    entries.size === 0 ? "{}\n" : `{${Array.from(entries, printEntry).join(",")}\n}\n`;
  return { print, isPrinted: (text, entries) => text === print(entries), bodyOf };
}

function keeping<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
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

/** An entry up to behind its name. */
function printHead(key: string): string {
  const quoted = quoteAscii(key);
  return `\n    ${quoted}: {\n        "name": ${quoted}`;
}

function printBody(model: Model, schema: Schema): string {
  let body = "";
  schema.slots.forEach(({ quotedKey }, index) => {
    const field = model.fields[index] ?? null;
    if (field !== null) body += `,\n        ${quotedKey}: ${field.pretty}`;
  });
  return `${body}\n    }`;
}
