import { type HttpAnswer, jsonAnswer } from "../http/answer.ts";
import { type JsonObject, stringIn } from "../json/value.ts";
import { invalid, missing, tooLong } from "./errors.ts";
import { recordEvent } from "./events.ts";
import { ownedHead, pullOf } from "./pull-lookup.ts";
import { fullPullView } from "./pull-views.ts";
import { openPull, reopenPull, retargetPull } from "./pulls.ts";
import { accountOf, bodyOf, type RepositoryCall } from "./route.ts";
import { closePull } from "./settling.ts";
import type { Pull, RepositoryState } from "./state.ts";

/** Opening and changing: https://docs.github.com/en/rest/pulls/pulls */

const MAX_BODY_CHARACTERS = 65_536;
const MAX_TITLE_CHARACTERS = 256;

export function createPull(call: RepositoryCall): HttpAnswer {
  const body = bodyOf(call);
  const title = stringIn(body, "title");
  const head = stringIn(body, "head");
  const base = stringIn(body, "base");
  if (title === null || title.trim() === "") throw missing("title");
  if (head === null) throw missing("head");
  if (base === null) throw missing("base");
  refuseLongTexts(body);
  const [owner, branch] = ownedHead(head);
  const pull = openPull(call.state, call.repository, {
    author: accountOf(call),
    title,
    body: stringIn(body, "body"),
    headRepository: headRepository(call, owner, stringIn(body, "head_repo")),
    head: branch ?? head,
    base,
    isDraft: body["draft"] === true,
  });
  return jsonAnswer(201, fullPullView(call, pull));
}

export function updatePull(call: RepositoryCall): HttpAnswer {
  const pull = pullOf(call);
  const body = bodyOf(call);
  refuseLongTexts(body);
  const title = stringIn(body, "title");
  if (title !== null && title.trim() === "") throw missing("title");
  const state = body["state"];
  if (state !== undefined && state !== "open" && state !== "closed") throw invalid("PullRequest", "state");
  if (state === "open" && pull.state === "closed") reopenPull(call.state, call.repository, pull, accountOf(call));
  const base = stringIn(body, "base");
  if (base !== null) retargetPull(call.state, call.repository, pull, { base, by: accountOf(call) });
  if (title !== null) retitle(call, pull, title);
  if ("body" in body) pull.body = stringIn(body, "body");
  if (state === "closed" && pull.state === "open") closePull(call.state, pull, accountOf(call));
  pull.updatedAt = call.state.now();
  return jsonAnswer(200, fullPullView(call, pull));
}

function retitle(call: RepositoryCall, pull: Pull, title: string): void {
  if (title === pull.title) return;
  recordEvent(call.state, pull, accountOf(call), { event: "renamed", from: pull.title, to: title });
  pull.title = title;
}

/** A fork of the owner's; within one organisation only `head_repo` tells which. */
function headRepository(call: RepositoryCall, owner: string | null, name: string | null): RepositoryState {
  const { repository } = call;
  if (owner === null || (name === null && owner.toLowerCase() === repository.owner.toLowerCase())) return repository;
  const network = [...call.state.repositories.values()].filter(
    (other) =>
      (other === repository || other.parent === repository) && other.owner.toLowerCase() === owner.toLowerCase(),
  );
  const found = network.find((other) => name === null || other.name === name);
  if (found === undefined) throw invalid("PullRequest", "head");
  return found;
}

function refuseLongTexts(body: JsonObject): void {
  if ((stringIn(body, "body") ?? "").length > MAX_BODY_CHARACTERS) throw tooLong("Issue", "body", MAX_BODY_CHARACTERS);
  if ((stringIn(body, "title") ?? "").length > MAX_TITLE_CHARACTERS)
    throw tooLong("Issue", "title", MAX_TITLE_CHARACTERS);
}
