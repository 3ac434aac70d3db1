import { ApiError } from "./errors.ts";
import type { Identity } from "./identity.ts";
import type { GitHubState } from "./state.ts";

/** Refuses credentials that the organisation of a repository does not want. */
export function applyPolicy(state: GitHubState, owner: string, identity: Identity): void {
  const policy = state.policies.get(owner.toLowerCase());
  if (policy === undefined || identity.kind === "anonymous" || identity.kind === "app") return;
  if (policy.hasIpAllowList === true) throw outsideAllowList(owner);
  if (identity.kind !== "user") return;
  if (policy.needsSso === true) throw withoutSso(owner);
  if (policy.forbidsClassicTokens === true && !identity.isFineGrained) throw classicForbidden(owner);
  if (policy.maxTokenDays !== undefined && identity.isFineGrained) throw livesTooLong(owner, policy.maxTokenDays);
}

/** https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso */
function withoutSso(owner: string): ApiError {
  const url = `https://github.com/orgs/${owner}/sso?authorization_request=A1B2C3D4E5`;
  return new ApiError(
    403,
    "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
    {
      headers: { "x-github-sso": `required; url=${url}` },
      documentationUrl:
        "https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/",
    },
  );
}

/** https://docs.github.com/en/enterprise-cloud@latest/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/managing-allowed-ip-addresses-for-your-organization */
function outsideAllowList(owner: string): ApiError {
  return new ApiError(
    403,
    `Although you appear to have the correct authorization credentials, the \`${owner}\` organization has an IP allow ` +
      "list enabled, and your IP address is not permitted to access this resource.",
  );
}

/** https://docs.github.com/en/organizations/managing-programmatic-access-to-your-organization/setting-a-personal-access-token-policy-for-your-organization */
function classicForbidden(owner: string): ApiError {
  return new ApiError(
    403,
    `\`${owner}\` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a ` +
      "personal access token with fine-grained permissions.",
  );
}

function livesTooLong(owner: string, days: number): ApiError {
  return new ApiError(
    403,
    `The '${owner}' organization forbids access via a fine-grained personal access tokens if the token's lifetime is ` +
      `greater than ${days} days. Please adjust your token's lifetime at the following URL: ` +
      "https://github.com/settings/personal-access-tokens/1",
  );
}
