import { describe, expect, it } from "vitest";
import { hasEscapedName } from "../../src/files/json/native-members.ts";
import { pairNatively } from "../../src/files/json/native-pairs.ts";
import { canonicalNumber } from "../../src/files/json/numbers.ts";
import { createJsonCodec, STABLE_DIFFUSION } from "../../src/files/json-codec.ts";
import { convertModels } from "../../src/files/text/script/table.ts";
import { createTextCodec } from "../../src/files/text-codec.ts";
import { HEADER } from "../fakes/model-table.ts";
import { DEFAULTS, PARAMS } from "./text/arbitraries.ts";

/** Four times the input may take four times as long; a square would take sixteen times. */
const GROWTH = 4;
const MOST = 9;

const json = createJsonCodec("records.json");
const strict = createJsonCodec("stable_diffusion.json", STABLE_DIFFUSION);
const text = createTextCodec();

const count = (size: number) => Array.from({ length: size }, (_, index) => index);
const records = (size: number, of: (index: number) => string) => `{${count(size).map(of).join(",")}}`;
const long = (index: number) => `"config":{"path":"model number ${index}","sha":"${"f".repeat(30)}${index}"}`;

function applyJson(file: string, primary: string, codec = json): number {
  const path = codec.writes[0] ?? "";
  const files = new Map([[path, file]]);
  const result = codec.apply({ primary, files });
  codec.diff({ before: files, after: new Map([...files, ...result.files]) });
  return result.changes.length;
}

function applyText(rows: readonly string[], wanted: readonly string[]): number {
  const convert = (lines: readonly string[]) => {
    const csv = `${[HEADER, ...lines].join("\r\n")}\r\n`;
    return { csv, db: convertModels({ csv, defaults: DEFAULTS, generationParams: PARAMS }).dbJson };
  };
  const { csv, db } = convert(rows);
  const files = new Map([
    ["models.csv", csv],
    ["db.json", db],
    ["defaults.json", DEFAULTS],
    ["generation_params.json", PARAMS],
  ]);
  const result = text.apply({ primary: convert(wanted).db, files });
  text.diff({ before: files, after: new Map([...files, ...result.files]) });
  return result.files.size;
}

/** Records as the image repository's check wants them. */
function print(size: number, indent: number, dash: string): string {
  const one = (index: number) => ({
    name: `r${index}`,
    baseline: "b",
    type: "ckpt",
    inpainting: false,
    description: `model ${index} ${dash}`,
    ...{ version: "1", nsfw: false, download_all: false, config: { files: [{ path: `${index}.ckpt` }] } },
  });
  return JSON.stringify(Object.fromEntries(count(size).map((index) => [`r${index}`, one(index)])), null, indent);
}

interface Case {
  readonly what: string;
  readonly size: number;
  readonly run: (size: number) => number | string;
}

const record = (index: number, value: string) => `"r${index}":{"v":${value},"list":[1,{"x":"${index}"}]}`;
/** So long that looking back along its line costs more than all else. */
const longRecord = (index: number, value: string) =>
  `"r${index}":{"v":${value},"pad":"${"x".repeat(2000)}","list":[1,{"x":"${index}"}]}`;

