import type { Report, RepositoryReport } from "../../src/contract/report.ts";

export function repositoryReport(changes: Partial<RepositoryReport> = {}): RepositoryReport {
  return {
    repository: "haidra/image",
    branch: "main",
    outcome: "in-sync",
    pullRequest: null,
    commit: null,
    files: [],
    categories: {},
    ...changes,
  };
}

export function report(changes: Partial<Report> = {}): Report {
  return {
    id: "mhx0k3v9a-4f7c2e",
    trigger: "tick",
    startedAt: "2026-11-21T12:00:00.000Z",
    finishedAt: "2026-11-21T12:00:01.500Z",
    durationMs: 1500,
    dryRun: false,
    forced: false,
    outcome: "in-sync",
    primary: { url: "https://primary.test", lastUpdated: 1795219334, previous: 1795219000 },
    repositories: [repositoryReport()],
    warnings: [],
    requests: { primary: 3, github: 2 },
    ...changes,
  };
}
