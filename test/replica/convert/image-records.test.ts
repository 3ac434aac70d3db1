import { describe, expect, it } from "vitest";
import { convertRecord, recordText } from "./convert-file.ts";

const convertImage = (fields: Record<string, string>) =>
  convertRecord("image_generation", recordText({ name: '"m"', baseline: '"flux_1"', ...fields }));

/** A field as it stands in v1 and, if it is there at all, in v2. */
const FIELDS: readonly (readonly [field: string, legacy: string, converted: string | null])[] = [
  ["baseline", '"stable diffusion 1"', '"stable_diffusion_1"'],
  ["baseline", '"stable diffusion 2"', '"stable_diffusion_2_768"'],
  ["baseline", '"stable diffusion 2 512"', '"stable_diffusion_2_512"'],
  ["baseline", '"stable_diffusion_xl"', '"stable_diffusion_xl"'],
  ["baseline", '"qwen_image"', '"qwen_image"'],
  ["baseline", '"SDXL"', '"SDXL"'],
  ["inpainting", "true", "true"],
  ["inpainting", "false", null],
  ["inpainting", '"on"', "true"],
  ["nsfw", "true", "true"],
  ["nsfw", "null", "false"],
  ["nsfw", '"n"', "false"],
  ["style", '" anime "', '"anime"'],
  ["style", "null", null],
  ["description", '""', '""'],
  ["version", '"1.0"', '"1.0"'],
  ["optimization", '"lightning"', '"lightning"'],
  ["homepage", '"https://h/ü"', '"https://h/ü"'],
  ["homepage", '"\\ud800"', '"\\ud800"'],
  ["tags", '[" a", "b ", ""]', '["a","b",""]'],
  ["trigger", '[" kept "]', '[" kept "]'],
  ["trigger", "null", "[]"],
  ["showcases", '["https://h/1.webp"]', '["https://h/1.webp"]'],
  ["size_on_disk_bytes", "5214865159", "5214865159"],
  ["size_on_disk_bytes", "12345678901234567890123", "12345678901234567890123"],
  ["size_on_disk_bytes", "3.0", "3"],
  ["size_on_disk_bytes", "1e3", "1000"],
  ["size_on_disk_bytes", '" 7 "', "7"],
  ["size_on_disk_bytes", "-0.0", "0"],
  ["size_on_disk_bytes", "null", null],
  ["min_bridge_version", "true", "1"],
  ["requirements", "{}", "{}"],
  ["requirements", "null", null],
  ["requirements", '{"clip_skip": 2, "cfg": 3.0, "b": "x", "a": true}', '{"clip_skip":2,"cfg":3.0,"b":"x","a":true}'],
  ["requirements", '{"a": 0.10, "b": 1e-5, "c": 1E3, "d": -0}', '{"a":0.1,"b":1e-05,"c":1000.0,"d":0}'],
  ["requirements", '{"a": 12345678901234567890123}', '{"a":12345678901234567890123}'],
  ["requirements", '{"__proto__": 1, "2": 2, "1": 1}', '{"__proto__":1,"2":2,"1":1}'],
  ["requirements", '{"a": [], "b": ["x", "é"], "c": [1, 2]}', '{"a":[],"b":["x","é"],"c":[1,2]}'],
  ["requirements", '{"a": [1, 2.5, true]}', '{"a":[1.0,2.5,1.0]}'],
  ["type", '"ckpt"', null],
  ["download_all", "true", null],
  ["features_not_supported", '["hires_fix"]', null],
  ["available", "false", null],
];

