import { expect, it } from "vitest";
import { ownPathOf } from "../../src/http/own-path.ts";

it.each([
  ["https://sync.test/", "/"],
  ["https://sync.test/runs?limit=1", "/runs?limit=1"],
  ["https://sync.test//evil.test/collect", "/evil.test/collect"],
  ["https://sync.test////evil.test", "/evil.test"],
  ["https://sync.test/\\evil.test/", "/evil.test/"],
  ["https://sync.test/a//b?to=//c", "/a//b?to=//c"],
])("%s leads to %s, and never to another host", (url, path) => {
  expect(ownPathOf(url)).toBe(path);
  expect(new URL(path, "https://sync.test/x").host).toBe("sync.test");
});
