/**
 * The process that the harness kills, stops and races: one sync on a real database file. Its argument is a
 * {@linkcode ChildPlan}, its standard output {@linkcode ChildEvent}s.
 */
import { type Clock, systemClock } from "../../../lib/domain/mod.ts";
import { openStore, type Store } from "../../../lib/store/mod.ts";
import {
  createSyncWorker,
  type SyncDeps,
  type SyncReport,
  syncTenant,
} from "../../../lib/sync/mod.ts";
import { hookedKv, type KvHooks } from "../../_kv.ts";
import type { ChildEvent, ChildPlan } from "./_plan.ts";
import { commitKindOf, type Point, type PointCounts } from "./_points.ts";

const encoder = new TextEncoder();

function say(event: ChildEvent): void {
  Deno.stdout.writeSync(encoder.encode(JSON.stringify(event) + "\n"));
}

/** A line on standard input: whoever holds this process lets it go on. */
async function released(): Promise<void> {
  await Deno.stdin.read(new Uint8Array(16));
}

/** Counts the points that the sync passes by, and acts at the one that is planned. */
class Watch {
  readonly counts: PointCounts = {};
  #done = false;

  constructor(private readonly at: ChildPlan["at"]) {}

  /** Told of every operation before it starts. */
  observe = (): void => {
    const n = this.#count("operation");
    if (this.#is({ kind: "operation", n, when: "before" })) this.#die();
  };

  /** A commit that is tried again counts again. */
  hooks: KvHooks = {
    beforeCommit: (_, keys) => {
      const kind = commitKindOf(keys);
      return this.#pass({ kind, n: this.#count(kind), when: "before" });
    },
    afterCommit: (_, keys) => {
      const kind = commitKindOf(keys);
      return this.#pass({ kind, n: this.counts[kind] ?? 0, when: "after" });
    },
  };

  /** An answer counts when all of it has come. */
  fetch: SyncDeps["fetch"] = async (url, init) => {
    const response = await fetch(url, init);
    const body = await response.arrayBuffer();
    await this.#pass({ kind: "fetch", n: this.#count("fetch"), when: "after" });
    const { status, headers } = response;
    return new Response(body, { status, headers });
  };

  #count(kind: Point["kind"]): number {
    return this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  #is({ kind, n, when }: Point): boolean {
    const { at } = this;
    return !this.#done && at?.kind === kind && at.n === n && at.when === when;
  }

  async #pass(point: Point): Promise<void> {
    if (!this.#is(point)) return;
    this.#done = true;
    if (this.at?.then === "kill") this.#die();
    say({ event: "held" });
    await released();
  }

  #die(): void {
    say({ event: "dying" });
    Deno.kill(Deno.pid, "SIGKILL");
  }
}

/** Ends the worker as the portal does, and is over when it has ended. */
async function drainUntilStopped(deps: SyncDeps): Promise<null> {
  const worker = createSyncWorker(deps);
  const stopped = Promise.withResolvers<void>();
  const stop = () => void worker.stop().then(stopped.resolve);
  Deno.addSignalListener("SIGTERM", stop);
  const drained = worker.wake();
  await stopped.promise;
  await drained;
  Deno.removeSignalListener("SIGTERM", stop);
  return null;
}

async function syncAll(
  deps: SyncDeps,
  { tenantIds, full = false }: ChildPlan,
): Promise<SyncReport | null> {
  let report: SyncReport | null = null;
  for (const id of tenantIds) report = await syncTenant(deps, id, { full });
  return report;
}

function depsOf(
  plan: ChildPlan,
  store: Store,
  clock: Clock,
  watch: Watch,
): SyncDeps {
  return {
    store,
    clock,
    fetch: watch.fetch,
    openKeys: ({ id }) =>
      Promise.resolve({
        webKey: plan.webKeys[id]!,
        accessToken: plan.accessToken,
      }),
    baseUrl: plan.api,
    maxRps: 0,
  };
}

async function run(plan: ChildPlan): Promise<void> {
  const watch = new Watch(plan.at);
  const clock: Clock = {
    now: () => plan.now,
    sleep: (ms, signal) => {
      say({ event: "retry" });
      return systemClock.sleep(ms, signal);
    },
  };
  const store = await openStore({
    kv: hookedKv(await Deno.openKv(plan.path), watch.hooks),
    clock,
    observe: watch.observe,
    ...(plan.deadlineMs ? { deadlineMs: plan.deadlineMs } : {}),
  });
  const deps = depsOf(plan, store, clock, watch);
  say({ event: "started" });
  const report = plan.mode === "worker"
    ? await drainUntilStopped(deps)
    : await syncAll(deps, plan);
  say({ event: "ended", report, counts: watch.counts });
}

try {
  await run(JSON.parse(Deno.args[0] ?? "{}"));
  Deno.exit(0);
} catch (error) {
  const { name, message } = error as Error;
  say({ event: "failed", name, message });
  Deno.exit(1);
}
