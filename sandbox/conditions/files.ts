import type { FileContent } from "../github/people.ts";
import type { GitHubServer } from "../github/server.ts";
import type { Condition } from "./condition.ts";

/** What may stand on the base where a file of the reference should be. Taking it back is one more commit. */
export const FILE_CONDITIONS: readonly Condition[] = [
  replaced("file-is-link", "A file is a symbolic link", () => ({ mode: "120000", content: "README.md" })),
  replaced("file-is-submodule", "A file is a submodule", (_, head) => ({ mode: "160000", content: head })),
  replaced("file-is-executable", "A file is executable", (file) => ({ mode: "100755", content: file })),
  // https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer
  replaced("file-is-lfs", "A file is a Git LFS pointer", (file) => ({
    mode: "100644",
    content: `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize ${file.length}\n`,
  })),
  replaced("file-is-broken", "A file is half of itself", (file) => ({
    mode: "100644",
    content: file.slice(0, file.length / 2),
  })),
  replaced("file-is-missing", "A file is missing", () => null),
  {
    name: "file-is-folder",
    title: "A file is a folder",
    begin(github, repository) {
      const path = someFile(github, repository);
      return replace(github, repository, path, { [`${path}/inside.txt`]: "A folder now.\n" });
    },
  },
];

function replaced(name: string, title: string, contentOf: (file: string, head: string) => FileContent): Condition {
  return {
    name,
    title,
    begin(github, repository) {
      const path = someFile(github, repository);
      const head = github.branches(repository)[github.defaultBranch(repository)] ?? "";
      return replace(github, repository, path, { [path]: contentOf(readText(github, repository, path), head) });
    },
  };
}

function replace(
  github: GitHubServer,
  repository: string,
  path: string,
  files: Readonly<Record<string, FileContent>>,
): () => void {
  const branch = github.defaultBranch(repository);
  const content = readText(github, repository, path);
  github.commit({ repository, branch, files });
  return () => void github.commit({ repository, branch, files: { [path]: { mode: "100644", content } } });
}

function readText(github: GitHubServer, repository: string, path: string): string {
  const bytes = github.readFile({ repository, ref: github.defaultBranch(repository), path });
  return Buffer.from(bytes ?? []).toString("utf8");
}

/** The file that matters most, or else the first that is there. */
function someFile(github: GitHubServer, repository: string): string {
  const paths = github.files(repository, github.defaultBranch(repository));
  const found = ["stable_diffusion.json", "models.csv"].find((path) => paths.includes(path)) ?? paths[0];
  if (found === undefined) throw new Error(`${repository} has no files`);
  return found;
}
