/** Where GitHub's answers are known to differ from its description, each with what it is known by. */
export interface Departure {
  /** Tried on the operation's name. */
  readonly operation: RegExp;
  readonly statuses: readonly number[];
  readonly problem: RegExp;
  readonly why: string;
}

export const DEPARTURES: readonly Departure[] = [
  {
    operation: /./,
    statuses: [405, 409, 422],
    problem: /^\$\.status is not in the description$/,
    why: "Every refusal repeats its status; the description says so of the schema `basic-error` only.",
  },
  {
    operation: /labels$/,
    statuses: [403],
    problem: /^\$\.errors is not in the description$/,
    why: "A label that may not be made is refused with a list of errors, as a 422 is: `field: label, code: unauthorized`.",
  },
  {
    operation: /./,
    statuses: [403, 451],
    problem: /^\$\.block is not in the description$/,
    why: "A repository that GitHub has closed says why: https://github.com/github/rest-api-description/issues/3314",
  },
  {
    operation: /^GET \/app\/installations$/,
    statuses: [200],
    problem: /^\$\[\d+\]\.account\.(?:name|slug|created_at|updated_at|user_view_type) /,
    why: "The account is described as a user and an enterprise in one (`allOf`); everywhere else it is either (`anyOf`).",
  },
  {
    operation: /pulls/,
    statuses: [200, 201],
    problem: /^\$(?:\[\d+\])?\.head\.repo is null$/,
    why: "A fork that was deleted leaves its pull requests without a repository at the head.",
  },
  {
    operation: /issues\/\{issue_number\}\/events$/,
    statuses: [200],
    problem: /^\$\[\d+\]\.(?:actor|review_requester) is null$/,
    why: "An account that is gone leaves null; the same events of a whole repository (`issue-event`) are described so.",
  },
];
