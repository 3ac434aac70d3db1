import { expect, it } from "vitest";
import { capSentences, listNames } from "../../src/files/sentences.ts";

const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

it("ten names are all told, and of more the first ten and how many there are besides", () => {
  const ten = many(10)
    .map((name) => `"${name}"`)
    .join(", ");
  expect([listNames(many(10)), listNames(many(13))]).toEqual([ten, `${ten} and 3 more`]);
});

it("twenty sentences are all told, and of more the first twenty and how many there are besides", () => {
  expect(capSentences(many(20), "x.json")).toEqual(many(20));
  expect(capSentences(many(23), "x.json")).toEqual([...many(20), "… and 3 more of this kind in x.json."]);
});
