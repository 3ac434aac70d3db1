import { expect, it } from "vitest";
import { blobSha, blobShaOfText, sha256, utf8Length } from "../../src/files/blob.ts";

/** Names as `git hash-object --stdin` prints them. */
it.each([
  ["", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", 0],
  ["hello\n", "ce013625030ba8dba906f756967f9e9ca394464a", 6],
  ["é😀\n", "f62aa8c3de31d2bf893dacf9688a76303947ccc7", 7],
])("names %j as Git does, and counts its bytes", (text, sha, bytes) => {
  expect([blobShaOfText(text), blobSha(new TextEncoder().encode(text)), utf8Length(text)]).toEqual([sha, sha, bytes]);
});

/** As `sha256sum` prints it. */
it("tells texts apart by their bytes in UTF-8", () => {
  expect(sha256("é")).toBe("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c");
});
