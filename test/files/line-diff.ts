/** The lines that a text loses and gains, found by a longest common subsequence as `diff` does. */
export interface LineDiff {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** A line includes its ending, so that a changed ending, or a lost final newline, is a changed line. */
export function diffLines(before: string, after: string): LineDiff {
  const old = splitLines(before);
  const wanted = splitLines(after);
  const common: number[][] = Array.from({ length: old.length + 1 }, () => new Array(wanted.length + 1).fill(0));
  const at = (from: number, to: number): number => common[from]?.[to] ?? 0;
  for (let from = old.length - 1; from >= 0; from -= 1) {
    const row = common[from] ?? [];
    for (let to = wanted.length - 1; to >= 0; to -= 1) {
      row[to] = old[from] === wanted[to] ? at(from + 1, to + 1) + 1 : Math.max(at(from + 1, to), at(from, to + 1));
    }
  }
  const removed: string[] = [];
  const added: string[] = [];
  let from = 0;
  let to = 0;
  while (from < old.length || to < wanted.length) {
    if (from < old.length && old[from] === wanted[to]) {
      from += 1;
      to += 1;
    } else if (from < old.length && (to >= wanted.length || at(from + 1, to) >= at(from, to + 1))) {
      removed.push(old[from++] ?? "");
    } else {
      added.push(wanted[to++] ?? "");
    }
  }
  return { removed, added };
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
