import type { HttpAnswer, HttpRequest } from "../http/answer.ts";
import { DEPARTURES } from "./departures.ts";
import type { Facts, Operation, Parameter } from "./facts.ts";
import { createSchemaCheck, type SchemaCheck } from "./schema-check.ts";

/** Checks requests to GitHub and answers by the sandbox against GitHub's own description. Pure. */
export interface ExchangeCheck {
  /** `null`: it is no operation that the facts know. */
  operationOf(request: Pick<HttpRequest, "method" | "rawPath">): Operation | null;
  /** What the description does not allow in a request: path, query and body. */
  checkRequest(request: HttpRequest): string[];
  /** What GitHub would not answer: a status, a field, a type. */
  checkAnswer(request: HttpRequest, answer: HttpAnswer): string[];
}

export function createExchangeCheck(facts: Facts): ExchangeCheck {
  const schemas = createSchemaCheck(facts.schemas);
  const routes = facts.operations.map(toRoute).sort((left, right) => right.literal - left.literal);
  const operationOf: ExchangeCheck["operationOf"] = ({ method, rawPath }) => {
    const path = `${method} ${canonicalPath(rawPath)}`;
    return routes.find(({ pattern }) => pattern.test(path))?.operation ?? null;
  };
  return {
    operationOf,
    checkRequest(request) {
      const operation = operationOf(request);
      if (operation === null) return [`GitHub has no operation ${request.method} ${request.path}, as far as is known`];
      return [...checkQuery(schemas, operation, request), ...checkBody(schemas, operation, request)];
    },
    checkAnswer(request, answer) {
      const operation = operationOf(request);
      if (operation === null) return [];
      const problems = checkAnswer(schemas, operation, request, answer);
      return problems.filter((problem) => !isKnown(operation, answer.status, problem));
    },
  };
}

function isKnown({ name }: Operation, status: number, problem: string): boolean {
  return DEPARTURES.some(
    (known) => known.statuses.includes(status) && known.operation.test(name) && known.problem.test(problem),
  );
}

interface Route {
  readonly operation: Operation;
  readonly pattern: RegExp;
  /** How much of the path is fixed: the most fixed pattern wins. */
  readonly literal: number;
}

function toRoute(operation: Operation): Route {
  const rest = new Set(operation.parameters.filter(({ isRest }) => isRest).map(({ name }) => name));
  const pattern = operation.name.replace(/\{(\w+)\}/g, (_, name: string) => (rest.has(name) ? "(.+)" : "([^/]+)"));
  return { operation, pattern: new RegExp(`^${pattern}$`), literal: operation.name.replace(/\{\w+\}/g, "").length };
}

/** GitHub's redirects name a repository by its number. */
function canonicalPath(rawPath: string): string {
  return rawPath
    .replace(/^\/api\/v3(?=\/)/, "")
    .replace(/(?<=.)\/$/, "")
    .replace(/^\/repositories\/\d+/, "/repos/-/-");
}

function checkQuery(schemas: SchemaCheck, { parameters }: Operation, { search }: HttpRequest): string[] {
  const known = parameters.filter((parameter) => parameter.in === "query");
  const missing = known.filter(({ name, isRequired }) => isRequired && !search.has(name));
  return [
    ...missing.map(({ name }) => `?${name} is missing`),
    ...[...search].flatMap(([name, text]) => {
      const parameter = known.find((candidate) => candidate.name === name);
      if (parameter === undefined) return [`?${name} is not in the description`];
      return schemas.check(parameter.schema, fromText(parameter, text), `?${name}`);
    }),
  ];
}

function fromText({ schema }: Parameter, text: string): unknown {
  const type = typeof schema === "object" && schema !== null && "type" in schema ? schema.type : "string";
  if (type === "integer" || type === "number") return text === "" ? text : Number(text);
  if (type === "boolean" && /^(?:true|false)$/.test(text)) return text === "true";
  return text;
}

function checkBody(schemas: SchemaCheck, { body }: Operation, request: HttpRequest): string[] {
  if (request.body.length === 0) return body?.isRequired === true ? ["the body is missing"] : [];
  if (body === null) return ["a body is not in the description"];
  const value = parsed(request.body);
  return value === undefined ? ["the body is no JSON"] : schemas.check(body.schema, value);
}

/** Every operation may be refused in these ways, listed for it or not. */
const ANYWHERE = new Set([400, 401, 403, 404, 429, 451, 500, 502, 503, 504]);
const REFUSAL = { $ref: "basic-error" };

function checkAnswer(schemas: SchemaCheck, operation: Operation, request: HttpRequest, answer: HttpAnswer): string[] {
  const { status, body, headers } = answer;
  const listed = operation.answers.get(String(status));
  if (listed === undefined && !ANYWHERE.has(status) && !isRedirect(status)) {
    return [`status ${status} is not in the description of ${operation.name}`];
  }
  if (body === null) return listed === undefined || listed === null ? [] : ["the answer is empty"];
  if (status === 204) return ["status 204 has a body"];
  if (!/json/.test(headers["content-type"] ?? "")) return wantsOther(request) ? [] : ["the answer is no JSON"];
  const value = parsed(Buffer.from(body));
  if (value === undefined) return ["the answer is no JSON"];
  return schemas.check(listed ?? REFUSAL, value);
}

/** https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects */
function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 307 || status === 308;
}

/** Contents are asked for in other media types than JSON. */
function wantsOther(request: HttpRequest): boolean {
  return /application\/vnd\.github\.(?:v3\.)?(?:raw|diff|patch|sha)/.test(request.headers["accept"] ?? "");
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}
