/** Tree objects: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_tree_objects */

export interface TreeEntry {
  /** As git stores it: `100644`, `100755`, `120000`, `40000`, `160000`. */
  readonly mode: string;
  readonly name: string;
  readonly sha: string;
}

export const DIRECTORY = "40000";
export const REGULAR_FILE = "100644";
export const SUBMODULE = "160000";

export function parseTree(data: Uint8Array): TreeEntry[] {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.length);
  const entries: TreeEntry[] = [];
  for (let at = 0; at < buffer.length; ) {
    const space = buffer.indexOf(32, at);
    const end = buffer.indexOf(0, space);
    entries.push({
      mode: buffer.toString("latin1", at, space),
      name: buffer.toString("utf8", space + 1, end),
      sha: buffer.toString("hex", end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** Sorts as git demands: by bytes, a directory as if its name ended in `/`. */
export function encodeTree(entries: readonly TreeEntry[]): Uint8Array {
  const keyed = entries.map((entry) => ({
    key: Buffer.from(entry.mode === DIRECTORY ? `${entry.name}/` : entry.name),
    entry,
  }));
  keyed.sort((left, right) => Buffer.compare(left.key, right.key));
  return Buffer.concat(
    keyed.flatMap(({ entry }) => [Buffer.from(`${entry.mode} ${entry.name}\0`), Buffer.from(entry.sha, "hex")]),
  );
}
