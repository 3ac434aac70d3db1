import {
  type Action,
  type ControlContext,
  ControlError,
  type Fields,
  type NamedAction,
  pullIn,
  refuseUnknown,
  repositoryIn,
} from "./context.ts";
import { DEEDS } from "./deeds.ts";
import { PRIMARY_ACTIONS } from "./primary-actions.ts";
import { TROUBLE_ACTIONS } from "./trouble-actions.ts";

/** Everything that can be done by hand, by name. */
const ALL: readonly NamedAction[] = [
  ...PRIMARY_ACTIONS,
  ["merge", ["repository", "number", "deleteBranch"], merge],
  ["close", ["repository", "number"], close],
  ["person", ["deed", "repository", "number", "value"], person],
  ...TROUBLE_ACTIONS,
  ["clear-log", [], clearLog],
  ["tick", ["cron"], tick],
];

export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  ALL.map(([name, known, act]): [string, Action] => [
    name,
    (context, fields) => {
      refuseUnknown(fields, known);
      return act(context, fields);
    },
  ]),
);

function merge({ sandbox }: ControlContext, fields: Fields): string {
  const pull = pullIn(sandbox, fields);
  const sha = sandbox.github.mergePullRequest({ ...pull, deleteBranch: fields["deleteBranch"] === "true" });
  return `${pull.repository}#${pull.number} is merged as ${sha.slice(0, 7)}.`;
}

function close({ sandbox }: ControlContext, fields: Fields): string {
  const pull = pullIn(sandbox, fields);
  sandbox.github.closePullRequest(pull);
  return `${pull.repository}#${pull.number} is closed.`;
}

/** A deed of `deeds.ts`; without a number it is done to the newest pull request. */
function person({ sandbox: { github }, sandbox }: ControlContext, fields: Fields): string {
  const deed = DEEDS.find(({ name }) => name === fields["deed"]);
  if (deed === undefined) throw new ControlError(`deed must be one of ${DEEDS.map(({ name }) => name).join(", ")}`);
  const repository = repositoryIn(sandbox, fields);
  const wanted = (fields["number"] ?? "") === "" ? null : pullIn(sandbox, fields).number;
  const pulls = github.pullRequests(repository);
  const pull = (wanted === null ? pulls.at(-1) : pulls.find(({ number }) => number === wanted)) ?? null;
  return deed.act({ github, repository, pull }, fields["value"] ?? "");
}

function clearLog({ sandbox }: ControlContext): string {
  sandbox.primary.clearLog();
  sandbox.github.clearRequests();
  return "The logs are empty.";
}

async function tick({ runTick }: ControlContext, fields: Fields): Promise<string> {
  if (runTick === undefined) throw new ControlError("no Worker runs beside this sandbox");
  const cron = fields["cron"] || "* * * * *";
  await runTick(cron);
  return `The cron ${cron} has run.`;
}
