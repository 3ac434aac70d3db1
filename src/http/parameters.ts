/**
 * The query parameters of the HTTP interface, from the schemas that read them. Pure.
 */
import * as z from "zod/mini";
import { RunsQuerySchema } from "./runs-request.ts";

interface Parameter {
  readonly name: string;
  readonly in: "query";
  readonly description: string;
  readonly schema: unknown;
}

const flag = { type: "boolean", default: false };

/** In a query, lists are names separated by commas. */
export const SYNC_PARAMETERS: readonly Parameter[] = [
  {
    name: "categories",
    in: "query",
    description: "Names separated by commas; default all",
    schema: { type: "string" },
  },
  { name: "dryRun", in: "query", description: "Plan, and write nothing", schema: flag },
  {
    name: "force",
    in: "query",
    description: "Override removals that are held, rejections and the threshold",
    schema: flag,
  },
  {
    name: "expected",
    in: "query",
    description: "With force and one category: the digest that its preview told. Other changes are not forced (409)",
    schema: { type: "string", pattern: "^[0-9a-f]{64}$" },
  },
];

export function runsParameters(): Parameter[] {
  const { properties = {} } = z.toJSONSchema(RunsQuerySchema, { io: "input" });
  const descriptions: Readonly<Record<string, string>> = { limit: "Runs in a page", cursor: "Of the page before" };
  return Object.entries(properties).map(([name, schema]) => {
    return { name, in: "query", description: descriptions[name] ?? name, schema };
  });
}
