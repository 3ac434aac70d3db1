import { describe, expect, it } from "vitest";
import { convertRecord } from "./convert-file.ts";

const SUM = "a1".repeat(32);
const convertConfig = (config: string, category: "blip" | "image_generation" = "blip") => {
  const { record, reasons } = convertRecord(category, `{"name": "m", "baseline": "flux_1", "config": ${config}}`);
  return { config: /"config":(.*),"(?:model_classification|baseline)":/.exec(record ?? "")?.[1] ?? null, reasons };
};

/** A config, what becomes of it, and what is told. */
const CASES: readonly (readonly [why: string, legacy: string, config: string, ...reasons: string[]])[] = [
  ["null is an empty one", "null", '{"download":[]}'],
  ["lists may be absent", "{}", '{"download":[]}'],
  ["or anything that Python calls false", '{"files": false, "download": 0}', '{"download":[]}'],
  ["such as an empty object or string", '{"files": {}, "download": ""}', '{"download":[]}'],
  ["other members are ignored", '{"showcases": ["x"]}', '{"download":[]}'],
  [
    "a file gets the URL of the download of its name",
    `{"files": [{"path": "a.ckpt", "sha256sum": "${SUM}", "md5sum": "x"}],
      "download": [{"file_name": "a.ckpt", "file_path": "", "file_url": "https://h/a"}]}`,
    `{"download":[{"file_name":"a.ckpt","file_url":"https://h/a","sha256sum":"${SUM}","known_slow_download":false}]}`,
  ],
  [
    "yaml files are left out, however they are spelled",
    '{"files": [{"path": "v1.yaml"}, {"path": "V2.YAML", "sha256sum": "x"}, {"path": "b.yaml.old"}]}',
    '{"download":[]}',
  ],
  [
    "its type is its purpose, and its content hash stays",
    `{"files": [{"path": "a", "sha256sum": "${SUM}", "file_type": "vae", "content_hash": "c"}], "download": [{"file_name": "a", "file_url": "u"}]}`,
    `{"download":[{"file_name":"a","file_url":"u","sha256sum":"${SUM}","content_hash":"c","file_purpose":"vae","known_slow_download":false}]}`,
  ],
  [
    "a path that mentions civitai is a slow download; a URL that does is not",
    `{"files": [{"path": "CivitAI-a", "sha256sum": "${SUM}"}, {"path": "b", "sha256sum": "${SUM}"}],
      "download": [{"file_name": "CivitAI-a", "file_url": "u"}, {"file_name": "b", "file_url": "https://civitai.com/b"}]}`,
    `{"download":[{"file_name":"CivitAI-a","file_url":"u","sha256sum":"${SUM}","known_slow_download":true},` +
      `{"file_name":"b","file_url":"https://civitai.com/b","sha256sum":"${SUM}","known_slow_download":false}]}`,
  ],
  [
    "a file without a checksum or a URL says so",
    '{"files": [{"path": "a", "sha256sum": null}]}',
    '{"download":[{"file_name":"a","file_url":"","sha256sum":"FIXME","known_slow_download":false}]}',
    'config.files[0] has no sha256sum; config.download has no file_url for "a"',
  ],
  [
    "a json file needs no checksum",
    '{"files": [{"path": "config.json"}], "download": [{"file_name": "config.json", "file_url": "u"}]}',
    '{"download":[{"file_name":"config.json","file_url":"u","sha256sum":"FIXME","known_slow_download":false}]}',
  ],
  [
    "a checksum is hexadecimal",
    '{"files": [{"path": "a", "sha256sum": "abc"}], "download": [{"file_name": "a", "file_url": "u"}]}',
    '{"download":[{"file_name":"a","file_url":"u","sha256sum":"abc","known_slow_download":false}]}',
    "config.files[0] has a sha256sum that is not 64 hexadecimal digits",
  ],
  [
    "a file with an empty path counts for nothing",
    '{"files": [{"path": ""}]}',
    '{"download":[]}',
    "config.files[0] has no path",
  ],
  [
    "of two files with one path the later counts, at the place of the first",
    `{"files": [{"path": "a.json"}, {"path": "b.json"}, {"path": "a.json", "sha256sum": "${SUM}"}],
      "download": [{"file_name": "b.json", "file_url": "u"}, {"file_name": "a.json", "file_url": "1"}, {"file_name": "a.json", "file_url": "2"}]}`,
    `{"download":[{"file_name":"a.json","file_url":"2","sha256sum":"${SUM}","known_slow_download":false},` +
      '{"file_name":"b.json","file_url":"u","sha256sum":"FIXME","known_slow_download":false}]}',
  ],
  [
    "hashes of embedded components are kept in their order",
    '{"embedded_component_hashes": {"vae": "h1", "2": "h2", "1": "h3"}}',
    '{"download":[],"embedded_component_hashes":{"vae":"h1","2":"h2","1":"h3"}}',
  ],
];

