/**
 * What the real server answers to who reads: facts recorded from its public source
 * (https://github.com/Haidra-Org/horde-model-reference, commit 243ba25), as it runs with `canonical_format=legacy`.
 * Where the replica answers otherwise, `ours` says how and why.
 */

export const CATEGORIES = [
  "blip",
  "clip",
  "codeformer",
  "controlnet",
  "controlnet_annotator",
  "esrgan",
  "gfpgan",
  "safety_checker",
  "image_generation",
  "text_generation",
  "video_generation",
  "audio_generation",
  "miscellaneous",
  "lora",
  "ti",
];
/** Their v2 file is made empty, and they have none in v1. */
export const WITHOUT_LEGACY = ["controlnet_annotator", "video_generation", "audio_generation"];
/** v1 answers `{}` for them, and v2 does not list them. */
export const MANAGED_ELSEWHERE = ["lora", "ti"];
export const REPLICATE_MODES = ["PRIMARY", "REPLICA"];
export const CANONICAL_FORMATS = ["legacy", "v2"];

/** Keys of objects in the order in which they are written. */
export const KEYS = {
  BackendInfo: ["replicate_mode", "canonical_format", "writable"],
  ContainsMessage: ["message"],
  LastUpdatedResponse: ["last_updated"],
  SearchResponse: ["results", "total", "offset", "limit", "has_more"],
  DownloadRecord: [
    "file_name",
    "file_url",
    "sha256sum",
    "content_hash",
    "file_purpose",
    "known_slow_download",
    "size_bytes",
  ],
  GenericModelRecordConfig: ["download", "embedded_component_hashes"],
  GenericModelRecord: [
    "record_type",
    "name",
    "description",
    "version",
    "finetune_series",
    "metadata",
    "config",
    "model_classification",
    "size_on_disk_bytes",
  ],
  ImageGenerationModelRecord: [
    "inpainting",
    "baseline",
    "optimization",
    "tags",
    "showcases",
    "min_bridge_version",
    "trigger",
    "homepage",
    "nsfw",
    "style",
    "requirements",
  ],
  TextGenerationModelRecord: [
    "baseline",
    "parameters",
    "nsfw",
    "style",
    "display_name",
    "url",
    "tags",
    "instruct_format",
    "settings",
    "text_model_group",
    "name_schema_exception",
  ],
  ControlNetModelRecord: ["controlnet_style"],
  ClipModelRecord: ["pretrained_name"],
} as const;

/** What is asked in its place, below `/api`; every path works without that too. */
export interface Fact {
  readonly ask: string;
  /** The route as the server declares it. */
  readonly route: string;
  readonly status: number;
  /** The body where it is the same whatever the data, or its top-level keys. */
  readonly body?: unknown;
  readonly keys?: readonly string[];
  /** Where the replica differs. */
  readonly ours?: { readonly status: number; readonly body?: unknown; readonly why: string };
}

const V1 = "/model_references/v1";
const V2 = "/model_references/v2";
const NO_METADATA = { detail: "Metadata tracking is not supported in REPLICA mode" };
const REPLICA = "as the real server answers in REPLICA mode";
const COMPUTED = "made of stores that PRIMARY alone has, or of the live Horde; no client of ours asks for it";
const nothing = (why = COMPUTED) => ({ status: 404, body: { detail: "Not Found" }, why });

