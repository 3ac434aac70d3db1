import { generateKeyPairSync } from "node:crypto";

/** A private key in its form alone, for where none is used. */
export const PEM = "-----BEGIN RSA PRIVATE KEY-----\nMAMCAQA=\n-----END RSA PRIVATE KEY-----\n";

export interface AppKeys {
  /** PKCS#1, as GitHub hands it out. */
  readonly privateKey: string;
  /** SPKI. */
  readonly publicKey: string;
}

/** The keys of a GitHub App as PEM. It takes some 100 ms. */
export function createKeys(): AppKeys {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
}
