/**
 * Git's name for a file's bytes, which tells equality without a download.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

/**
 * The SHA-1 that Git and GitHub give a blob: over `blob <length>\0` and the bytes, as 40 hexadecimal digits.
 *
 * Hashes in place: a copy of a large file would be a good part of a Worker's memory.
 *
 * @example blobSha(new TextEncoder().encode("hello\n")) // "ce013625030ba8dba906f756967f9e9ca394464a"
 * @see https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
 */
export function blobSha(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

/** The same for a text's UTF-8 bytes. */
export function blobShaOfText(text: string): string {
  return createHash("sha1")
    .update(`blob ${utf8Length(text)}\0`)
    .update(text)
    .digest("hex");
}

/** The SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** How many bytes a text has in UTF-8. Lone surrogates count as the replacement character they become. */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}
