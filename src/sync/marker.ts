/**
 * The part of a pull request's body that is ours, between two markers, and what its first marker tells. Pure.
 */

/** What GitHub takes as a body. */
export const MAX_BODY_CHARACTERS = 65_536;

const BEGIN = "<!-- horde-model-reference-sync:begin";
const END = "<!-- horde-model-reference-sync:end -->";
const FIRST_LINE =
  /^<!-- horde-model-reference-sync:begin fingerprint=([0-9a-f]{64}|withdrawn)(?: source=([0-9a-f]+))? -->\r?$/m;

export interface Marker {
  /** SHA-256 of the drift's meaning; `null` when we closed the pull request ourselves, so that nothing was rejected. */
  readonly fingerprint: string | null;
  /** Digest of the PRIMARY that it was made from; `null` in those of earlier versions. */
  readonly source: string | null;
}

/** @returns `null` for a body without our section */
export function readMarker(body: string): Marker | null {
  const found = FIRST_LINE.exec(body);
  if (found === null) return null;
  return { fingerprint: found[1] === "withdrawn" ? null : (found[1] ?? null), source: found[2] ?? null };
}

export function wrapSection({ fingerprint, source }: Marker, lines: readonly string[]): string {
  const origin = source === null ? "" : ` source=${source}`;
  return [`${BEGIN} fingerprint=${fingerprint ?? "withdrawn"}${origin} -->`, ...lines, END].join("\n");
}

/** Replace our section of a body, and keep what people wrote around it. Without one, ours is put at the end. */
export function replaceSection(body: string, section: string): string {
  const start = body.search(/^<!-- horde-model-reference-sync:begin /m);
  if (start < 0) return body.trim() === "" ? section : `${body.trimEnd()}\n\n${section}`;
  const rest = body.slice(start);
  // Anchored, because a name from PRIMARY may spell the marker within a line.
  const end = rest.search(/^<!-- horde-model-reference-sync:end -->/m);
  const after = end < 0 ? "" : rest.slice(end + END.length);
  return body.slice(0, start) + section + after;
}

/** A pull request that we close ourselves was not rejected, so its fingerprint must not count later. */
export function withdraw(body: string, source: string): string {
  const withdrawn: Marker = { fingerprint: null, source };
  const marker = readMarker(body);
  if (marker === null) return replaceSection(body, wrapSection(withdrawn, []));
  const [first = ""] = wrapSection(withdrawn, []).split("\n");
  return body.replace(FIRST_LINE, () => first);
}

/** Whether a pull request was closed by us and not by people. */
export function isWithdrawn(body: string): boolean {
  const marker = readMarker(body);
  return marker !== null && marker.fingerprint === null;
}
