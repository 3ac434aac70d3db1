/**
 * A file's change as a patch that `git apply` accepts, complete whatever its size. Pure.
 *
 * @see https://git-scm.com/docs/diff-format#generate_patch_text_with_p
 */
import { formatPatch, type StructuredPatchHunk, structuredPatch } from "diff";
import type { FileTexts } from "./unified-diff.ts";

/** Lines before and after a change that show where it belongs. */
const CONTEXT = 3;
/** Beyond so many the work, which grows with the square, is not worth a shorter patch. */
const MAX_EDITS = 2000;

/** @returns the empty text when nothing changed */
export function completePatch({ path, before, after }: FileTexts): string {
  if (before === after) return "";
  const isCreate = before === null;
  const old = before ?? "";
  const names = { oldFileName: isCreate ? "/dev/null" : `a/${path}`, newFileName: `b/${path}` };
  const options = { context: CONTEXT, maxEditLength: MAX_EDITS };
  const patch = isCreate ? undefined : structuredPatch("", "", old, after, "", "", options);
  const hunks = patch?.hunks ?? replaceLines(old, after);
  return formatPatch({ ...names, oldHeader: "", newHeader: "", isGit: true, isCreate, hunks });
}

/** One hunk from the first line that differs to the last one. */
function replaceLines(before: string, after: string): StructuredPatchHunk[] {
  const [old, now] = [splitLines(before), splitLines(after)];
  if (old.length === 0 && now.length === 0) return [];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const from = Math.max(0, head - CONTEXT);
  const rest = Math.max(0, tail - CONTEXT);
  const lines = [
    ...old.slice(from, head).map((line) => ` ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail, old.length - rest).map((line) => ` ${line}`),
  ];
  const hunk = { oldStart: from + 1, oldLines: old.length - rest - from, newStart: from + 1 };
  return [{ ...hunk, newLines: now.length - rest - from, lines: lines.flatMap(markMissingNewline) }];
}

/** With their line feeds: only the last line may lack one. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function markMissingNewline(line: string): string[] {
  return line.endsWith("\n") ? [line.slice(0, -1)] : [line, "\\ No newline at end of file"];
}
