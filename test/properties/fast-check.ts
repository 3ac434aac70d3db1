/**
 * fast-check as the suites see it. `npm test` tries the same cases each time, because it decides about a change, and
 * chance must not; `npm run properties` looks for cases that nobody tried, and `npm run mutations` asks for few of each.
 *
 * A property with a seed of its own counts what it finds, and keeps its runs.
 */
import fc from "../../node_modules/fast-check/lib/fast-check.js";

export * from "../../node_modules/fast-check/lib/fast-check.js";

/** As fast-check has it. */
const RUNS = 100;

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const seed = number("PROPERTY_SEED", 1);
const times = number("PROPERTY_TIMES", 1);
const most = number("PROPERTY_MOST", Number.POSITIVE_INFINITY);

function assert<Ts>(property: fc.IAsyncProperty<Ts>, parameters?: fc.Parameters<Ts>): Promise<void>;
function assert<Ts>(property: fc.IProperty<Ts>, parameters?: fc.Parameters<Ts>): void;
function assert<Ts>(property: fc.IRawProperty<Ts>, parameters: fc.Parameters<Ts> = {}): Promise<void> | void {
  if (parameters.seed !== undefined) return fc.assert(property, parameters);
  const numRuns = Math.min(times * (parameters.numRuns ?? RUNS), most);
  return fc.assert(property, { ...parameters, seed, numRuns });
}

export default { ...fc, assert };
