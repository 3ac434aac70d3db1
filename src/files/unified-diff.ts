/**
 * The unified diff of a file, within limits of length and work. Pure.
 *
 * @see https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
 */
import { formatPatch, type StructuredPatch, type StructuredPatchHunk, structuredPatch } from "diff";

export interface FileTexts {
  readonly path: string;
  /** `null`: the file is new. */
  readonly before: string | null;
  readonly after: string;
}

export interface DiffLimits {
  /** Lines of hunks that are kept. */
  readonly maxLines: number;
  /** Lines that may be added and removed before the comparison is given up; its work grows with the square. */
  readonly maxEdits: number;
  /** Of the old and the new text together; larger files are not compared. */
  readonly maxCharacters: number;
}

export interface FileDiff {
  readonly path: string;
  /** As `git apply` reads it; empty when the comparison was given up. */
  readonly patch: StructuredPatch;
  /** A sentence when not everything is shown. */
  readonly cut: string | null;
}

export function diffFile(file: FileTexts, limits: DiffLimits): FileDiff {
  const { path } = file;
  const compared = compare(file, limits);
  if (typeof compared === "string") return { path, patch: emptyPatch(file), cut: compared };
  const total = compared.hunks.reduce((sum, { lines }) => sum + lines.length, 0);
  if (total <= limits.maxLines) return { path, patch: compared, cut: null };
  const patch = { ...compared, hunks: cutHunks(compared.hunks, limits.maxLines) };
  return { path, patch, cut: `The first ${limits.maxLines} of ${total} lines of the diff of ${path}.` };
}

/** @returns the whole patch, or why there is none */
function compare(
  { path, before, after }: FileTexts,
  { maxEdits, maxCharacters }: DiffLimits,
): StructuredPatch | string {
  if (before === null) return addedFile(path, after);
  if (before.length + after.length > maxCharacters) return `${path} is too large to be compared line by line here.`;
  const options = { context: 3, maxEditLength: maxEdits };
  const patch = structuredPatch(`a/${path}`, `b/${path}`, before, after, "", "", options);
  return patch ?? `More than ${maxEdits} lines of ${path} differ; they are not shown.`;
}

function emptyPatch({ path }: FileTexts): StructuredPatch {
  return { oldFileName: `a/${path}`, newFileName: `b/${path}`, oldHeader: "", newHeader: "", hunks: [] };
}

/** All diffs as one text; what is cut is told in a comment, which tools that read diffs pass over. */
export function formatDiffs(diffs: readonly FileDiff[]): string {
  return diffs
    .map(
      ({ patch, cut }) =>
        `${cut === null ? "" : `# ${cut}\n`}${patch.hunks.length === 0 ? "" : formatPatch(patch, HEADERS)}`,
    )
    .join("");
}

const HEADERS = { includeIndex: false, includeUnderline: false, includeFileHeaders: true };

/** Nothing is to be compared, so no limit of work applies. */
function addedFile(path: string, text: string): StructuredPatch {
  const lines = text.split("\n");
  const hasFinalNewline = lines.at(-1) === "";
  if (hasFinalNewline) lines.pop();
  const added = lines.map((line) => `+${line}`);
  // The library prints the line before an empty range.
  const hunk = { oldStart: 1, oldLines: 0, newStart: 1, newLines: lines.length };
  const rest = hasFinalNewline ? [] : ["\\ No newline at end of file"];
  const hunks = lines.length === 0 ? [] : [{ ...hunk, lines: [...added, ...rest] }];
  return { ...emptyPatch({ path, before: null, after: text }), oldFileName: "/dev/null", hunks };
}

/** The last hunk that is kept may end early; its counts are those of its lines, so that the patch stays valid. */
function cutHunks(hunks: readonly StructuredPatchHunk[], maxLines: number): StructuredPatchHunk[] {
  const kept: StructuredPatchHunk[] = [];
  let left = maxLines;
  for (const hunk of hunks) {
    if (left <= 0) break;
    const lines = hunk.lines.slice(0, left);
    left -= lines.length;
    const count = (signs: string) => lines.filter((line) => signs.includes(line.charAt(0))).length;
    kept.push({ ...hunk, lines, oldLines: count(" -"), newLines: count(" +") });
  }
  return kept;
}
