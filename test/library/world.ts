/**
 * The sandbox as the library's tests use it.
 */
import { generateReference } from "../../sandbox/generate/reference.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";

export const IMAGE = "library/image";
export const TEXT = "library/text";
const TOKEN = "ghp_sandboxtoken0000000000000000000000";
export const RECORD = { type: "test", nsfw: false };

const REFERENCE = generateReference({ imageModels: 12, textModels: 12 });

/** Both repositories and PRIMARY begin anew, equal in meaning. */
export function seed({ github, primary }: Sandbox): void {
  github.createRepository({ owner: "library", name: "image", files: REFERENCE.image });
  github.createRepository({ owner: "library", name: "text", files: REFERENCE.text });
  for (const [category, body] of Object.entries(REFERENCE.primary)) primary.setCategory(category, body);
  github.credentials.addToken({ token: TOKEN, permissions: { contents: "write", pull_requests: "write" } });
  github.clearRequests();
}

/** Settings that lead to the sandbox. */
export function settingsFor(sandbox: Sandbox, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    HORDE_GITHUB_SYNC_PRIMARY_API_URL: sandbox.primary.url,
    HORDE_GITHUB_SYNC_GITHUB_API_URL: sandbox.github.url,
    HORDE_GITHUB_SYNC_GITHUB_IMAGE_REPO: IMAGE,
    HORDE_GITHUB_SYNC_GITHUB_TEXT_REPO: TEXT,
    HORDE_GITHUB_SYNC_GITHUB_TOKEN: TOKEN,
    ...more,
  };
}

export function isWriteRequest({ method }: { readonly method: string }): boolean {
  return method !== "GET";
}
