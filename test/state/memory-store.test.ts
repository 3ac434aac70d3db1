import { expect, it } from "vitest";
import { createMemoryStore } from "../../src/state/memory-store.ts";
import { createFakeClock } from "../fakes/clock.ts";

it("forgets a value when its time is over", async () => {
  const clock = createFakeClock();
  const store = createMemoryStore(clock.now);
  await store.put("a", "1", { expirationTtl: 60 });
  await store.put("b", "2");
  clock.advance(59_999);
  expect(await store.get("a")).toBe("1");
  clock.advance(1);
  expect(await store.get("a")).toBeNull();
  expect(await store.list({ prefix: "", limit: 10 })).toEqual({
    keys: [{ name: "b", metadata: undefined }],
    list_complete: true,
  });
});

it("lists keys of a prefix page by page, in ascending order, with their metadata", async () => {
  const store = createMemoryStore();
  for (const name of ["run:3", "state", "run:1", "run:2"]) await store.put(name, "", { metadata: { name } });
  const first = await store.list({ prefix: "run:", limit: 2 });
  expect(first).toMatchObject({ keys: [{ name: "run:1", metadata: { name: "run:1" } }, { name: "run:2" }] });
  expect(first.list_complete).toBe(false);
  const second = await store.list({ prefix: "run:", limit: 2, cursor: first.cursor ?? "" });
  expect(second).toMatchObject({ keys: [{ name: "run:3" }], list_complete: true });
});

it("ends a list whose last page is full", async () => {
  const store = createMemoryStore();
  for (const name of ["a", "b"]) await store.put(name, "");
  expect(await store.list({ prefix: "", limit: 2 })).toMatchObject({ list_complete: true });
});