const BAD: readonly (readonly [why: string, config: string, reason: string])[] = [
  ["it is a list", "[]", "config is a list but must be an object"],
  ["files are a string", '{"files": "a"}', 'config.files is "a" but must be a list of objects'],
  ["downloads are an object", '{"download": {"a": 1}}', "config.download is an object but must be a list of objects"],
  ["a file is a string", '{"files": [{"path": "a.json"}, "b"]}', 'config.files[1] is "b" but must be an object'],
  ["a file has no path", '{"files": [{}]}', "config.files[0].path is missing but must be a string"],
  [
    "a checksum is a number",
    '{"files": [{"path": "a", "sha256sum": 5}]}',
    "config.files[0].sha256sum is 5 but must be a string",
  ],
  [
    "a type is a list",
    '{"files": [{"path": "a.json", "file_type": []}]}',
    "config.files[0].file_type is a list but must be a string",
  ],
  [
    "another checksum is a number",
    '{"files": [{"path": "a.json", "md5sum": 5}]}',
    "config.files[0].md5sum is 5 but must be a string",
  ],
  [
    "a download names no file",
    '{"files": [{"path": "a.json"}], "download": [{"file_name": "b", "file_url": "u"}]}',
    'config.download[0] names no file of config.files: "b" is not "a.json"',
  ],
  [
    "a download has no name",
    '{"files": [{"path": "a.json"}, {"path": "b.json"}], "download": [{"file_url": "u"}]}',
    'config.download[0] names no file of config.files: "" is not one of "a.json", "b.json"',
  ],
  [
    "a download names a yaml file",
    '{"files": [{"path": "v1.yaml"}], "download": [{"file_name": "v1.yaml", "file_url": "u"}]}',
    'config.download[0] names no file of config.files: "v1.yaml" is not there, which has no file but yaml files',
  ],
  [
    "a URL is a number",
    '{"files": [{"path": "a.json"}], "download": [{"file_name": "a.json", "file_url": 1}]}',
    "config.download[0].file_url is 1 but must be a string",
  ],
  [
    "a file_path is a number",
    '{"files": [{"path": "a.json"}], "download": [{"file_name": "a.json", "file_url": "u", "file_path": 3}]}',
    "config.download[0].file_path is 3 but must be a string",
  ],
  [
    "a hash is null",
    '{"embedded_component_hashes": {"vae": null}}',
    "config.embedded_component_hashes.vae is null but must be a string",
  ],
  [
    "the hashes are a list",
    '{"embedded_component_hashes": []}',
    "config.embedded_component_hashes is a list but must be an object",
  ],
];

describe("the config of a record", () => {
  it.each(CASES)("%s", (_, legacy, config, ...reasons) => {
    expect(convertConfig(legacy)).toEqual({ config, reasons });
  });

  it.each(BAD)("makes the record invalid when %s", (_, config, reason) => {
    expect(convertConfig(config)).toEqual({ config: null, reasons: [reason] });
  });

  it("lists the files a download could name, but not all of many", () => {
    const files = Array.from({ length: 8 }, (_, index) => `{"path": "${index}.json"}`).join(",");
    const { reasons } = convertConfig(`{"files": [${files}], "download": [{"file_name": "9", "file_url": "u"}]}`);
    expect(reasons.join()).toMatch(/"9" is not one of "0.json", .*"4.json" and 3 more$/);
  });

  it("of image_generation leaves out what equals its default", () => {
    const files = '"files": [{"path": "a"}], "download": [{"file_name": "a", "file_url": "u"}]';
    const image = (config: string) => convertConfig(config, "image_generation").config;
    expect(image(`{${files}}`)).toBe('{"download":[{"file_name":"a","file_url":"u","known_slow_download":false}]}');
    expect(image('{"embedded_component_hashes": {"vae": "h"}}')).toBe('{"embedded_component_hashes":{"vae":"h"}}');
    expect(convertRecord("image_generation", '{"name": "m", "baseline": "flux_1", "config": {}}').record).toBe(
      '{"name":"m","baseline":"flux_1","tags":[],"showcases":[],"trigger":[],"nsfw":false}',
    );
  });
});
