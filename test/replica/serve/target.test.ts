import { describe, expect, it } from "vitest";
import { PRIMARY_CATEGORIES } from "../../../src/categories.ts";
import {
  findCategory,
  findLegacyCategory,
  hasLegacyFile,
  isManagedElsewhere,
  type ReplicaTarget,
  readTarget,
} from "../../../src/replica/serve/target.ts";

const v1 = (name: string): ReplicaTarget => ({ kind: "category", version: "v1", name });
const v2 = (name: string): ReplicaTarget => ({ kind: "category", version: "v2", name });
const model = (category: string, name: string): ReplicaTarget => ({ kind: "model", category, name });
const NOTHING: ReplicaTarget = { kind: "nothing" };

const PATHS: readonly (readonly [path: string, target: ReplicaTarget | null])[] = [
  ["/model_references/v1/clip", v1("clip")],
  ["/model_references/v1/clip/", v1("clip")],
  ["/model_references/v1/clip//", NOTHING],
  ["/model_references/v2/clip", v2("clip")],
  ["/v2/clip", v2("clip")],
  ["/model_references/v3/clip", NOTHING],
  ["/model_references/v1/Clip", v1("Clip")],
  ["/model_references/v1/cl%69p", v1("clip")],
  ["/model_references/v1/%zz", v1("%zz")],
  ["/model_references/v1/%00", v1("\u0000")],
  ["/model_references/v1/clip%2Fmodel%2Fx", v1("clip/model/x")],
  ["/model_references/v1/model_categories", { kind: "categories", version: "v1" }],
  ["/model_references/v2/model_categories/", { kind: "categories", version: "v2" }],
  ["/model_references/v1/info", { kind: "info", version: "v1" }],
  ["/model_references/v2/info", { kind: "info", version: "v2" }],
  ["/model_references/v1/metadata/last_updated", { kind: "last-updated", version: "v1" }],
  ["/model_references/v1/metadata/metadata", { kind: "metadata", category: null }],
  ["/model_references/v2/metadata/clip", { kind: "metadata", category: "clip" }],
  ["/model_references/v2/metadata/clip/last_updated/", { kind: "metadata", category: "clip" }],
  ["/model_references/v2/search", { kind: "search", category: null }],
  ["/model_references/v1/search", v1("search")],
  ["/v2/clip/search/", { kind: "search", category: "clip" }],
  ["/v2/clip/popular", { kind: "popular", category: "clip" }],
  ["/v2/cl%69p/pending", { kind: "pending", category: "clip" }],
  ["/v2/clip/model/search", model("clip", "search")],
  ["/v1/clip/search", NOTHING],
  ["/api", { kind: "landing" }],
  ["/api/", { kind: "landing" }],
  ["/api/status", NOTHING],
  ["/api/docs/x", NOTHING],
  ["/apis", null],
  ["/model_references/v1/metadata", v1("metadata")],
  ["/model_references/v2/clip/model/ViT-L/14", model("clip", "ViT-L/14")],
  ["/model_references/v2/clip/model/ViT-L%2F14", model("clip", "ViT-L/14")],
  ["/model_references/v2/clip/model/ViT-L%2F14/", model("clip", "ViT-L/14")],
  ["/v2/clip/model/a/model/b", model("clip", "a/model/b")],
  ["/v2/clip/model/a+b%20c%2Bd", model("clip", "a+b c+d")],
  ["/v2/clip/model/50%25%20%C3%BC", model("clip", "50% ü")],
  ["/v2/clip/model/50%", model("clip", "50%")],
  ["/v2/clip/model/", NOTHING],
  ["/v1/clip/model/x", NOTHING],
  ["/model_references/v1/clip/add", NOTHING],
  ["/model_references/v2/clip/create_model", NOTHING],
  ["/model_references", NOTHING],
  ["/model_references/", NOTHING],
  ["/model_references/v1", NOTHING],
  ["/model_references/v1/", NOTHING],
  ["/model_references//v1/clip", NOTHING],
  ["/heartbeat", { kind: "heartbeat" }],
  ["/heartbeat/", { kind: "heartbeat" }],
  ["/replicate_mode", { kind: "replicate-mode" }],
  ["/heartbeat/x", null],
  ["/model_references_v1/clip", null],
  ["/x/model_references/v1/clip", null],
  ["/v1", null],
  ["/v10/clip", null],
  ["/", null],
  ["/status", null],
  ["/sync", null],
];

describe("readTarget", () => {
  it.each(PATHS)("%s", (path, target) => {
    expect(readTarget(path)).toEqual(target);
  });

  it.each(PATHS.filter(([path]) => path !== "/"))(
    "means the same below /api, where all is the replica's: %s",
    (path, target) => {
      const isBelowAlready = path.startsWith("/api");
      expect(readTarget(`/api${path}`)).toEqual(isBelowAlready ? NOTHING : (target ?? NOTHING));
    },
  );

  it("is quick with 100,000 characters", () => {
    const long = "a/".repeat(50_000);
    expect(readTarget(`/model_references/v2/${long}`)).toEqual(NOTHING);
    expect(readTarget(`/model_references/v2/clip/model/${long}x`)).toEqual(model("clip", `${long}x`));
    expect(readTarget(`/${"/".repeat(100_000)}`)).toBeNull();
  });
});

describe("a category's name", () => {
  it.each([
    ["stable_diffusion", "image_generation"],
    ["stable_diffusion.json", "image_generation"],
    ["image_generation.json", "image_generation"],
    ["db.json", "text_generation"],
    ["text_generation.json", "text_generation"],
    ["lora.json", "lora"],
    ["db", null],
    ["models.csv", null],
    ["clip.json.json", null],
    ["cl.jsonip", null],
    [".json", null],
    ["", null],
    ["CLIP", null],
    ["clip ", null],
    ["__proto__", null],
    ["constructor", null],
  ] as const)("%j in v1 is %j", (name, category) => {
    expect(findLegacyCategory(name)).toBe(category);
  });

  it.each(PRIMARY_CATEGORIES)("%s is its own in both versions, with .json in v1 alone", (name) => {
    expect(findLegacyCategory(name)).toBe(name);
    expect(findLegacyCategory(`${name}.json`)).toBe(name);
    expect(findCategory(name)).toBe(name);
    expect(findCategory(`${name}.json`)).toBeNull();
  });

  it("has a legacy file, or is managed elsewhere, or is empty for ever", () => {
    const without = PRIMARY_CATEGORIES.filter((name) => !hasLegacyFile(name));
    expect(without).toEqual(["controlnet_annotator", "video_generation", "audio_generation", "lora", "ti"]);
    expect(without.filter(isManagedElsewhere)).toEqual(["lora", "ti"]);
  });
});
