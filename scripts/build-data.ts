/**
 * What the code holds that is made of something else, and would cost an isolate more to make than to hold; the tests say
 * when it is to be made anew: `npm run data`.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildOpenApi } from "../src/http/openapi.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Of plugin-rest-endpoint-methods: method and path, and what else stands there. */
type Endpoint = readonly [route: string, ...more: unknown[]];
type Endpoints = Readonly<Record<string, Readonly<Record<string, Endpoint>>>>;

/** By path from the repository's root: how each file must be. */
export async function buildData(): Promise<Readonly<Record<string, string>>> {
  return {
    "src/github/endpoints.json": print(await usedEndpoints()),
    // One line, and not 2,600: nobody reads it here, and the page of the route is as long.
    "src/http/openapi.json": `${JSON.stringify(buildOpenApi(""))}\n`,
  };
}

/** The package's own table of 900 calls, as far as `src/github` makes them; in its order. */
async function usedEndpoints(): Promise<Endpoints> {
  const table = `${ROOT}node_modules/@octokit/plugin-rest-endpoint-methods/dist-src/generated/endpoints.js`;
  const { default: all }: { default: Endpoints } = await import(table);
  const used = new Set(sources("src/github").flatMap((text) => text.match(/\.rest\.\w+\.\w+/g) ?? []));
  const scopes = Object.entries(all).map(([scope, methods]) => {
    const kept = Object.entries(methods).filter(([method]) => used.delete(`.rest.${scope}.${method}`));
    return [scope, Object.fromEntries(kept)] as const;
  });
  if (used.size > 0) throw new Error(`The package has no ${[...used].join(", ")}.`);
  return Object.fromEntries(scopes.filter(([, methods]) => Object.keys(methods).length > 0));
}

function sources(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(`${ROOT}${folder}/${name}`, "utf8"));
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await buildData())) writeFileSync(`${ROOT}${path}`, text);
}
