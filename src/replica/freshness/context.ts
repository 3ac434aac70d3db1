/**
 * What the replica's parts share during one invocation.
 */
import { describeFault } from "../../core/log.ts";
import { type SourceShas, signatureOf } from "../content/sources.ts";
import { CONVERTER, type Converter } from "../convert/converter.ts";
import type { ReplicaOptions } from "../options.ts";
import { type Blobs, createBlobs } from "../store/blobs.ts";
import { type Bodies, createBodies } from "../store/bodies.ts";
import { createHeads, type Heads } from "../store/heads.ts";
import { type CategoryState, type Served, UNKNOWN_CATEGORY } from "../store/memory.ts";
import { createPlaces, isSameTarget, type Place, type Places, sourcesOf } from "../store/places.ts";
import { createStoredCategories, type StoredCategories } from "../store/stored-categories.ts";
import { createFlights, type Flights } from "./flights.ts";
import { forgetTimesAhead } from "./set-back.ts";

export interface ReplicaContext {
  readonly options: ReplicaOptions;
  readonly converter: Converter;
  readonly places: Places;
  readonly heads: Heads;
  readonly flights: Flights;
  readonly stored: StoredCategories;
  readonly blobs: Blobs;
  readonly bodies: Bodies;
  stateOf(place: Place): CategoryState;
  change(place: Place, part: Partial<CategoryState>): void;
  /** Whether a time (ms) is at most one TTL ago. */
  isFresh(at: number | null): boolean;
  /** Whether a time (ms) is before that of content; none is before one that has not come, of a clock that ran ahead. */
  isOlder(at: number, than: Pick<Served, "checkedAt">): boolean;
  /** The category's files as the head that is known has them; `null` when no head is known. */
  wanted(place: Place): Wanted | null;
  /** Notes for every category of a repository that the head that is known confirms its content. */
  confirm(place: Pick<Place, "target">): void;
}

export interface Wanted {
  readonly commit: string;
  readonly shas: SourceShas;
  readonly signature: string;
  /** When GitHub told it (ms). */
  readonly checkedAt: number;
}

export function createContext(options: ReplicaOptions): ReplicaContext {
  const { memory, clock, config, log, waitUntil } = options;
  forgetTimesAhead(memory, clock.now());
  const converter = options.converter ?? CONVERTER;
  const places = createPlaces(options, converter);
  const heads = createHeads(options, new Set(places.all.flatMap(({ paths }) => paths)));
  const stored = createStoredCategories(options.kv, clock);
  const stateOf = ({ key }: Place) => memory.categories.get(key) ?? UNKNOWN_CATEGORY;
  const change = (place: Place, part: Partial<CategoryState>) =>
    void memory.categories.set(place.key, { ...stateOf(place), ...part });
  const onFault = (fault: unknown) => log.error("replica.failed", describeFault(fault));

  const isOlder = (at: number, { checkedAt }: Pick<Served, "checkedAt">) => at < checkedAt && checkedAt <= clock.now();

  function wanted(place: Place): Wanted | null {
    const { head, checkedAt } = heads.known(place.target);
    if (head === null) return null;
    const shas = sourcesOf(place, head);
    return { commit: head.commit, shas, signature: signatureOf(shas), checkedAt: checkedAt ?? 0 };
  }

  function confirm({ target }: Pick<Place, "target">) {
    const { checkedAt } = heads.known(target);
    for (const place of places.all) {
      const { served } = stateOf(place);
      if (served === null || checkedAt === null || !isSameTarget(place.target, target)) continue;
      const found = wanted(place);
      if (found?.signature !== served.signature || isOlder(checkedAt, served)) continue;
      change(place, { served: { ...served, commit: found.commit, checkedAt } });
    }
  }

  return {
    options,
    converter,
    places,
    heads,
    flights: createFlights({ underWay: memory.flights, clock, waitUntil, onFault }),
    stored,
    blobs: createBlobs(options, stored),
    bodies: createBodies(options),
    stateOf,
    change,
    isFresh: (at) => at !== null && clock.now() - at <= config.cacheTtlSeconds * 1000,
    isOlder,
    wanted,
    confirm,
  };
}
