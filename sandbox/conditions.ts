import type { Condition } from "./conditions/condition.ts";
import { CREDENTIAL_CONDITIONS } from "./conditions/credentials.ts";
import { FILE_CONDITIONS } from "./conditions/files.ts";
import { REPOSITORY_CONDITIONS } from "./conditions/repository.ts";
import { WIRE_CONDITIONS } from "./conditions/wire.ts";
import type { GitHubServer } from "./github/server.ts";

export const CONDITIONS: readonly Condition[] = [
  ...REPOSITORY_CONDITIONS,
  ...FILE_CONDITIONS,
  ...CREDENTIAL_CONDITIONS,
  ...WIRE_CONDITIONS,
];

export interface ActiveCondition {
  readonly name: string;
  readonly title: string;
  /** As it was called when it began. */
  readonly repository: string;
}

export interface ConditionSwitch {
  begin(name: string, repository: string): void;
  end(name: string, repository: string): void;
  /** Ends all of them, the newest first. */
  clear(): void;
  active(): readonly ActiveCondition[];
}

export function createConditionSwitch(github: GitHubServer): ConditionSwitch {
  const running = new Map<string, ActiveCondition & { readonly undo: () => void }>();
  const keyOf = (name: string, repository: string) => `${name} ${repository.toLowerCase()}`;
  return {
    begin(name, repository) {
      const condition = CONDITIONS.find((candidate) => candidate.name === name);
      if (condition === undefined)
        throw new Error(`the conditions are ${CONDITIONS.map((one) => one.name).join(", ")}`);
      if (running.has(keyOf(name, repository))) throw new Error(`${name} is already so for ${repository}`);
      const undo = condition.begin(github, repository);
      running.set(keyOf(name, repository), { name, title: condition.title, repository, undo });
    },
    end(name, repository) {
      const condition = running.get(keyOf(name, repository));
      if (condition === undefined) throw new Error(`${name} is not so for ${repository}`);
      condition.undo();
      running.delete(keyOf(name, repository));
    },
    clear() {
      for (const { undo } of [...running.values()].reverse()) undo();
      running.clear();
    },
    active: () => [...running.values()].map(({ undo: _, ...condition }) => condition),
  };
}
