import { strip } from "./python-text.ts";

/**
 * A JSON number as Python prints it after reading it: `json.dumps(json.loads(source))`.
 *
 * Integers keep all their digits (`-0` is the integer 0); anything with a fraction or an exponent is a double:
 * `3.0` → `3.0`, `0.10` → `0.1`, `1e-5` → `1e-05`, `1E3` → `1000.0`, `1e16` → `1e+16`, `1e400` → `Infinity`.
 * @param source a well-formed JSON number
 */
export function printPythonNumber(source: string): string {
  if (/^-?\d+$/.test(source)) return source === "-0" ? "0" : source;
  const value = Number(source);
  if (!Number.isFinite(value)) return String(value);
  return (source.startsWith("-") ? "-" : "") + printPositiveDouble(Math.abs(value));
}

/**
 * `float(text)` of Python, `null` where that raises ValueError.
 *
 * White space around it, a plus sign, `.5`, `5.`, `1_000`, `inf`, and decimal digits of any script (`٧`) are numbers;
 * hexadecimal and the empty text are not.
 */
export function parsePythonFloat(text: string): number | null {
  if (hasSeparator(text)) return null;
  const bare = strip(text).replace(FOREIGN_DIGIT, readDigit);
  if (FLOAT.test(bare)) return Number(bare.replaceAll("_", ""));
  const word = /^([+-]?)(?:inf(?:inity)?|(nan))$/i.exec(bare);
  if (word === null) return null;
  if (word[2] !== undefined) return Number.NaN;
  return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** White space of `str.strip()` that `float()` does not take, anywhere. */
function hasSeparator(text: string): boolean {
  return ["\x1c", "\x1d", "\x1e", "\x1f"].some((separator) => text.includes(separator));
}

const FOREIGN_DIGIT = /(?![0-9])\p{Nd}/gu;
const ANY_DIGIT = /^\p{Nd}$/u;

/** Unicode has the decimal digits of a script in a row from zero to nine, and such rows behind each other. */
function readDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (ANY_DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/** `f"{round(value, 0):.0f}"`: halves go to the even neighbour (`4.5` → `4`), a small negative is `-0`. */
export function printRounded(value: number): string {
  const below = Math.floor(value);
  const rest = value - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const rounded = isUp ? below + 1 : below;
  const isNegativeZero = rounded === 0 && (value < 0 || Object.is(value, -0));
  return isNegativeZero ? "-0" : BigInt(rounded).toString();
}

const FLOAT = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;

/**
 * `repr(float)`: the shortest digits that read back the same, which both languages agree on, in Python's layout: plain
 * from 1e-4 up to 1e16 with at least one decimal, else an exponent of at least two digits.
 */
function printPositiveDouble(value: number): string {
  const [mantissa = "0", power = "0"] = value.toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const exponent = Number(power);
  if (exponent >= 16 || exponent < -4) {
    const sign = exponent < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}
