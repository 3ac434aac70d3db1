/**
 * Work that several invocations of an isolate wait for together.
 *
 * The runtime cancels what an invocation began when that invocation ends, and then a promise of its never settles. So
 * every flight is handed to `waitUntil`, nobody waits for one without a bound, and one that is too old counts as lost.
 */
import type { Clock } from "../../net/transport.ts";
import type { Flight } from "../store/memory.ts";

export interface Flights {
  /** The flight of this name that is under way, or a new one. `isNew`: a new one in any case, which later ones join. */
  join(name: string, begin: () => Promise<void>, options?: { isNew?: boolean }): Flight;
}

export interface FlightsOptions {
  readonly underWay: Map<string, Flight>;
  readonly clock: Clock;
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Told of what should not happen: flights note their faults themselves. */
  readonly onFault: (fault: unknown) => void;
}

/** Longer than any flight takes that is still alive. */
const LOST_AFTER_MS = 30_000;

export function createFlights({ underWay, clock, waitUntil, onFault }: FlightsOptions): Flights {
  return {
    join(name, begin, { isNew = false } = {}) {
      const current = underWay.get(name);
      if (!isNew && current !== undefined && clock.now() - current.startedAt < LOST_AFTER_MS) return current;
      const landed = begin()
        .catch(onFault)
        .finally(() => {
          if (underWay.get(name) === flight) underWay.delete(name);
        });
      const flight: Flight = { startedAt: clock.now(), landed };
      underWay.set(name, flight);
      waitUntil(landed);
      return flight;
    },
  };
}

/** Waits until it has landed, or until a time (ms since the epoch). @returns whether it has landed */
export async function waitFor(flight: Flight, until: number, clock: Clock): Promise<boolean> {
  const landed = flight.landed.then(() => true);
  return Promise.race([landed, clock.sleep(Math.max(0, until - clock.now())).then(() => false)]);
}
