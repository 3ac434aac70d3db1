const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** Powers of ten up to this one are written out, for the reader's sake. */
const LONGEST_ZEROS = 20n;

/**
 * The one spelling of a JSON number's exact decimal value; never through a floating point number.
 *
 * `1.0`, `1e0` and `10E-1` → `1`; `-0.0` → `0`; `1e-05` and `0.00001` → `1e-5`; `2500` → `2500`; `1e400` → `1e400`.
 * @param source a well-formed JSON number
 */
export function canonicalNumber(source: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = PARTS.exec(source) ?? [];
  const digits = trimZeros(whole + fraction);
  if (digits.significant === "") return "0";
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.trailing);
  if (power >= 0n && power <= LONGEST_ZEROS) return sign + digits.significant + "0".repeat(Number(power));
  return `${sign}${digits.significant}e${power}`;
}

function trimZeros(digits: string): { significant: string; trailing: number } {
  let start = 0;
  let end = digits.length;
  while (start < end && digits.charCodeAt(start) === 0x30) start += 1;
  while (end > start && digits.charCodeAt(end - 1) === 0x30) end -= 1;
  return { significant: digits.slice(start, end), trailing: digits.length - end };
}
