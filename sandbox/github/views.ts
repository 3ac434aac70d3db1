import type { GitHubState, RepositoryState } from "./state.ts";

/** What all JSON shapes of GitHub's answers share. */

export interface ViewContext {
  readonly state: GitHubState;
  readonly repository: RepositoryState;
}

export function apiUrl({ state, repository }: ViewContext): string {
  return `${state.url}/repos/${repository.fullName}`;
}

export function webUrl({ state, repository }: ViewContext): string {
  return `${state.url}/${repository.fullName}`;
}

export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

export function nodeId(kind: string, text: string): string {
  return `${kind}_${Buffer.from(text).toString("base64url").slice(0, 24)}`;
}

/** A stable number for a name. */
export function idOf(text: string): number {
  return [...text].reduce((hash, unit) => (hash * 31 + (unit.codePointAt(0) ?? 0)) % 1_000_000_007, 7);
}
