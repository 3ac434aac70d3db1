/**
 * The App's private key, however it came through files, shells and dashboards. Pure; nothing shows any of it.
 */

export type PrivateKey =
  /** PEM in its canonical layout: 64 characters a line, and a final newline. */
  | { readonly kind: "key"; readonly pem: string }
  /** The end of a sentence about what was given. */
  | { readonly kind: "unusable"; readonly why: string };

const LABELS = ["RSA PRIVATE KEY", "PRIVATE KEY"];

/**
 * Takes a key in quotes, indented, with spaces, `\n` or `\\n` for its newlines or with none at all, and as base64 of the
 * whole file. What no App's key can be is told by what it seems to be.
 */
export function readPrivateKey(given: string): PrivateKey {
  const text = withoutEscapes(given);
  const begin = /-----BEGIN ([A-Z0-9 ]+?)-----/.exec(text);
  const end = /-----END ([A-Z0-9 ]+?)-----/.exec(text);
  if (begin === null && end === null) return readWithoutMarks(text);
  if (begin === null) return unusable("lacks its first line, -----BEGIN … PRIVATE KEY-----");
  if (end === null)
    return unusable(
      "is cut off: its last line, -----END … PRIVATE KEY-----, is missing. In a file of settings put it into quotes, or on one line with \\n for its newlines",
    );
  const [, label = ""] = begin;
  const other = describeOther(label, text);
  if (other !== null) return unusable(other);
  if (end[1] !== label || end.index < begin.index || /-----BEGIN/.test(text.slice(begin.index + 5)))
    return unusable("is not one key: its first and its last line do not belong together");
  return readBody(label, text.slice(begin.index + begin[0].length, end.index));
}

/** Quotes around it, and any number of backslashes before `n`, `r` or a real newline: base64 has none of these. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\+[nr]?|["']/g, " ").trim();
}

function readWithoutMarks(text: string): PrivateKey {
  const decoded = text.replaceAll(/\s/g, "").startsWith("LS0tLS1CRUdJT") ? decodeBase64(text) : null;
  if (decoded !== null) return readPrivateKey(decoded);
  if (/\.pem$|^[~.]?\.?\/|^[A-Za-z]:/.test(text))
    return unusable("is the path of a file; the command line takes that in GITHUB_APP_PRIVATE_KEY_PATH");
  if (/^[0-9a-f]{40}$/.test(text))
    return unusable("is the App's client secret; the key is made on the App's page, under Private keys");
  if (/^SHA256:/.test(text)) return unusable("is the key's fingerprint; GitHub hands out the .pem file only once");
  return unusable("has no line -----BEGIN … PRIVATE KEY-----");
}

function describeOther(label: string, text: string): string | null {
  if (label.startsWith("ENCRYPTED") || /Proc-Type: *4, *ENCRYPTED/.test(text))
    return "is protected by a passphrase, which GitHub's keys are not; take the file as GitHub hands it out";
  if (LABELS.includes(label)) return null;
  if (/PUBLIC KEY|CERTIFICATE/.test(label)) return "is public; the private one is the .pem file that GitHub hands out";
  return "is of another kind; the App's is the .pem file that GitHub hands out";
}

function readBody(label: string, body: string): PrivateKey {
  const base64 = body.replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return unusable("holds characters that no key has");
  const bytes = decodeBase64(base64);
  const length = bytes === null ? null : lengthOfSequence(bytes);
  if (bytes === null || length === null || bytes.length < length)
    return unusable("is cut off: a part of it is missing. Copy the whole .pem file");
  if (bytes.length > length) return unusable("holds more than one key. Copy one whole .pem file");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return { kind: "key", pem: [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n") };
}

/** One character a byte. @returns `null` for what is no base64 */
function decodeBase64(text: string): string | null {
  try {
    return atob(text);
  } catch {
    return null;
  }
}

/**
 * How long the DER sequence says it is, its head included; `null` for anything else. Both kinds of key are one.
 *
 * @example 30 82 04 a4 … // 4 + 0x04a4
 */
function lengthOfSequence(bytes: string): number | null {
  if (bytes.charCodeAt(0) !== 0x30 || bytes.length < 2) return null;
  const first = bytes.charCodeAt(1);
  if (first < 0x80) return 2 + first;
  const size = first & 0x7f;
  let length = 0;
  for (let index = 2; index < 2 + size; index++) length = length * 256 + bytes.charCodeAt(index);
  return Number.isNaN(length) ? null : 2 + size + length;
}

function unusable(why: string): PrivateKey {
  return { kind: "unusable", why };
}
