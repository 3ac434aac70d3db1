/**
 * The sandbox as the library's tests use it.
 */
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { placeOf, seed as seedPlace, settingsTo } from "../world/ground.ts";

const PLACE = placeOf("library");
export const { image: IMAGE, text: TEXT } = PLACE;

/** Both repositories and PRIMARY begin anew, equal in meaning. */
export function seed(sandbox: Sandbox): void {
  seedPlace(sandbox, PLACE);
}

/** Settings that lead to the sandbox. @param more by their whole names */
export function settingsFor(sandbox: Sandbox, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...settingsTo(sandbox, PLACE), ...more };
}

export function isWriteRequest({ method }: { readonly method: string }): boolean {
  return method !== "GET";
}
