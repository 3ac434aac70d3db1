/**
 * What a run of mutations found, in words. Pure, but for the sources that it reads.
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Location, MutantResult } from "@stryker-mutator/api/core";
import { EXPLAINED } from "./explained.ts";

/** Of the mutations that change something, so many of a hundred are to be noticed. */
const GOAL = 90;

export function describeResults(results: readonly MutantResult[]): { readonly text: string; readonly isGood: boolean } {
  const ran = results.filter(({ status }) => !["Ignored", "CompileError", "RuntimeError", "Pending"].includes(status));
  const survivors = ran.filter(({ status }) => status === "Survived" || status === "NoCoverage").map(toSurvivor);
  const open = survivors.filter(({ why }) => why === null);
  const explained = survivors.length - open.length;
  const meant = ran.length - explained;
  const noticed = ran.length - survivors.length;
  const late = ran.filter(({ status }) => status === "Timeout").length;
  const percent = meant === 0 ? 0 : Math.floor((1000 * noticed) / meant) / 10;
  const lines = survivors.map(
    ({ path, line, original, replacement, status, why }) =>
      `${path}:${line} ${status}\n  - ${original}\n  + ${replacement}${why === null ? "" : `\n  = ${why}`}`,
  );
  const sum = `${ran.length} mutations: ${noticed} noticed (${late} by a time-out), ${open.length} survived, ${explained} explained: ${percent} % of those that change something.`;
  return { text: [...lines, sum].join("\n"), isGood: percent >= GOAL };
}

function toSurvivor({ fileName, location, replacement = "", status }: MutantResult) {
  const path = relative(process.cwd(), fileName);
  const original = oneLine(cut(readFileSync(fileName, "utf8"), location));
  const mutant = { path, line: location.start.line, original, replacement: oneLine(replacement) };
  const found = EXPLAINED.find(
    (one) => one.path === path && one.original === original && one.replacement === mutant.replacement,
  );
  return { ...mutant, status, why: found?.why ?? null };
}

/** Lines and columns of results count from 1. */
function cut(text: string, { start, end }: Location): string {
  const lines = text.split("\n").slice(start.line - 1, end.line);
  const last = lines.length - 1;
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
    .join("\n");
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`;
}