/** A world where PRIMARY's timestamp is known to be 1795219334, and clip and text_generation have records. */
export const READS: readonly Fact[] = [
  {
    ask: "/",
    route: "/",
    status: 200,
    keys: KEYS.ContainsMessage,
    ours: { status: 200, why: "below /api only: / is the status page, and its words are ours" },
  },
  {
    ask: "/heartbeat",
    route: "/heartbeat",
    status: 200,
    keys: ["status", "ai_horde"],
    ours: { status: 200, body: { status: "ok" }, why: "the replica does not talk with the live Horde" },
  },
  {
    ask: "/replicate_mode",
    route: "/replicate_mode",
    status: 200,
    keys: KEYS.BackendInfo,
    body: { replicate_mode: "REPLICA", canonical_format: "legacy", writable: false },
  },
  { ask: `${V1}/info`, route: "/v1/info", status: 200, keys: KEYS.ContainsMessage },
  { ask: `${V2}/info`, route: "/v2/info", status: 200, keys: KEYS.ContainsMessage },
  { ask: `${V1}/model_categories`, route: "/v1/model_categories", status: 200, body: CATEGORIES },
  {
    ask: `${V2}/model_categories`,
    route: "/v2/model_categories",
    status: 200,
    body: CATEGORIES.filter((name) => !MANAGED_ELSEWHERE.includes(name)),
  },
  { ask: `${V1}/text_generation`, route: "/v1/text_generation", status: 200 },
  { ask: `${V1}/clip`, route: "/v1/{model_category_name}", status: 200 },
  { ask: `${V1}/clip.json`, route: "/v1/{model_category_name}", status: 200 },
  { ask: `${V1}/db.json`, route: "/v1/{model_category_name}", status: 200 },
  ...WITHOUT_LEGACY.map((name) => ({
    ask: `${V1}/${name}`,
    route: "/v1/{model_category_name}",
    status: 404,
    body: { detail: `Model category '${name}' not found or is empty` },
  })),
  ...MANAGED_ELSEWHERE.map((name) => ({
    ask: `${V1}/${name}`,
    route: "/v1/{model_category_name}",
    status: 200,
    body: {},
  })),
  {
    ask: `${V1}/esrgan`,
    route: "/v1/{model_category_name}",
    status: 404,
    body: { detail: "Model category 'esrgan' not found or is empty" },
  },
  { ask: `${V1}/nothing`, route: "/v1/{model_category_name}", status: 422, keys: ["detail"] },
  { ask: `${V2}/clip`, route: "/v2/{model_category_name}", status: 200 },
  ...[...WITHOUT_LEGACY, ...MANAGED_ELSEWHERE].map((name) => ({
    ask: `${V2}/${name}`,
    route: "/v2/{model_category_name}",
    status: 200,
    body: {},
  })),
  {
    ask: `${V2}/esrgan`,
    route: "/v2/{model_category_name}",
    status: 200,
    body: {},
    ours: {
      status: 404,
      body: { detail: "Model category 'esrgan' not found" },
      why: "an empty file on GitHub is more likely a mishap than the end of a category",
    },
  },
  { ask: `${V2}/nothing`, route: "/v2/{model_category_name}", status: 422, keys: ["detail"] },
  { ask: `${V2}/clip/model/ViT-L-14`, route: "/v2/{model_category_name}/model/{model_name}", status: 200 },
  {
    ask: `${V2}/clip/model/org%2Fmodel`,
    route: "/v2/{model_category_name}/model/{model_name}",
    status: 404,
    body: { detail: "Not Found" },
    ours: { status: 200, why: "the real server's router takes no slash in a name; most text models have one" },
  },
  {
    ask: `${V2}/clip/model/none`,
    route: "/v2/{model_category_name}/model/{model_name}",
    status: 404,
    body: { detail: "Model 'none' not found in category 'clip'" },
  },
  {
    ask: `${V2}/lora/model/none`,
    route: "/v2/{model_category_name}/model/{model_name}",
    status: 404,
    body: { detail: "Model 'none' not found in category 'lora'" },
  },
  { ask: `${V2}/search`, route: "/v2/search", status: 200, keys: KEYS.SearchResponse },
  { ask: `${V2}/clip/search`, route: "/v2/{model_category_name}/search", status: 200, keys: KEYS.SearchResponse },
  { ask: `${V2}/clip/search?limit=0`, route: "/v2/{model_category_name}/search", status: 422, keys: ["detail"] },
  {
    ask: `${V2}/nothing/search`,
    route: "/v2/{model_category_name}/search",
    status: 422,
    body: {
      detail: `Unknown category 'nothing'. Valid: [${CATEGORIES.map((name) => `'${name}'`).join(", ")}]`,
    },
  },
  { ask: `${V2}/clip/popular`, route: "/v2/{model_category_name}/popular", status: 200, body: [] },
  {
    ask: `${V2}/text_generation/popular`,
    route: "/v2/{model_category_name}/popular",
    status: 200,
    ours: { status: 503, why: "how much a model is used is the live Horde's to know" },
  },
  {
    ask: `${V2}/clip/pending`,
    route: "/v2/{model_category_name}/pending",
    status: 401,
    ours: { status: 503, why: "only PRIMARY has a queue; with a key the real server answers 503 without one" },
  },
  {
    ask: `${V1}/metadata/last_updated`,
    route: "/v1/metadata/last_updated",
    status: 200,
    keys: KEYS.LastUpdatedResponse,
    body: { last_updated: 1795219334 },
  },
  ...["metadata", "clip", "clip/last_updated"].map((name) => ({
    ask: `${V1}/metadata/${name}`,
    route: `/v1/metadata/${name.replace("clip", "{model_category_name}")}`,
    status: 200,
    ours: { status: 503, body: NO_METADATA, why: REPLICA },
  })),
  {
    ask: `${V2}/metadata/last_updated`,
    route: "/v2/metadata/last_updated",
    status: 503,
    body: NO_METADATA,
  },
  ...["metadata", "clip", "clip/last_updated"].map((name) => ({
    ask: `${V2}/metadata/${name}`,
    route: `/v2/metadata/${name.replace("clip", "{model_category_name}")}`,
    status: 200,
    ours: { status: 503, body: NO_METADATA, why: REPLICA },
  })),
  { ask: `${V1}/metadata/nothing`, route: "/v1/metadata/{model_category_name}", status: 422, keys: ["detail"] },
  ...[
    "/v2/text_generation/parse_name",
    "/v2/text_generation/group",
    "/v2/text_generation/distinct_baselines",
    "/v2/text_generation/groups",
    "/v2/text_generation/groups/summary",
    "/v2/text_generation/groups/health",
    "/v2/text_generation/group/name_schema",
    "/v2/text_generation/aliases",
    "/v2/text_generation/aliases/{canonical}",
    "/v2/text_generation/families",
    "/v2/text_generation/families/detect",
    "/v2/text_generation/families/{family_name}",
    "/v2/me/roles",
    "/statistics/{model_category_name}",
    "/statistics/{model_category_name}/with-stats",
    "/statistics/{model_category_name}/deletion-risk",
  ].map((route) => ({
    ask: `/model_references${route.replace(/\{\w+\}/g, "clip")}`,
    route,
    status: 200,
    ours: nothing(),
  })),
  { ask: `${V2}/clip/none/at/all`, route: "", status: 404, body: { detail: "Not Found" } },
  { ask: "/model_references/v3/clip", route: "", status: 404, body: { detail: "Not Found" } },
  {
    ask: "/nothing",
    route: "",
    status: 404,
    body: { detail: "Not Found" },
    ours: { status: 404, body: { detail: "Not Found" }, why: "below /api only: the rest is the sync's own" },
  },
];

/** Every write is one that only PRIMARY takes, with an API key. */
export const WRITES: readonly { readonly method: string; readonly ask: string }[] = [
  { method: "POST", ask: `${V1}/image_generation` },
  { method: "PUT", ask: `${V1}/text_generation` },
  { method: "DELETE", ask: `${V1}/clip/model/x` },
  { method: "POST", ask: `${V2}/clip` },
  { method: "POST", ask: `${V2}/clip/add` },
  { method: "PUT", ask: `${V2}/clip/model/x` },
  { method: "DELETE", ask: `${V2}/clip/model/x` },
  { method: "POST", ask: `${V2}/pending_queue/process` },
  { method: "PUT", ask: `${V2}/text_generation/aliases/x` },
];

/**
 * What the Python package asks of a PRIMARY (its HTTP backend and its pending provider), and how it takes an answer:
 * 200 is data; 404 and every other status is nothing, for which it asks GitHub and then asks again on the next pass.
 */
export const CLIENT_CALLS = {
  v2: CATEGORIES.map((name) => `/api${V2}/${name}`),
  v1: CATEGORIES.map((name) => `/api${V1}/${name}`),
  mode: "/api/replicate_mode",
};
