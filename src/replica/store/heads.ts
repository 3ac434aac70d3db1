/**
 * What the branches point to: one question to GitHub per repository and TTL, however many ask here, and where the edge
 * cache works, one per Cloudflare location. A question that brought nothing counts as the TTL's question too.
 */

import type { RepositoryTarget } from "../../config/github-settings.ts";
import { SyncError } from "../../core/errors.ts";
import { describeFault } from "../../core/log.ts";
import { toShas } from "../../files/git-tree.ts";
import type { ReplicaOptions } from "../options.ts";
import { limitAt, toFault } from "./faults.ts";
import { createGitHubSource } from "./github-source.ts";
import { type Fault, type Head, type HeadState, UNKNOWN_HEAD } from "./memory.ts";
import { headKey, repositoryName } from "./places.ts";
import { createSharedHeads } from "./shared-heads.ts";

export interface Heads {
  /** What memory says. */
  known(target: RepositoryTarget): HeadState;
  /**
   * Asks GitHub, unless memory or the edge cache is younger than the TTL or a rate limit forbids it. Never rejects.
   *
   * @param isRefresh asks whatever is known; a rate limit still forbids it
   */
  update(target: RepositoryTarget, isRefresh: boolean): Promise<void>;
  /** Takes over what somebody else read (ms), unless something newer is known. */
  adopt(target: RepositoryTarget, head: Head, readAt: number): void;
  /** Takes over what the edge cache knows. Never rejects. */
  peek(target: RepositoryTarget): Promise<void>;
}

/** @param paths the files that categories are read from; others are not kept */
export function createHeads(options: ReplicaOptions, paths: ReadonlySet<string>): Heads {
  const { config, memory, clock } = options;
  const shared = createSharedHeads(options);
  const ttlMs = config.cacheTtlSeconds * 1000;
  const known = (target: RepositoryTarget) => memory.heads.get(headKey(target, options)) ?? UNKNOWN_HEAD;
  const isFresh = ({ askedAt }: HeadState) => askedAt !== null && clock.now() - askedAt <= ttlMs;
  const put = (target: RepositoryTarget, state: HeadState) => void memory.heads.set(headKey(target, options), state);

  function failed(before: HeadState, fault: Fault): HeadState {
    return { ...before, askedAt: clock.now(), fault, failingSince: before.failingSince ?? clock.now() };
  }

  /** A slow answer must not undo what was learnt after it was asked for. */
  function set(target: RepositoryTarget, next: HeadState, startedAt: number) {
    if (startedAt >= (known(target).checkedAt ?? 0)) put(target, next);
  }

  async function peek(target: RepositoryTarget) {
    const told = await shared.read(target);
    const ours = known(target);
    if (told === null || (told.askedAt ?? 0) <= (ours.askedAt ?? 0)) return;
    // Of two that were told in the same millisecond nobody knows which is newer, and ours may have been served.
    const isNewer = (told.checkedAt ?? 0) > (ours.checkedAt ?? 0);
    put(target, isNewer ? told : { ...told, head: ours.head, checkedAt: ours.checkedAt });
    if ((told.fault?.retryAt ?? 0) > clock.now()) memory.limit = told.fault;
  }

  async function ask(target: RepositoryTarget) {
    const startedAt = clock.now();
    memory.counters.revalidations++;
    try {
      const head = await readHead(target, known(target).head);
      set(target, { head, checkedAt: startedAt, askedAt: startedAt, fault: null, failingSince: null }, startedAt);
    } catch (error) {
      const fault = toFault(error, clock.now());
      memory.counters.errors++;
      const { code } = fault;
      options.log.warn("replica.revalidation-failed", {
        repository: repositoryName(target),
        code,
        ...describeFault(error),
      });
      if (fault.retryAt !== null) memory.limit = fault;
      set(target, failed(known(target), fault), startedAt);
    }
    shared.write(target, known(target));
  }

  /** One request when the commit is the one we know, two when it brought another tree. */
  async function readHead({ owner, name, branch }: RepositoryTarget, before: Head | null): Promise<Head> {
    const source = createGitHubSource({ owner, name, branch }, options);
    const found = await source.branch(branch);
    if (found === null) {
      const message = `The branch ${branch} of ${owner}/${name} does not exist, or the credentials may not see it.`;
      throw new SyncError("github-not-found", message);
    }
    const commit = { commit: found.sha, treeSha: found.treeSha };
    if (found.treeSha === before?.treeSha) return { ...commit, files: before.files };
    const files = await source.files(found.treeSha);
    return { ...commit, files: Object.fromEntries([...toShas(files)].filter(([path]) => paths.has(path))) };
  }

  return {
    known,
    peek,
    async update(target, isRefresh) {
      if (!isRefresh && isFresh(known(target))) return;
      await peek(target);
      const limit = limitAt(clock.now(), memory);
      // What another repository was told of the limit goes for this one too. It stands for the TTL's question.
      if (limit !== null) return put(target, failed(known(target), limit));
      if (isRefresh || !isFresh(known(target))) await ask(target);
    },
    adopt(target, head, readAt) {
      // A time that has not come is of a clock that ran ahead, and says nothing.
      if (readAt > clock.now() || readAt < (known(target).checkedAt ?? 0)) return;
      const isNew = known(target).head?.commit !== head.commit;
      const files = Object.fromEntries(Object.entries(head.files).filter(([path]) => paths.has(path)));
      const state = { head: { ...head, files }, checkedAt: readAt, askedAt: readAt, fault: null, failingSince: null };
      put(target, state);
      if (isNew) shared.write(target, state);
    },
  };
}
