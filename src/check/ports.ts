/**
 * What a check reads, and nothing that writes. Absence is `null`; every failure is a thrown `SyncError`.
 */

export interface RepositoryFacts {
  /** `owner/name`, as GitHub has it now. */
  readonly fullName: string;
  readonly defaultBranch: string;
  readonly isArchived: boolean;
  /** `null` where GitHub does not tell what the credentials may do. */
  readonly canPush: boolean | null;
}

export interface BranchFacts {
  /** What it is called now. */
  readonly name: string;
  /** By classic branch protection; `null` where GitHub does not tell. */
  readonly isProtected: boolean | null;
}

export interface OpenPull {
  readonly number: number;
  /** Its branch. */
  readonly head: string;
}

export interface InspectionPort {
  repository(): Promise<RepositoryFacts | null>;
  branch(name: string): Promise<BranchFacts | null>;
  /** Branches whose name begins so; `null` of a repository without any commit. */
  branches(prefix: string): Promise<readonly string[] | null>;
  /** Of this repository's own branches, not of forks; the newest hundred. */
  openPulls(): Promise<readonly OpenPull[]>;
  /** Types of the rules that hold for a branch of this name, whether it exists or not. */
  rules(branch: string): Promise<readonly string[]>;
  label(name: string): Promise<boolean>;
  collaborator(login: string): Promise<boolean>;
  team(slug: string): Promise<boolean>;
}

/** Where the App is installed, as the App itself sees it. */
export interface Installation {
  readonly permissions: Readonly<Record<string, string>>;
  readonly isSuspended: boolean;
}