const BAD: readonly (readonly [field: string, value: string, reason: string | RegExp])[] = [
  ["type", '"safetensors"', 'type is "safetensors" but must be "ckpt"'],
  ["type", "null", 'type is null but must be "ckpt"'],
  ["baseline", '"sd3"', /^baseline is "sd3" but must be one of "stable diffusion 1", .*"z_image_turbo"$/],
  ["baseline", "5", /^baseline is 5 but must be one of /],
  ["inpainting", "null", "inpainting is null but must be true or false"],
  ["style", '"cubist"', /^style is "cubist" but must be one of "generalist", "anime", /],
  ["style", '""', /^style is "" but must be one of /],
  ["tags", '"anime"', 'tags is "anime" but must be a list of strings'],
  ["tags", "[null]", "tags is a list but must be a list of strings"],
  ["trigger", "{}", "trigger is an object but must be a list of strings"],
  ["showcases", '["https://h", "https://huggingface.co/x"]', "showcases[1] is on huggingface and must be elsewhere"],
  ["homepage", "[]", "homepage is a list but must be a string"],
  ["size_on_disk_bytes", "2.5", "size_on_disk_bytes is 2.5 but must be an integer"],
  ["size_on_disk_bytes", '"big"', 'size_on_disk_bytes is "big" but must be an integer'],
  ["size_on_disk_bytes", "5e19", "size_on_disk_bytes is 5e19 but must be an integer"],
  ["size_on_disk_bytes", "1e300", "size_on_disk_bytes is 1e300 but must be an integer"],
  ["size_on_disk_bytes", "{}", "size_on_disk_bytes is an object but must be an integer"],
  ["requirements", "[1]", "requirements is a list but must be an object"],
  ["requirements", '{"a": null}', /^requirements.a is null but must be true, false, a number, a string, or a list/],
  ["requirements", '{"a": {}}', /^requirements.a is an object but must be /],
  ["requirements", '{"a": [[1]]}', /^requirements.a is a list but must be /],
  ["requirements", '{"a": ["x", 1]}', /^requirements.a is a list but must be /],
  ["requirements", '{"a": 1e400}', /^requirements.a is 1e400 but must be /],
  ["requirements", '{"a": [1e400]}', /^requirements.a is a list but must be /],
];

describe("a record of image_generation", () => {
  it("is only what is set and differs from its default", () => {
    expect(convertImage({})).toEqual({
      record: '{"name":"m","baseline":"flux_1","tags":[],"showcases":[],"trigger":[],"nsfw":false}',
      reasons: [],
    });
  });

  it("has its fields in the order of v2, whatever that of v1 was", () => {
    const fields: [string, string][] = [
      ["requirements", "{}"],
      ["style", '"other"'],
      ["nsfw", "true"],
      ["homepage", '"h"'],
      ["trigger", "[]"],
      ["min_bridge_version", "1"],
      ["showcases", "[]"],
      ["tags", "[]"],
      ["optimization", '"o"'],
      ["inpainting", "true"],
      ["size_on_disk_bytes", "1"],
      ["config", '{"files": [{"path": "a.json"}]}'],
      ["version", '"v"'],
      ["description", '"d"'],
    ];
    const { record } = convertImage(Object.fromEntries(fields));
    const order = ["name", ...fields.map(([key]) => key).reverse()].toSpliced(6, 0, "baseline");
    expect(Object.keys(JSON.parse(record ?? ""))).toEqual(order);
  });

  it.each(FIELDS)("%s: %s becomes %s", (field, legacy, converted) => {
    const { record, reasons } = convertImage({ [field]: legacy });
    expect(reasons).toEqual([]);
    if (converted === null) expect(record).not.toContain(`"${field}"`);
    else expect(record).toContain(`"${field}":${converted}`);
  });

  it.each(BAD)("is left out with its reason: %s is %s", (field, value, reason) => {
    const { record, reasons } = convertImage({ [field]: value });
    expect(record).toBeNull();
    expect(reasons).toEqual([typeof reason === "string" ? reason : expect.stringMatching(reason)]);
  });

  it("needs a baseline", () => {
    const { record, reasons } = convertRecord("image_generation", '{"name": "m"}');
    expect(record).toBeNull();
    expect(reasons.join()).toMatch(/^baseline is missing but must be one of /);
  });
});
