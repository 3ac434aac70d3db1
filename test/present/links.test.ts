import { expect, it } from "vitest";
import { createLinks } from "../../src/present/links.ts";

it("leads to where people see it, whatever names there are", () => {
  const links = createLinks("https://github.com");
  expect(links.repository("o/n")).toBe("https://github.com/o/n");
  expect(links.branch("o/n", "release/1.0 #2")).toBe("https://github.com/o/n/tree/release/1.0%20%232");
  expect(links.commit("o/n", "c0ffee")).toBe("https://github.com/o/n/commit/c0ffee");
  expect(links.file("o/n", "main", "a b/c?.json")).toBe("https://github.com/o/n/blob/main/a%20b/c%3F.json");
});

it("leads nowhere while that is not known", () => {
  const links = createLinks(null);
  expect([links.repository("o/n"), links.commit("o/n", "c0ffee")]).toEqual([null, null]);
});
