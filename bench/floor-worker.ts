/**
 * What nothing can be cheaper than, in the same engine and process as the Worker under test: the same requests without
 * any work on the answers, with and without as many KV operations, and JSON.parse + JSON.stringify or SHA-1 of the same bytes.
 *
 * `PUT /` with a `Load` says what; the cron's name says which.
 */
export interface Load {
  readonly requests: readonly { readonly method: string; readonly url: string; readonly body: string | null }[];
  /** What is parsed and hashed. */
  readonly texts: readonly string[];
  /** What stands in KV, how often that is read, and what is written there. */
  readonly kvStored: string;
  readonly kvReads: number;
  readonly kvValues: readonly string[];
}

export type Floor = "nothing" | "requests" | "requests and KV" | "parse" | "sha1";

interface Env {
  readonly STATE: { get(key: string): Promise<string | null>; put(key: string, value: string): Promise<void> };
}

function createFloorWorker() {
  let load: Load = { requests: [], texts: [], kvStored: "", kvReads: 0, kvValues: [] };
  let bytes: readonly Uint8Array<ArrayBuffer>[] = [];

  const request = async () => {
    for (const { method, url, body } of load.requests) await (await fetch(url, { method, body })).arrayBuffer();
  };
  const floors: Record<Floor, (env: Env) => Promise<unknown>> = {
    nothing: async () => {},
    requests: request,
    async "requests and KV"(env) {
      for (let read = 0; read < load.kvReads; read++) await env.STATE.get("state");
      await request();
      for (const [key, value] of load.kvValues.entries()) await env.STATE.put(String(key), value);
    },
    async parse() {
      return load.texts.map(parseAndPrint);
    },
    sha1: () => Promise.all(bytes.map((text) => crypto.subtle.digest("SHA-1", text))),
  };
  return {
    async fetch(incoming: Request, env: Env): Promise<Response> {
      load = JSON.parse(await incoming.text());
      await env.STATE.put("state", load.kvStored);
      bytes = load.texts.map((text) => new TextEncoder().encode(text));
      return new Response(null, { status: 204 });
    },
    async scheduled({ cron }: { readonly cron: Floor }, env: Env): Promise<void> {
      await floors[cron](env);
    },
  };
}

/** `models.csv` is no JSON, and costs nothing here. */
function parseAndPrint(text: string): number {
  return text.startsWith("{") ? JSON.stringify(JSON.parse(text)).length : 0;
}

export default createFloorWorker();
