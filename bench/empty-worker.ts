/** What a cron costs that only makes one fetch and reads the answer, with or without one KV read. */
interface Env {
  readonly URL: string;
  readonly STATE?: { get(key: string): Promise<string | null> };
}

export default {
  async scheduled(_: unknown, env: Env): Promise<void> {
    await env.STATE?.get("state");
    await (await fetch(env.URL)).text();
  },
};
