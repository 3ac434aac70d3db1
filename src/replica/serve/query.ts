/**
 * Query parameters as the real server reads them, and its words for those it refuses.
 *
 * @see https://fastapi.tiangolo.com/tutorial/query-params/
 */
import type { Context } from "hono";
import { parseBoolean, parseInteger } from "../convert/json/lax-values.ts";

/** One entry of the list in a 422's `detail`. */
export interface QueryProblem {
  readonly type: string;
  readonly loc: readonly [place: "query", name: string];
  readonly msg: string;
  readonly input: string;
  readonly ctx?: Readonly<Record<string, number>>;
}

export interface Query {
  /** The last of several; `null` when it is not given. */
  text(name: string): string | null;
  /** All of several; `null` when none is given. */
  texts(name: string): readonly string[] | null;
  /** Also `1`, `yes`, `off` … */
  flag(name: string): boolean | null;
  integer(name: string, bounds: { readonly least: number; readonly most?: number; readonly otherwise: number }): number;
  /** What was wrong with those that were read so far; they read as not given. */
  readonly problems: readonly QueryProblem[];
}

const LONGEST_INPUT = 200;

export function readQuery(c: Context): Query {
  const problems: QueryProblem[] = [];
  const text = (name: string) => c.req.queries(name)?.at(-1) ?? null;
  const refuse = (name: string, input: string, problem: Pick<QueryProblem, "type" | "msg" | "ctx">) => {
    const { type, msg, ctx } = problem;
    const shown = input.slice(0, LONGEST_INPUT);
    problems.push({ type, loc: ["query", name], msg, input: shown, ...(ctx === undefined ? {} : { ctx }) });
  };
  return {
    problems,
    text,
    texts: (name) => c.req.queries(name) ?? null,
    flag(name) {
      const given = text(name);
      const value = given === null ? null : parseBoolean(nodeOf(given));
      if (given !== null && value === null) refuse(name, given, NO_BOOLEAN);
      return value;
    },
    integer(name, { least, most, otherwise }) {
      const given = text(name);
      if (given === null) return otherwise;
      const digits = parseInteger(nodeOf(given));
      const value = digits === null ? Number.NaN : Number(digits);
      if (Number.isNaN(value)) refuse(name, given, NO_INTEGER);
      else if (value < least)
        refuse(name, given, { ...TOO_SMALL, msg: `${TOO_SMALL.msg} ${least}`, ctx: { ge: least } });
      else if (most !== undefined && value > most)
        refuse(name, given, { ...TOO_LARGE, msg: `${TOO_LARGE.msg} ${most}`, ctx: { le: most } });
      else return value;
      return otherwise;
    },
  };
}

const NO_BOOLEAN = { type: "bool_parsing", msg: "Input should be a valid boolean, unable to interpret input" };
const NO_INTEGER = {
  type: "int_parsing",
  msg: "Input should be a valid integer, unable to parse string as an integer",
};
const TOO_SMALL = { type: "greater_than_equal", msg: "Input should be greater than or equal to" };
const TOO_LARGE = { type: "less_than_equal", msg: "Input should be less than or equal to" };

function nodeOf(content: string) {
  return { kind: "string" as const, start: 0, end: 0, content };
}
