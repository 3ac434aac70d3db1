import { parsePythonFloat, printRounded } from "../../python/python-number.ts";

/** A model's size: how many billion parameters its cell says, and what the repository's script makes of that. */
export interface Size {
  /** `int(float(cell) * 1_000_000_000)`: `4.1` → `4099999999`. */
  readonly count: string;
  /** The rounded billions: `4.5` → `4B`. */
  readonly tag: string;
}

/** What a `parameters_bn` cell means, `null` when the script stops at it: no number, or none that is finite. */
export function readSize(cell: string): Size | null {
  const billions = parsePythonFloat(cell);
  if (billions === null) return null;
  const count = Math.trunc(billions * BILLION);
  if (!Number.isFinite(count)) return null;
  return { count: BigInt(count).toString(), tag: `${printRounded(billions)}B` };
}

const BILLION = 1_000_000_000;
