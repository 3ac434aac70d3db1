import { canonicalNumber } from "../../json/numbers.ts";
import { readSize } from "../script/size.ts";

/**
 * The cell for a number of parameters: the current one if it fits, else the shortest decimal that does.
 *
 * A cell fits when the script makes this count of it; one whose size tag PRIMARY has too is preferred (4500000000 with
 * `5B` comes from something just over 4.5).
 * @param parameters PRIMARY's JSON text; none, or `null`, is the 0 that the script leaves out
 * @returns `null` when no cell gives this count, such as for a fraction, or more digits than a double holds
 */
export function writeSize(parameters: string | undefined, current: string, tags: ReadonlySet<string>): string | null {
  const count = readCount(parameters);
  if (count === null) return null;
  let fitting: string | null = null;
  for (const spell of [() => current, shortestSize, halfMore, () => "-0"]) {
    const cell = spell(count);
    const size = cell === null ? null : readSize(cell);
    if (size?.count !== count.toString()) continue;
    if (tags.has(size.tag)) return cell;
    fitting ??= cell;
  }
  return fitting;
}

/** More digits than any double needs to be told from its neighbours. */
const MOST_DIGITS = 20;
/** No double is as large as that power of ten. */
const MOST_ZEROS = 330;

function readCount(parameters: string | undefined): bigint | null {
  if (parameters === undefined || parameters === "null") return 0n;
  if (!/^-?\d/.test(parameters)) return null;
  const [, digits = "", power = "0"] = /^(-?\d+)(?:e(\d+))?$/.exec(canonicalNumber(parameters)) ?? [];
  if (digits === "" || digits.length > MOST_ZEROS || Number(power) > MOST_ZEROS) return null;
  return BigInt(digits) * 10n ** BigInt(power);
}

/** The decimal with the fewest digits that gives the count: 4099999999 → `4.1`. */
function shortestSize(count: bigint): string | null {
  const sign = count < 0n ? "-" : "";
  const digits = `${count < 0n ? -count : count}00`;
  for (let kept = 1; kept <= Math.min(digits.length, MOST_DIGITS); kept += 1) {
    const head = BigInt(digits.slice(0, kept));
    for (const near of [head, head + 1n]) {
      const cell = sign + printBillions(near, digits.length - kept - 2);
      if (readSize(cell)?.count === count.toString()) return cell;
    }
  }
  return null;
}

/** A size inside the range of those that give the count, away from its edges. */
function halfMore(count: bigint): string {
  return printBillions(BigInt(`${count}5`), -1);
}

/** `digits` × 10^`zeros` / 1,000,000,000 as a plain decimal. */
function printBillions(digits: bigint, zeros: number): string {
  const power = zeros - 9;
  if (power >= 0) return (digits * 10n ** BigInt(power)).toString();
  const sign = digits < 0n ? "-" : "";
  const padded = (digits < 0n ? -digits : digits).toString().padStart(1 - power, "0");
  return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`.replace(/\.?0+$/, "");
}
