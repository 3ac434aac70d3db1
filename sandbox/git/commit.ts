/** Commit objects, as far as the sandbox writes and reads them. */

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds since the epoch. */
  readonly seconds: number;
  /** `+0000` and the like. */
  readonly zone: string;
}

export interface Commit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
  /** Whether it carries a signature header; the sandbox's own stands for "signed by GitHub". */
  readonly isSigned: boolean;
}

/** Stands where GitHub's web-flow signature would be; nothing can verify it, and git does not try. */
const SIGNATURE_LINES = ["-----BEGIN PGP SIGNATURE-----", "", "c2FuZGJveA==", "-----END PGP SIGNATURE-----"];

export function encodeCommit(commit: Commit): Uint8Array {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${encodeSignature(commit.author)}`,
    `committer ${encodeSignature(commit.committer)}`,
    ...(commit.isSigned ? [`gpgsig ${SIGNATURE_LINES.join("\n ")}`] : []),
  ];
  return Buffer.from(`${lines.join("\n")}\n\n${commit.message}`);
}

export function parseCommit(data: Uint8Array): Commit {
  const text = Buffer.from(data).toString("utf8");
  const end = text.indexOf("\n\n");
  const headers = (end < 0 ? text : text.slice(0, end)).split("\n");
  const all = (name: string) =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    tree: all("tree")[0] ?? "",
    parents: all("parent"),
    author: parseSignature(all("author")[0] ?? ""),
    committer: parseSignature(all("committer")[0] ?? ""),
    message: end < 0 ? "" : text.slice(end + 2),
    isSigned: all("gpgsig").length > 0,
  };
}

function encodeSignature(signature: Signature): string {
  const clean = (text: string) => text.replace(/[<>\n\0]/g, "").trim();
  return `${clean(signature.name)} <${clean(signature.email)}> ${signature.seconds} ${signature.zone}`;
}

function parseSignature(text: string): Signature {
  const match = /^(.*?) ?<([^>]*)> (\d+) ([+-]\d{4})$/.exec(text);
  return {
    name: match?.[1] ?? "",
    email: match?.[2] ?? "",
    seconds: Number(match?.[3] ?? 0),
    zone: match?.[4] ?? "+0000",
  };
}
