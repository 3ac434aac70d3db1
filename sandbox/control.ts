import { PRIMARY_CATEGORIES } from "../src/categories.ts";
import { ACTIONS } from "./control/actions.ts";
import { type ControlContext, ControlError, need } from "./control/context.ts";
import { controlPage, namesIn, recordPage } from "./control/page.ts";
import { recordText } from "./control/primary-actions.ts";
import { createFaults } from "./faults.ts";
import { ApiError } from "./github/errors.ts";
import { type HttpAnswer, type HttpRequest, jsonAnswer, redirectAnswer, textAnswer } from "./http/answer.ts";
import { type HttpServer, startHttpServer } from "./http/server.ts";
import { isObject, parseJsonObject } from "./json/value.ts";
import type { Sandbox } from "./sandbox.ts";

export interface ControlOptions extends ControlContext {
  readonly port: number;
}

/**
 * The sandbox by hand: a page for a browser, and the same actions as JSON for the command line (`cli.ts`).
 * `POST /do/{action}` does one; `/state`, `/log`, `/record` and `/diff` show things.
 */
export async function startControl(options: ControlOptions): Promise<HttpServer> {
  return startHttpServer({
    port: options.port,
    faults: createFaults(),
    log: [],
    isLogged: () => false,
    handle: (request) => handle(options, request),
  });
}

async function handle(context: ControlContext, request: HttpRequest): Promise<HttpAnswer> {
  const action = /^\/do\/([a-z-]+)$/.exec(request.path)?.[1];
  try {
    if (action !== undefined) return await act(context, request, action);
    return show(context, request);
  } catch (error) {
    const message = error instanceof Error ? messageOf(error) : "unknown fault";
    const status = error instanceof ControlError ? 400 : 409;
    return isForm(request) ? backTo(`That did not work: ${message}`) : jsonAnswer(status, { error: message });
  }
}

/** GitHub's own refusal says what is wrong in its list of errors. */
function messageOf(error: Error): string {
  const errors = error instanceof ApiError ? (error.refusal.errors ?? []) : [];
  return [error.message, ...errors.filter(isObject).map((one) => String(one["message"] ?? one["code"]))].join(": ");
}

async function act(context: ControlContext, request: HttpRequest, name: string): Promise<HttpAnswer> {
  if (request.method !== "POST") return textAnswer(405, "Method Not Allowed");
  const origin = request.headers["origin"];
  if (origin !== undefined && origin !== "null" && origin !== `http://${request.headers["host"]}`) {
    return textAnswer(403, "Forbidden");
  }
  const action = ACTIONS.get(name);
  if (action === undefined) throw new ControlError(`the actions are ${[...ACTIONS.keys()].join(", ")}`);
  const message = await action(context, fieldsOf(request));
  return isForm(request) ? backTo(message) : jsonAnswer(200, { message });
}

function show(context: ControlContext, request: HttpRequest): HttpAnswer {
  const { sandbox } = context;
  const query = Object.fromEntries(request.search);
  switch (request.path) {
    case "/":
      return controlPage(context, query["message"] ?? "");
    case "/state":
      return jsonAnswer(200, stateOf(sandbox));
    case "/log":
      return jsonAnswer(200, { primary: sandbox.primary.log, github: sandbox.github.requests });
    case "/record": {
      const [category, name] = [need(query, "category"), need(query, "name")];
      if ((request.headers["accept"] ?? "").includes("text/html")) return recordPage(sandbox, category, name);
      const text = recordText(sandbox, category, name);
      return text === null
        ? jsonAnswer(404, { error: `${category} has no record ${name}` })
        : textAnswer(200, `${text}\n`);
    }
    case "/diff": {
      const pull = { repository: need(query, "repository"), number: Number(need(query, "number")) };
      return textAnswer(200, sandbox.github.diff(pull));
    }
    default:
      return textAnswer(404, "Not Found");
  }
}

function stateOf(sandbox: Sandbox): object {
  const { primary, github } = sandbox;
  const categories = PRIMARY_CATEGORIES.flatMap((category) => {
    const text = primary.category(category);
    return text === null ? [] : [[category, namesIn(text)]];
  });
  const repositories = github.repositories().map((repository) => ({
    repository,
    branches: github.branches(repository),
    pullRequests: github.pullRequests(repository),
  }));
  return {
    primary: { url: primary.url, lastUpdated: primary.lastUpdated, categories: Object.fromEntries(categories) },
    github: { url: github.url, repositories },
    now: new Date(sandbox.now()).toISOString(),
    conditions: sandbox.conditions.active(),
    faults: { primary: primary.faults.list(), github: github.faults.list() },
  };
}

function fieldsOf(request: HttpRequest): Record<string, string> {
  const text = Buffer.from(request.body).toString("utf8");
  if (isForm(request)) return Object.fromEntries(new URLSearchParams(text));
  const fields = text.trim() === "" ? {} : parseJsonObject(request.body);
  if (fields === null) throw new ControlError("the body must be a JSON object, or a form");
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, String(value)]));
}

function isForm(request: HttpRequest): boolean {
  return (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
}

function backTo(message: string): HttpAnswer {
  return redirectAnswer(`/?${new URLSearchParams({ message })}`);
}
