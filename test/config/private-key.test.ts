import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { readPrivateKey } from "../../src/config/private-key.ts";
import { LEAST_ENV } from "../fakes/settings.ts";

const encoding = (type: "pkcs1" | "pkcs8") => ({
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki" as const, format: "pem" as const },
  privateKeyEncoding: { type, format: "pem" as const },
});
const { privateKey: PKCS1, publicKey: PUBLIC } = generateKeyPairSync("rsa", encoding("pkcs1"));
const { privateKey: PKCS8 } = generateKeyPairSync("rsa", encoding("pkcs8"));
const lines = (pem: string) => pem.trimEnd().split("\n");

const WAYS: readonly (readonly [string, (pem: string) => string])[] = [
  ["as the file is", (pem) => pem],
  ["without its last newline", (pem) => pem.trimEnd()],
  ["with Windows newlines", (pem) => pem.replaceAll("\n", "\r\n")],
  ["with \\n for newlines", (pem) => pem.replaceAll("\n", "\\n")],
  ["with \\r\\n for newlines", (pem) => pem.replaceAll("\n", "\\r\\n")],
  ["with doubled backslashes", (pem) => pem.replaceAll("\n", "\\\\n")],
  ["with a backslash at each line's end", (pem) => pem.replaceAll("\n", "\\\n")],
  ["with spaces for newlines", (pem) => lines(pem).join(" ")],
  ["with nothing for newlines", (pem) => lines(pem).join("")],
  [
    "indented",
    (pem) =>
      lines(pem)
        .map((line) => `    ${line}`)
        .join("\n"),
  ],
  ["in double quotes", (pem) => `"${pem}"`],
  ["in double quotes, escaped", (pem) => JSON.stringify(pem)],
  ["in single quotes", (pem) => `'${pem.trimEnd()}'`],
  ["quoted twice", (pem) => `'"${lines(pem).join("\\n")}"'`],
  [
    "each line in quotes",
    (pem) =>
      lines(pem)
        .map((line) => `"${line}\\n"`)
        .join("\n"),
  ],
  ["as base64 of the file", (pem) => btoa(pem)],
  ["as wrapped base64 of the file", (pem) => btoa(pem).replaceAll(/.{76}/g, "$&\n")],
];

describe.each([
  ["PKCS#1", PKCS1],
  ["PKCS#8", PKCS8],
])("a key as %s is taken", (_kind, pem) => {
  it.each(WAYS)("%s", (_how, write) => {
    const read = readPrivateKey(write(pem));
    expect(read).toEqual({ kind: "key", pem });
    if (read.kind === "key") expect(createPrivateKey(read.pem).asymmetricKeyType).toBe("rsa");
  });
});

describe("refused, with what it seems to be", () => {
  const [first = "", second = "", ...rest] = lines(PKCS1);
  const encrypted = createPrivateKey(PKCS8).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "x",
  });
  const traditional = createPrivateKey(PKCS1).export({
    type: "pkcs1",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "x",
  });
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" });
  it.each<[string, string, RegExp]>([
    ["only its first line, as a file without quotes gives it", first, /^is cut off: its last line.*put it into quotes/],
    ["a missing line", [first, ...rest].join("\n"), /^is cut off: a part of it is missing/],
    ["a missing letter", PKCS1.replace(second, second.slice(1)), /^is cut off: a part of it is missing/],
    ["no first line", [second, ...rest].join("\n"), /^lacks its first line/],
    ["no body", `${first}\n${rest.at(-1)}`, /^is cut off/],
    ["two keys", PKCS1 + PKCS1, /^is not one key/],
    ["ends that do not belong together", PKCS1.replace("END RSA PRIVATE", "END PRIVATE"), /^is not one key/],
    ["a body of two keys", PKCS1.replace(second, `MAMCAQA=${second}`), /^(holds|is cut off)/],
    ["a mask", `${first}\n***\n${rest.at(-1)}`, /^holds characters that no key has/],
    ["no body that is a key", `${first}\naGVsbG8=\n${rest.at(-1)}`, /^is cut off/],
    ["the public key", PUBLIC, /^is public/],
    ["an encrypted key", encrypted.toString(), /^is protected by a passphrase/],
    ["an encrypted key of the old form", traditional.toString(), /^is protected by a passphrase/],
    ["another kind of key", curve.toString(), /^is of another kind/],
    ["a path", "/app/github-app-key.pem", /^is the path of a file.*GITHUB_APP_PRIVATE_KEY_PATH/],
    ["a relative path", "./key", /^is the path of a file/],
    ["a Windows path", "C:\\keys\\app.pem", /^is the path of a file/],
    ["a client secret", "0123456789abcdef".repeat(3).slice(0, 40), /^is the App's client secret/],
    ["a fingerprint", "SHA256:AbCd+/=", /^is the key's fingerprint/],
    ["something else", "hunter2", /^has no line -----BEGIN/],
  ])("%s", (_what, given, expected) => {
    const read = readPrivateKey(given);
    expect(read).toEqual({ kind: "unusable", why: expect.stringMatching(expected) });
    const env = { ...LEAST_ENV, GITHUB_APP_ID: "1", GITHUB_APP_PRIVATE_KEY: given };
    expect(() => parseConfig(env)).toThrow(/^GITHUB_APP_PRIVATE_KEY must be the content/);
    const words = given.split(/\s+/).filter((word) => word.length > 12 && !/^-|PRIVATE/.test(word));
    for (const word of words) if (read.kind === "unusable") expect(read.why).not.toContain(word);
  });
});