const CASES: readonly Case[] = [
  {
    what: "changed records on one line",
    size: 400,
    run: (size) =>
      applyJson(
        records(size, (i) => longRecord(i, "1")),
        records(size, (i) => longRecord(i, "2")),
      ),
  },
  {
    what: "changed records on lines of their own",
    size: 1000,
    run: (size) =>
      applyJson(
        records(size, (i) => record(i, "1")).replaceAll(
          /,"r|\{"r/g,
          (found) => `${found.slice(0, 1)}\n  ${found.slice(1)}`,
        ),
        records(size, (i) => record(i, "2")),
      ),
  },
  {
    what: "new records behind a large one",
    size: 1000,
    run: (size) =>
      applyJson(
        records(1, () => `"r":{"list":[${count(size).join(",")}]}`),
        `{"r":{"list":[${count(size).join(",")}]},${records(size, (i) => record(i, "2")).slice(1)}`,
      ),
  },
  {
    what: "records that stand twice, and ones that move",
    size: 1000,
    run: (size) => {
      const twice = records(size, (i) => record(i % (size - 3), "1"));
      const moved = count(size - 3)
        .reverse()
        .map((i) => record(i, "1"));
      return applyJson(
        twice,
        `{"new":{},${count(size)
          .map((i) => `"n${i}":{}`)
          .join(",")},${moved.join(",")}}`,
      );
    },
  },
  {
    what: "renamed records",
    size: 500,
    run: (size) =>
      applyJson(
        records(size, (i) => `"old${i}":{"name":"old${i}",${long(i)}}`),
        records(size, (i) => `"new${i}":{"name":"new${i}",${long(i)}}`),
      ),
  },
  {
    what: "records that come and go, much alike",
    size: 500,
    run: (size) =>
      applyJson(
        records(size, (i) => `"old${i}":{"config":"all the same for every one of them","odd":"${i}"}`),
        records(size, (i) => `"new${i}":{"config":"all the same for every one of them","odd":"-${i}"}`),
      ),
  },
  {
    what: "records put in the schema's order",
    size: 500,
    run: (size) =>
      applyJson(
        records(size, (i) => `"r${i}":{"version":"1","style":null,"name":"r${i}","odd":[${i}]}`),
        records(size, (i) => `"r${i}":{"odd":[${i}],"version":"2","style":null,"name":"r${i}"}`),
        strict,
      ),
  },
  { what: "digits of an exponent", size: 50_000, run: (size) => canonicalNumber(`1e${"7".repeat(size)}`) },
  { what: "digits of a carried exponent", size: 50_000, run: (size) => canonicalNumber(`10e${"9".repeat(size)}`) },
  {
    what: "digits of a number",
    size: 50_000,
    run: (size) => canonicalNumber(`0.${"0".repeat(size)}1${"0".repeat(size)}`),
  },
  {
    what: "records of a file that its check takes, one of them changed",
    size: 400,
    run: (size) => {
      const file = `${print(size, 4, "—").replaceAll("—", "\\u2014")}\n`;
      const primary = print(size, 2, "—").replace("model 7 —", "model 7 is another");
      if (pairNatively(file, primary, STABLE_DIFFUSION) === null) throw new Error("The short way is not taken.");
      return applyJson(file, primary, strict);
    },
  },
  {
    what: "escapes in one string, where names with one are looked for",
    size: 100_000,
    run: (size) => `${hasEscapedName(`{"a":"${'\\"'.repeat(size)}"}`)}`,
  },
  {
    what: "strings with an escape, where names with one are looked for",
    size: 50_000,
    run: (size) => `${hasEscapedName(records(size, (index) => `"r${index}":"\\n"`))}`,
  },
  {
    what: "rows that PRIMARY says as they are, all but one",
    size: 300,
    run: (size) => {
      const rows = count(size).map((i) => `author${i}/m${i},7,,https://example.org/${i},,"one, two",chat,"a, b",,`);
      return applyText(rows, [...rows.slice(1), "author0/m0,7,,https://example.org/0,,another,chat,,,"]);
    },
  },
  {
    what: "rows whose owner moves",
    size: 400,
    run: (size) => {
      const rows = count(size).flatMap((i) => [`a/m${i},1,,u${i}`, `b/m${i},2,,v${i}`]);
      return applyText(rows, [...rows].reverse());
    },
  },
  {
    what: "rows of one short name",
    size: 300,
    run: (size) => {
      const rows = count(size).map((i) => `author${i}/m,${i},,u${i}`);
      return applyText(rows, [...rows.slice(1), ...rows.slice(0, 1)]);
    },
  },
  {
    what: "new and renamed rows",
    size: 300,
    run: (size) =>
      applyText(
        count(size).map((i) => `old/m${i},1,,https://example.org/models/${i}/a`),
        count(2 * size).map((i) => `new/m${i},1,,https://example.org/models/${i}/a`),
      ),
  },
];

/** This thread's CPU time in microseconds, so that what else the machine does counts for nothing. */
function cost(run: () => unknown): number {
  const start = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(start);
  return user + system;
}

describe("the cost grows as the input does", () => {
  // A square misses the mark every time; a collection at a bad moment does not.
  it.each(CASES)("$what", { retry: 2 }, ({ size, run }) => {
    run(size);
    const least = (times: number, of: number) => Math.min(...count(times).map(() => cost(() => run(of))));
    const small = Math.max(1000, least(4, size));
    expect(least(2, GROWTH * size) / small).toBeLessThan(MOST);
  });
});
