import { expect, it } from "vitest";
import { createRequestBudget } from "../../src/sync/request-budget.ts";

/** Two repositories of a run that may make 45 requests, each of which has its first try of at most 15 before it. */
function setUp() {
  const made = { image: 0, text: 0 };
  const budget = createRequestBudget(() => made.image + made.text, 45);
  return { made, budget, image: budget.share(() => made.image, 15), text: budget.share(() => made.text, 15) };
}

it("has room for another try where both are done with the first", () => {
  const { made, image } = setUp();
  Object.assign(made, { image: 15, text: 15 });
  expect([image.setAside(16), image.setAside(15)]).toEqual([false, true]);
});

it("leaves the other what its first try has yet to ask for", () => {
  const { made, image } = setUp();
  Object.assign(made, { image: 15, text: 5 });
  expect([image.setAside(16), image.setAside(15)]).toEqual([false, true]);
});

it("gives what is set aside for one to no other, until it was made", () => {
  const { made, image, text } = setUp();
  Object.assign(made, { image: 12, text: 15 });
  expect([image.setAside(12), text.setAside(10)]).toEqual([true, false]);
  made.image = 18;
  expect(text.setAside(7)).toBe(false);
  made.image = 24;
  expect([text.setAside(7), text.setAside(6)]).toEqual([false, true]);
});

it("is freed by one that has ended", () => {
  const { made, image, text } = setUp();
  Object.assign(made, { image: 15, text: 5 });
  text.end();
  expect([image.setAside(26), image.setAside(25)]).toEqual([false, true]);
});

it("takes nothing back from one that makes more than was set aside", () => {
  const { made, image } = setUp();
  Object.assign(made, { image: 15, text: 40 });
  expect(image.setAside(1)).toBe(false);
});

it("has room for a request that nobody counted on, where enough are left for all", () => {
  const { made, budget, image, text } = setUp();
  expect(budget.hasRoom()).toBe(true);
  Object.assign(made, { image: 15, text: 29 });
  expect(budget.hasRoom()).toBe(true);
  made.text = 30;
  expect(budget.hasRoom()).toBe(false);
  Object.assign(made, { image: 5, text: 30 });
  expect(budget.hasRoom()).toBe(false);
  image.end();
  text.end();
  expect(budget.hasRoom()).toBe(true);
});
