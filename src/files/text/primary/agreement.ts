import { listNames } from "../../sentences.ts";
import { addTo } from "../group-by.ts";
import { sameField } from "../same-field.ts";
import { entryKeys } from "../script/model.ts";
import { isDerivedKey, type PrimaryEntries, type PrimaryModel, readRecord } from "./entries.ts";
import type { PrimaryEntry } from "./printed-entries.ts";

/**
 * What PRIMARY's derived entries say that its models do not: sentences for a reviewer. The models count; db.json is made
 * of them alone, so that such an entry is never published.
 */
export function describeDisagreement(models: readonly PrimaryModel[], entries: PrimaryEntries): string[] {
  const owners = new Map<string, PrimaryModel[]>();
  for (const model of models) {
    const { says } = model.entry;
    for (const key of says?.name === model.name ? says.keys : entryKeys(model.name)) {
      if (key !== model.name) addTo(owners, key, model);
    }
  }
  const names = new Set(models.map(({ name }) => name));
  const lacking = [...owners.keys()].filter((key) => !entries.has(key));
  const unlike = [...owners].filter(([key, candidates]) => {
    const entry = entries.get(key);
    return entry !== undefined && !names.has(key) && !candidates.some((model) => saysTheSame(entry, model.entry));
  });
  const orphans = [...entries.keys()].filter((key) => isDerivedKey(key) && !owners.has(key) && !names.has(key));
  return [
    ...tell("PRIMARY lacks entries that follow from its models, which db.json has all the same", lacking),
    ...tell(
      "PRIMARY has derived entries that say something else than their models, which count",
      unlike.map(([key]) => key),
    ),
    ...tell("PRIMARY has entries derived from models that it lacks, which are ignored", orphans),
  ];
}

function tell(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${listNames(names)}.`];
}

/** Whether two entries say the same but for their names: nearly always in the same bytes. */
function saysTheSame(a: PrimaryEntry, b: PrimaryEntry): boolean {
  if (a === b || (a.says !== undefined && a.says === b.says)) return true;
  if (withoutName(a.value) === withoutName(b.value)) return true;
  const [first, second] = [readRecord(a), readRecord(b)];
  const keys = new Set([...first.keys(), ...second.keys()]);
  keys.delete("name");
  return [...keys].every((key) => sameField(first.get(key), second.get(key)));
}

/** An entry's text from behind its name on, where that comes first and has no escapes. */
function withoutName(entry: string): string {
  const found = /^\{\s*"name"\s*:\s*"[^"\\]*"/.exec(entry);
  return found === null ? entry : entry.slice(found[0].length);
}
