import { SyncError } from "../../../src/core/errors.ts";
import type { Codec, CodecInput, DiffInput } from "../../../src/files/codec.ts";

/** All that a caller sees of a comparison: what it gives, or what it throws. */
export function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof SyncError ? { code: error.code, message: error.message } : { thrown: String(error) };
  }
}

/** Of an edit and, where it succeeds, of the account of it without PRIMARY. */
export function outcomesOf(codec: Codec, input: CodecInput): unknown[] {
  const edit = outcomeOf(() => {
    const { files, ...rest } = codec.apply(input);
    return { ...rest, files: [...files] };
  });
  const diff: DiffInput = { before: input.files, after: new Map([...input.files, ...filesOf(codec, input)]) };
  return [edit, outcomeOf(() => codec.diff(diff))];
}

function filesOf(codec: Codec, input: CodecInput): ReadonlyMap<string, string> {
  try {
    return codec.apply(input).files;
  } catch {
    return new Map();
  }
}

/** How many cases a test makes. */
export const RUNS = 500;
/** Milliseconds that suffice for many. */
export const TIMEOUT = 1_200_000;
