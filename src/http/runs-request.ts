/**
 * The query of `GET /runs`. Pure.
 */
import * as z from "zod/mini";
import { SyncError } from "../core/errors.ts";

const MAX_RUNS = 100;
const DEFAULT_RUNS = 50;

export const RunsQuerySchema = z.object({
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(MAX_RUNS)), DEFAULT_RUNS),
  cursor: z.optional(z.string().check(z.regex(/^[\w.:~+/=-]{1,1024}$/))),
});

export interface RunsQuery {
  readonly limit: number;
  readonly cursor: string | null;
}

/** @throws SyncError `bad-request` with a sentence that says what is valid */
export function parseRunsQuery(query: URLSearchParams): RunsQuery {
  const fields = { limit: query.get("limit") ?? undefined, cursor: query.get("cursor") ?? undefined };
  const limit = RunsQuerySchema.shape.limit.safeParse(fields.limit);
  if (!limit.success) throw new SyncError("bad-request", `limit must be a whole number from 1 to ${MAX_RUNS}.`);
  const cursor = RunsQuerySchema.shape.cursor.safeParse(fields.cursor);
  if (!cursor.success) throw new SyncError("bad-request", "cursor is not one that /runs gave out.");
  return { limit: limit.data, cursor: cursor.data ?? null };
}

/** Path and query of the page behind `cursor`. */
export function nextRunsPath(limit: number, cursor: string | null): string | null {
  return cursor === null ? null : `/runs?${new URLSearchParams({ limit: String(limit), cursor })}`;
}
