import { describe, expect, it } from "vitest";
import { type Block, fitBlocks, plain, record } from "../../src/sync/body/blocks.ts";

const END = "; the changed files show everything.";
/** Twenty characters with the line feed behind them. */
const line = (mark: string) => mark.padEnd(19, ".");
const records = (count: number, ...details: readonly string[]): Block[] =>
  Array.from({ length: count }, (_, index) => record(line(`r${index}`), ...details));

describe("what is kept", () => {
  it("is everything, where there is just room for it", () => {
    const blocks = [plain(line("head")), ...records(2, line("detail"))];
    expect(fitBlocks(blocks, 100)).toEqual(blocks.flatMap(({ lines }) => lines));
  });

  it("is of the last records the first line, where there is no room for their details", () => {
    const blocks = [plain(line("head")), ...records(2, line("detail"))];
    expect(fitBlocks(blocks, 99)).toEqual(["head", "r0", "detail", "r1"].map(line));
    expect(fitBlocks(blocks, 79)).toEqual(["head", "r0", "r1"].map(line));
    expect(fitBlocks(blocks, 60)).toEqual(["head", "r0", "r1"].map(line));
  });

  it("is fewer records, where there is no room for the first lines", () => {
    const blocks = [plain(line("head")), ...records(3, line("detail"))];
    expect(fitBlocks(blocks, 79)).toEqual([...["head", "r0", "r1"].map(line), "", `… and 1 more record${END}`]);
    expect(fitBlocks(blocks, 59)).toEqual([...["head", "r0"].map(line), "", `… and 2 more records${END}`]);
  });

  it("is what stands before the records, as long as it fits by itself", () => {
    const blocks = [plain(line("head")), plain(line("warning")), ...records(1)];
    expect(fitBlocks(blocks, 40)).toEqual([...["head", "warning"].map(line), "", `… and 1 more record${END}`]);
    expect(fitBlocks([plain(line("head")), plain(line("warning"))], 39)).toEqual([
      line("head"),
      "",
      `… there is more to say${END}`,
    ]);
  });

  it("has its fold closed where it is cut within one", () => {
    const folded = [plain("<details><summary>2</summary>"), ...records(2), plain("</details>")];
    const cut = [`… and 1 more record${END}`];
    expect(fitBlocks(folded, 59)).toEqual(["<details><summary>2</summary>", line("r0"), "", "</details>", "", ...cut]);
    expect(fitBlocks([...folded, ...records(1)], 90)).toEqual([...folded.flatMap(({ lines }) => lines), "", ...cut]);
  });
});
