import { describe, expect, it } from "vitest";
import { SyncError } from "../../../src/core/errors.ts";
import { READS } from "../contract/real-server.ts";
import { BEARER, createReplicaApp, V1, V2 } from "./replica-app.ts";

const PATHS = READS.map(({ ask }) => `/api${ask}`).filter((path) => path !== "/api/heartbeat");

describe("a replica that is not public", () => {
  it.each(PATHS)("%s takes the token", async (path) => {
    const { ask, read, replica } = createReplicaApp({ isPublic: false });
    const refused = await ask(path);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, expect.stringMatching(/^Bearer /)]);
    expect(await read(path, { headers: { authorization: "Bearer wrong" } })).toMatchObject({ status: 401 });
    expect(replica.reads).toEqual([]);
    const open = await createReplicaApp().ask(path);
    const allowed = await ask(path, { headers: BEARER });
    expect([allowed.status, await allowed.text()]).toEqual([open.status, await open.text()]);
  });

  it("lets no cache on the way keep an answer", async () => {
    const { ask } = createReplicaApp({ isPublic: false });
    for (const path of [`${V1}/clip`, `${V2}/clip`, `${V2}/lora`]) {
      const { headers } = await ask(path, { headers: BEARER });
      expect(headers.get("cache-control"), path).toBe("private, no-cache");
      const known = await ask(path, { headers: { ...BEARER, "if-none-match": headers.get("etag") ?? "" } });
      expect([known.status, known.headers.get("cache-control")]).toEqual([304, "private, no-cache"]);
    }
  });

  it("tells everybody that the Worker runs, and which methods there are", async () => {
    const { ask, read } = createReplicaApp({ isPublic: false });
    expect(await read("/heartbeat")).toEqual({ status: 200, body: { status: "ok" } });
    expect((await ask(`${V1}/clip`, { method: "OPTIONS" })).status).toBe(204);
    expect((await ask(`${V1}/clip`, { method: "POST" })).status).toBe(405);
  });

  it("is closed where there is no token, and after too many wrong ones", async () => {
    const closed = createReplicaApp({ isPublic: false, triggerToken: null });
    expect((await closed.read(`${V1}/clip`, { headers: BEARER })).status).toBe(503);
    const limited = createReplicaApp({ isPublic: false, countFailure: async () => false });
    expect((await limited.read(`${V1}/clip`, { headers: { authorization: "Bearer wrong" } })).status).toBe(429);
    expect([closed.replica.reads, limited.replica.reads]).toEqual([[], []]);
  });
});

describe("PRIMARY's timestamp", () => {
  it.each([
    [1795219334, { status: 200, body: { last_updated: 1795219334 } }],
    [null, { status: 200, body: { last_updated: null } }],
    [undefined, { status: 503, body: { detail: "Metadata tracking is not supported in REPLICA mode" } }],
  ])("%s", async (lastUpdated, answer) => {
    const { read } = createReplicaApp({ state: { lastUpdated } });
    for (const path of [`${V1}/metadata/last_updated`, `/api${V1}/metadata/last_updated/`])
      expect(await read(path)).toEqual(answer);
    expect((await read(`${V2}/metadata/last_updated`)).status).toBe(503);
  });

  it("that cannot be read now is a 503 that says so", async () => {
    const { read } = createReplicaApp({ state: new SyncError("storage-unavailable", "Not now.") });
    const { status, body } = await read(`${V1}/metadata/last_updated`);
    expect([status, body.detail]).toEqual([503, "Not now."]);
  });
});
