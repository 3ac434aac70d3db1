import { addTo, groupBy } from "../group-by.ts";
import { countingModels } from "../model-diff.ts";
import type { Model } from "../script/model.ts";
import type { Schema } from "../script/schema.ts";
import { type PrimaryEntries, readRecord, recordMeans } from "./entries.ts";
import type { PrimaryEntry } from "./printed-entries.ts";

export interface MovedOwner {
  readonly model: Model;
  /** The entry of db.json that has to be its own. */
  readonly entry: string;
  /** The model that owns the entry as long as the rows stand as they do. */
  readonly formerOwner: string;
}

/** Which models have to go to the end of models.csv, in this order, and for which entries. */
export interface Owners {
  readonly last: readonly Model[];
  readonly moved: readonly MovedOwner[];
}

/**
 * Which models must come last in models.csv, so that every entry of db.json is whose it is in PRIMARY.
 *
 * Several models can have an entry of one key: `koboldcpp/` + short name where authors share it, or `aphrodite/x` of a
 * model `x` and a model that is called so. The last row owns it. Where PRIMARY's entry says what another one of them
 * says, and not what the owner says, that one has to come behind the others, and what has to come behind it too. An
 * entry that fits none of them is stale and tells nothing.
 * @param models what the rows will mean, in their order
 */
export function findOwners(
  models: readonly Model[],
  { primary, schema }: { readonly primary: PrimaryEntries; readonly schema: Schema },
): Owners {
  const moved: MovedOwner[] = [];
  /** For each model those that have to come behind it. */
  const behind = new Map<Model, Model[]>();
  for (const [entry, candidates] of sharedEntries(models)) {
    const owner = candidates.at(-1);
    const member = primary.get(entry);
    if (owner === undefined || member === undefined) continue;
    const model = member.says === owner ? owner : findMeant(member, [owner, ...candidates], schema);
    if (model === undefined) continue;
    if (model !== owner) moved.push({ model, entry, formerOwner: owner.name });
    for (const other of candidates) if (other !== model) addTo(behind, other, model);
  }
  return {
    last:
      moved.length === 0
        ? []
        : inOrder(
            moved.map(({ model }) => model),
            behind,
          ),
    moved,
  };
}

/** The first of the models that the entry says. */
function findMeant(entry: PrimaryEntry, models: readonly Model[], schema: Schema): Model | undefined {
  const record = readRecord(entry);
  return models.find((model) => recordMeans(record, model, schema));
}

/** The models of every key that several have, in the order of the rows that count. */
function sharedEntries(models: readonly Model[]): Map<string, Model[]> {
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const model of models) {
    for (const key of model.keys) {
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, model.name);
      else if (owner !== model.name) shared.add(key);
    }
  }
  if (shared.size === 0) return new Map();
  const claims = [...countingModels(models).values()].flatMap((model) =>
    model.keys.flatMap((key) => (shared.has(key) ? [{ key, model }] : [])),
  );
  const groups = groupBy(claims, ({ key }) => key);
  return new Map([...groups].map(([key, group]) => [key, group.map(({ model }) => model)]));
}

/** These models and all that have to come behind them, each behind what it has to follow. A circle is cut. */
function inOrder(models: readonly Model[], behind: ReadonlyMap<Model, readonly Model[]>): Model[] {
  const reversed: Model[] = [];
  const seen = new Set<Model>();
  const visit = (model: Model): void => {
    const path: { model: Model; next: number }[] = [{ model, next: 0 }];
    seen.add(model);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const follower = behind.get(top.model)?.[top.next];
      top.next += 1;
      if (follower === undefined) {
        reversed.push(top.model);
        path.pop();
      } else if (!seen.has(follower)) {
        seen.add(follower);
        path.push({ model: follower, next: 0 });
      }
    }
  };
  for (const model of models) if (!seen.has(model)) visit(model);
  return reversed.reverse();
}
