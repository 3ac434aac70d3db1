const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Powers of ten up to this one are written out, for the reader's sake. */
const LONGEST_ZEROS = 20;
/** Exponents with more digits are added up digit by digit: a BigInt would take the square of their number. */
const SAFE_DIGITS = 15;

/**
 * The one spelling of a JSON number's exact decimal value; never through a floating point number. Linear in its length.
 *
 * `1.0`, `1e0` and `10E-1` → `1`; `-0.0` → `0`; `1e-05` and `0.00001` → `1e-5`; `2500` → `2500`; `1e400` → `1e400`.
 * @param source a well-formed JSON number
 */
export function canonicalNumber(source: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = PARTS.exec(source) ?? [];
  const digits = trimZeros(whole + fraction);
  if (digits.significant === "") return "0";
  const power = addToInteger(exponent, digits.trailing - fraction.length);
  const isShort = power.length <= SAFE_DIGITS && Number(power) >= 0 && Number(power) <= LONGEST_ZEROS;
  if (isShort) return sign + digits.significant + "0".repeat(Number(power));
  return `${sign}${digits.significant}e${power}`;
}

function trimZeros(digits: string): { significant: string; trailing: number } {
  let start = 0;
  let end = digits.length;
  while (digits.charCodeAt(start) === ZERO) start += 1;
  while (end > start && digits.charCodeAt(end - 1) === ZERO) end -= 1;
  return { significant: digits.slice(start, end), trailing: digits.length - end };
}

/** The sum of an integer of any length, such as `+007`, and a small one, without leading zeros: `7`. */
function addToInteger(integer: string, addend: number): string {
  const isNegative = integer.startsWith("-");
  const { significant, trailing } = trimZeros(/^[+-]/.test(integer) ? integer.slice(1) : integer);
  const digits = significant + "0".repeat(trailing);
  if (digits.length <= SAFE_DIGITS) return String(Number(digits) * (isNegative ? -1 : 1) + addend);
  return (isNegative ? "-" : "") + addToDigits(digits, isNegative ? -addend : addend);
}

/** `digits` is so much larger that the sum keeps its sign. */
function addToDigits(digits: string, addend: number): string {
  const base = 10 ** SAFE_DIGITS;
  const low = Number(digits.slice(-SAFE_DIGITS)) + addend;
  const high = digits.slice(0, -SAFE_DIGITS);
  if (low >= 0 && low < base) return high + String(low).padStart(SAFE_DIGITS, "0");
  const carried = low < 0 ? decrement(high) : increment(high);
  return carried + String(low < 0 ? low + base : low - base).padStart(SAFE_DIGITS, "0");
}

function increment(digits: string): string {
  const end = endBefore(digits, NINE);
  return digits.slice(0, Math.max(0, end - 1)) + (Number(digits.charAt(end - 1)) + 1) + "0".repeat(digits.length - end);
}

/** Of a number above zero. */
function decrement(digits: string): string {
  const end = endBefore(digits, ZERO);
  const last = Number(digits.charAt(end - 1)) - 1;
  const head = end === 1 && last === 0 ? "" : digits.slice(0, end - 1) + last;
  return head + "9".repeat(digits.length - end);
}

/** Where the last digits begin that are all this one. */
function endBefore(digits: string, code: number): number {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === code) end -= 1;
  return end;
}

const ZERO = 0x30;
const NINE = 0x39;
