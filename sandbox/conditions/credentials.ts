import { generateKeyPairSync } from "node:crypto";
import type { AppChanges, AppOptions } from "../github/credential-options.ts";
import type { GitHubServer } from "../github/server.ts";
import type { Policy } from "../github/setting-model.ts";
import type { Condition } from "./condition.ts";

/** What goes wrong with credentials, on their own or by what an organisation demands. They hold for all there are. */
export const CREDENTIAL_CONDITIONS: readonly Condition[] = [
  {
    name: "token-revoked",
    title: "Tokens revoked",
    begin({ credentials }) {
      const tokens = credentials.tokens();
      for (const { token } of tokens) credentials.removeToken(token);
      return () => tokens.forEach(credentials.addToken);
    },
  },
  app("app-suspended", "App suspended", () => ({ isSuspended: true })),
  app("app-key-replaced", "App has another key", () => ({ publicKeyPem: otherKey() })),
  app("app-not-installed", "App not installed on the repository", (options, repository) => ({
    repositories: options.repositories.filter((name) => name !== repository && !repository.endsWith(`/${name}`)),
  })),
  app("app-without-pull-requests", "App may not open pull requests", ({ permissions }) => ({
    permissions: Object.fromEntries(Object.entries(permissions).filter(([name]) => name !== "pull_requests")),
  })),
  {
    name: "clock-ahead",
    title: "GitHub's clock is 20 minutes ahead",
    begin({ credentials }) {
      credentials.setClockSkewMs(20 * 60_000);
      return () => credentials.setClockSkewMs(0);
    },
  },
  policy("sso", "Single sign-on demanded", { needsSso: true }),
  policy("ip-allow-list", "IP allow list", { hasIpAllowList: true }),
  policy("classic-tokens-forbidden", "Classic tokens forbidden", { forbidsClassicTokens: true }),
  policy("token-lifetime", "Long-lived tokens forbidden", { maxTokenDays: 90 }),
];

function app(
  name: string,
  title: string,
  changesOf: (options: AppOptions, repository: string) => AppChanges,
): Condition {
  return {
    name,
    title,
    begin({ credentials }, repository) {
      const before = credentials.apps();
      for (const options of before) credentials.changeApp(options.id, changesOf(options, repository));
      return () => {
        for (const { id, publicKeyPem, permissions, repositories, isSuspended = false } of before) {
          credentials.changeApp(id, { publicKeyPem, permissions, repositories, isSuspended });
        }
      };
    },
  };
}

function policy(name: string, title: string, demanded: Policy): Condition {
  return {
    name,
    title,
    begin(github: GitHubServer, repository) {
      const [owner = ""] = repository.split("/");
      github.setPolicy(owner, demanded);
      return () => github.setPolicy(owner, {});
    },
  };
}

function otherKey(): string {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}
