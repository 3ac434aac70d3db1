/**
 * Git's name for a file's bytes, which tells equality without a download (DESIGN.md section 5).
 */

/**
 * The SHA-1 that Git and GitHub give a blob: over `blob <length>\0` and the bytes, as 40 hexadecimal digits.
 *
 * @example await blobSha(new TextEncoder().encode("hello\n")) // "ce013625030ba8dba906f756967f9e9ca394464a"
 * @see https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */
export async function blobSha(bytes: Uint8Array): Promise<string> {
  const header = new TextEncoder().encode(`blob ${bytes.byteLength}\0`);
  const object = new Uint8Array(header.byteLength + bytes.byteLength);
  object.set(header);
  object.set(bytes, header.byteLength);
  return toHex(await crypto.subtle.digest("SHA-1", object));
}

/** The SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export async function sha256(text: string): Promise<string> {
  return toHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function toHex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
