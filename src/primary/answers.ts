/**
 * The forms of PRIMARY's answers beside its stamp and its categories.
 */
import * as z from "zod/mini";

export const Metadata = z.record(z.string(), z.looseObject({ last_updated: z.nullish(z.number()) }));
export const Detail = z.object({ detail: z.string() });
