/**
 * The trailers by which a commit is known as ours. Pure.
 *
 * People who amend or squash a commit keep its words; only its tree cannot be kept then, and so the tree's name is
 * part of the words.
 */

const FINGERPRINT = "Sync-Fingerprint";
const TREE = "Sync-Tree";
const UPDATED = "Primary-Last-Updated";

export interface Trailers {
  readonly fingerprint: string;
  readonly lastUpdated: number | null;
  readonly tree: string;
}

/** The last paragraph of a commit message. */
export function printTrailers({ fingerprint, lastUpdated, tree }: Trailers): string {
  return [`${FINGERPRINT}: ${fingerprint}`, `${UPDATED}: ${lastUpdated ?? "unknown"}`, `${TREE}: ${tree}`].join("\n");
}

export type Signature =
  /** The words and the tree are those of one of our commits. */
  | "ours"
  /** Our words without a tree, as earlier versions wrote them. */
  | "unsigned"
  /** Not our words, or over another tree. */
  | "theirs";

export function readSignature({ message, treeSha }: { readonly message: string; readonly treeSha: string }): Signature {
  const paragraphs = message.trimEnd().split(/\n\s*\n/);
  const trailers = paragraphs.at(-1) ?? "";
  if (!new RegExp(`^${FINGERPRINT}: [0-9a-f]{64}$`, "m").test(trailers)) return "theirs";
  const tree = new RegExp(`^${TREE}: ([0-9a-f]{40})$`, "m").exec(trailers)?.[1];
  if (tree === undefined) return "unsigned";
  return tree === treeSha ? "ours" : "theirs";
}
