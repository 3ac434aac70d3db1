/**
 * Errors as the real server words them, `{"detail": …}`: its clients read nothing else.
 */
import { PRIMARY_CATEGORIES, type PrimaryCategory } from "../../categories.ts";
import { describeError, type SyncError } from "../../core/errors.ts";

export function answerDetail(
  status: number,
  detail: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json({ detail }, { status, headers: { "cache-control": "no-store", ...headers } });
}

/** 422 of v1, which is a sentence. */
export function answerUnknownLegacyCategory(name: string): Response {
  const shown = name.slice(0, 80);
  const valid = `Valid: ${PRIMARY_CATEGORIES.join(", ")}.`;
  const sentence = `Invalid model category: '${shown}'. '${shown}' is not a valid MODEL_REFERENCE_CATEGORY. ${valid}`;
  return answerDetail(422, sentence);
}

/**
 * 422 of v2, which is the list that FastAPI makes.
 *
 * @see https://fastapi.tiangolo.com/tutorial/path-params/#predefined-values
 */
export function answerUnknownCategory(name: string): Response {
  const quoted = PRIMARY_CATEGORIES.map((known) => `'${known}'`);
  const expected = `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
  const loc = ["path", "model_category_name"];
  const input = name.slice(0, 200);
  return answerDetail(422, [{ type: "enum", loc, msg: `Input should be ${expected}`, input, ctx: { expected } }]);
}

/** 422 of a search, which is a sentence again. */
export function answerUnknownSearchCategory(name: string): Response {
  const valid = PRIMARY_CATEGORIES.map((known) => `'${known}'`).join(", ");
  return answerDetail(422, `Unknown category '${name.slice(0, 80)}'. Valid: [${valid}]`);
}

export function answerUnknownModel(name: string, category: PrimaryCategory): Response {
  return answerDetail(404, `Model '${name.slice(0, 200)}' not found in category '${category}'`);
}

/** 503 where it is not known what to serve. */
export function answerUnusable(): Response {
  return answerDetail(503, "The replica's settings cannot be used; GET /status lists what is wrong.");
}

/** 503 while there is nothing to serve: GitHub does not help, and nothing good was read before. */
export function answerUnavailable(error: SyncError, now: number, ttlSeconds: number): Response {
  const { message } = describeError(error);
  const seconds = error.retryAt === null ? ttlSeconds : Math.ceil((error.retryAt - now) / 1000);
  return answerDetail(503, `The legacy files cannot be read now. ${message}`, {
    "retry-after": String(Math.max(1, seconds)),
  });
}
