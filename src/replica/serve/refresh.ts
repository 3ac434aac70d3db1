/**
 * `?refresh=true`: past the cache, for those who have the trigger token.
 */
import type { Context } from "hono";
import * as z from "zod/mini";
import { BOOLEAN_WORDS } from "../../config/setting-schemas.ts";
import { type CountFailure, requireToken } from "../../http/token.ts";
import { answerDetail } from "./detail.ts";

const Flag = z.stringbool(BOOLEAN_WORDS);
const Refusal = z.object({ error: z.object({ message: z.string() }) });

export interface RefreshOptions {
  readonly triggerToken: string | null;
  readonly countFailure: CountFailure;
}

/** @returns whether a refresh is asked for and allowed, or the answer that refuses it */
export async function readRefresh(
  c: Context,
  { triggerToken, countFailure }: RefreshOptions,
): Promise<boolean | Response> {
  const text = c.req.query("refresh");
  if (text === undefined) return false;
  const flag = Flag.safeParse(text);
  if (!flag.success) {
    const words = [...BOOLEAN_WORDS.truthy, ...BOOLEAN_WORDS.falsy].join(", ");
    return answerDetail(422, `refresh must be one of ${words}.`);
  }
  if (!flag.data) return false;
  const settings = { kind: "configured" as const, config: { triggerToken } };
  let isAllowed = false;
  const refused = await requireToken({ settings, countFailure, allowsBasic: false })(c, async () => {
    isAllowed = true;
  });
  if (isAllowed) return true;
  return refused instanceof Response ? toDetail(refused) : answerDetail(401, "Send the trigger token.");
}

/** The same refusal in the real server's shape. */
async function toDetail(refused: Response): Promise<Response> {
  const { error } = Refusal.parse(await refused.json());
  const kept = ["www-authenticate", "retry-after"].flatMap((name) => {
    const value = refused.headers.get(name);
    return value === null ? [] : [[name, value]];
  });
  return answerDetail(refused.status, error.message, Object.fromEntries(kept));
}
