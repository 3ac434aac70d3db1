import { groupBy } from "./group-by.ts";
import type { Model } from "./model.ts";
import { type PrimaryEntries, readRecord, recordMeans } from "./primary.ts";
import type { Schema } from "./schema.ts";

export interface MovedOwner {
  readonly model: Model;
  /** The model that owns the entry as long as the rows stand as they do. */
  readonly formerOwner: string;
}

/**
 * Which models must come last in models.csv, so that `koboldcpp/` + short name is theirs as it is in PRIMARY.
 *
 * Models of several authors can share a short name; the last row owns the entry. Where PRIMARY's entry says what
 * another one of them says, and not what the owner says, that one has to be the last. An entry that fits none of them
 * is stale and tells nothing.
 * @param models what the rows will mean, in their order
 */
export function misplacedOwners(
  models: readonly Model[],
  { primary, schema }: { readonly primary: PrimaryEntries; readonly schema: Schema },
): MovedOwner[] {
  return [...sharedShortNames(models)].flatMap(([shortName, candidates]) => {
    const owner = candidates.at(-1);
    const entry = primary.get(`koboldcpp/${shortName}`);
    if (owner === undefined || entry === undefined) return [];
    const record = readRecord(entry);
    if (recordMeans(record, owner, schema)) return [];
    const model = candidates.find((candidate) => recordMeans(record, candidate, schema));
    return model === undefined ? [] : [{ model, formerOwner: owner.name }];
  });
}

/** The models of every short name that several have, in the order of the rows that count. */
function sharedShortNames(models: readonly Model[]): Map<string, Model[]> {
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const { name, shortName } of models) {
    const owner = owners.get(shortName);
    if (owner === undefined) owners.set(shortName, name);
    else if (owner !== name) shared.add(shortName);
  }
  const winners = new Map<string, Model>();
  for (const model of models.filter(({ shortName }) => shared.has(shortName))) {
    winners.delete(model.name);
    winners.set(model.name, model);
  }
  return groupBy(winners.values(), ({ shortName }) => shortName);
}
