import { parseConfig } from "../../src/config/config.ts";
import type { SyncEvent } from "../../src/notify/events.ts";
import { createSyncService, type ServiceOptions } from "../../src/service/service.ts";
import { createStateStore } from "../../src/state/store.ts";
import { createFakeLog } from "../fakes/log.ts";
import { FEW, settingsTo } from "../world/ground.ts";
import type { World } from "./world.ts";

/** The service of a world, with a listener for what is told, as the Worker wires it. */
export function serviceOf(world: World, settings: Record<string, string> = {}, more: Partial<ServiceOptions> = {}) {
  const events: SyncEvent[] = [];
  const own = {
    CATEGORIES_TO_SYNC: FEW,
    WATCH_MODE: "true",
    WATCH_ENABLE_STARTUP_SYNC: "true",
    GITHUB_CHECK_SECONDS: "60",
  };
  const config = parseConfig(settingsTo(world, world, { ...own, ...settings }));
  const { log, lines } = createFakeLog();
  const store = createStateStore(world.kv);
  const service = createSyncService({
    config,
    store,
    fetch,
    clock: world.clock,
    tokens: new Map(),
    log,
    now: world.clock.now,
    notify: (told) => void events.push(...told),
    keepsDryRuns: config.noPr,
    maxRequests: 48,
    ...more,
  });
  return {
    service,
    config,
    store,
    events,
    lines,
    async tick(minutes = 1) {
      // A cron comes at whole minutes, however long the last one took.
      const now = world.clock.now();
      world.clock.advance(Math.floor(now / 60_000) * 60_000 + minutes * 60_000 - now);
      return service.tick({ cron: "* * * * *", scheduledTime: world.clock.now() });
    },
  };
}
export const kinds = (events: readonly SyncEvent[]) => events.map(({ kind }) => kind);
