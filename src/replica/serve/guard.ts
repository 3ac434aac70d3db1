/**
 * What takes the trigger token: `?refresh=true`, which goes past the cache, and everything where the replica is not
 * public.
 */
import type { Context } from "hono";
import * as z from "zod/mini";
import { BOOLEAN_WORDS } from "../../config/setting-forms.ts";
import { answerDetail, answerUnusable } from "./detail.ts";
import type { ReplicaRouteOptions } from "./options.ts";

const Flag = z.stringbool(BOOLEAN_WORDS);
const Refusal = z.object({ error: z.object({ message: z.string() }) });

/** @returns whether a refresh is asked for and allowed, or the answer that refuses it */
export async function readRefresh(c: Context, options: ReplicaRouteOptions): Promise<boolean | Response> {
  const text = c.req.query("refresh");
  if (text === undefined) return false;
  const flag = Flag.safeParse(text);
  if (!flag.success) {
    const words = [...BOOLEAN_WORDS.truthy, ...BOOLEAN_WORDS.falsy].join(", ");
    return answerDetail(422, `refresh must be one of ${words}.`);
  }
  if (!flag.data) return false;
  const refusal = await refuseStranger(c, options);
  return refusal ?? true;
}

/** @returns the answer to who has not the trigger token, `null` for who has */
export async function refuseStranger(
  c: Context,
  { replicaConfig, requireToken }: ReplicaRouteOptions,
): Promise<Response | null> {
  if (replicaConfig === null) return answerUnusable();
  let isAllowed = false;
  const refused = await requireToken(c, async () => {
    isAllowed = true;
  });
  if (isAllowed) return null;
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
