/**
 * What nothing can be cheaper than, when it is the first that a workerd does: the requests and KV operations of a run, one
 * after another, and `JSON.parse` and `JSON.stringify` of what the run has to compare.
 *
 * Everything is in its environment, so that it begins without an event: `LOAD`, and the texts that it names.
 */
export interface ColdLoad {
  readonly requests: readonly { readonly method: string; readonly url: string; readonly body: string | null }[];
  readonly kvReads: readonly string[];
  /** Names of the texts to write, to parse and to print again. */
  readonly written: readonly string[];
  readonly compared: readonly string[];
}

interface Kv {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
}

interface Env {
  readonly STATE: Kv;
  readonly LOAD: string;
  readonly [text: string]: unknown;
}

export default {
  async scheduled({ cron }: { readonly cron: string }, env: Env): Promise<void> {
    if (cron === "nothing") return;
    const load: ColdLoad = JSON.parse(env.LOAD);
    for (const key of load.kvReads) await env.STATE.get(key);
    for (const { method, url, body } of load.requests) {
      const answer = await fetch(url, { method, body: body === null ? null : String(env[body]) });
      await answer.arrayBuffer();
    }
    for (const name of load.compared) JSON.stringify(JSON.parse(String(env[name])));
    for (const [key, name] of load.written.entries()) await env.STATE.put(String(key), String(env[name]));
  },
};
