/**
 * What every world stands on: the sandbox's two repositories and its PRIMARY, equal in meaning, a token that may write,
 * and the settings that lead there. How the service runs on it (in this process, in workerd, as a command) is the
 * world's own.
 */
import { generateReference } from "../../sandbox/generate/reference.ts";
import type { GitHubServer } from "../../sandbox/github/server.ts";
import type { PrimaryServer } from "../../sandbox/primary/server.ts";

export const TOKEN = "ghp_sandboxtoken0000000000000000000000";
export const TRIGGER_TOKEN = "a-trigger-token-for-tests";
export const BRANCH = "sync/model-references";
/** Of an image model. */
export const RECORD = { type: "test", nsfw: false };

/** Smaller than real, so that a test is fast; the shapes and oddities are all there. */
export const SMALL = { imageModels: 12, textModels: 12 };
export const REFERENCE = generateReference(SMALL);
/** Three are enough for both repositories and both codecs, and keep a run short. */
export const FEW = "image_generation,esrgan,text_generation";

export interface Servers {
  readonly primary: PrimaryServer;
  readonly github: GitHubServer;
}

/** Both as `owner/name`. */
export interface Place {
  readonly image: string;
  readonly text: string;
}

export interface Reference {
  readonly image: Readonly<Record<string, string | Uint8Array>>;
  readonly text: Readonly<Record<string, string | Uint8Array>>;
  readonly primary: Readonly<Record<string, string>>;
}

export function placeOf(owner: string): Place {
  return { image: `${owner}/image`, text: `${owner}/text` };
}

/** Both repositories begin anew, PRIMARY says what they mean, and nobody has asked for anything. */
export function seed({ github, primary }: Servers, { image, text }: Place, reference: Reference = REFERENCE): void {
  for (const [repository, files] of [
    [image, reference.image],
    [text, reference.text],
  ] as const) {
    const [owner = "", name = ""] = repository.split("/");
    github.createRepository({ owner, name, files });
  }
  for (const [category, body] of Object.entries(reference.primary)) primary.setCategory(category, body);
  primary.faults.clear();
  github.faults.clear();
  github.credentials.addToken({ token: TOKEN, permissions: { contents: "write", pull_requests: "write" } });
  github.clearRequests();
  primary.clearLog();
}

/** @param more names without their prefix, over those that lead there; an App's have none */
export function settingsTo(
  { github, primary }: { readonly primary: { readonly url: string }; readonly github: { readonly url: string } },
  { image, text }: Place,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = {
    PRIMARY_API_URL: primary.url,
    GITHUB_API_URL: github.url,
    GITHUB_IMAGE_REPO: image,
    GITHUB_TEXT_REPO: text,
    GITHUB_TOKEN: TOKEN,
    ...more,
  };
  const nameOf = (name: string) => (name.startsWith("GITHUB_APP_") ? name : `HORDE_GITHUB_SYNC_${name}`);
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [nameOf(name), value]));
}
