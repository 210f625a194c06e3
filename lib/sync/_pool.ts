import { getLogger } from "@logtape/logtape";
import { isSyncDue } from "../store/mod.ts";
import { RUN_LIMIT_MS, Slice, SLICE_MS } from "./_slice.ts";
import { syncTenant } from "./sync_tenant.ts";
import type { SyncDeps, SyncReport } from "./sync_deps.ts";

const log = getLogger(["tetherboard", "sync"]);

/** A tenant that is due. */
export interface DueTenant {
  id: string;
  slug: string;
}

/** How a tenant's turn ended. */
export interface TurnOutcome {
  tenant: DueTenant;
  /** Null where the sync could not even begin, and where nothing was left to do. */
  report: SyncReport | null;
  /** Why the tenant was not synced, or null. */
  failure: string | null;
  /** Times that it was ended by its time, or by the portal's stopping. */
  cut: number;
  /** Of all its runs together. */
  recordsUpdated: number;
  /** Milliseconds that it had a place, all its runs together. */
  ms: number;
}

interface Turn {
  tenant: DueTenant;
  sliceMs: number;
  cut: number;
  recordsUpdated: number;
  ms: number;
  /** Told when the turn is over; null when it never came. */
  over: (outcome: TurnOutcome | null) => void;
}

export interface PoolOptions {
  /** Tenants synced side by side. */
  concurrency: number;
  /** Ends what is under way and drops what waits. */
  signal: AbortSignal | undefined;
}

/**
 * Syncs tenants side by side, so many at a time, in the order in which they were added. What is added while it
 * works takes a free place at once. A tenant that is here already is not added again. What waits is an id and a
 * slug, whatever the tenant's size.
 */
export class SyncPool {
  #waiting: Turn[] = [];
  #running = 0;
  readonly #known = new Set<string>();
  #idle = Promise.withResolvers<void>();

  constructor(
    private readonly deps: SyncDeps,
    private readonly options: PoolOptions,
  ) {
    this.#idle.resolve();
    options.signal?.addEventListener("abort", () => this.#drop(), {
      once: true,
    });
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    return this.#idle.promise;
  }

  /** Takes these tenants; resolves when each of them that was not here already has had its turn. */
  async run(
    tenants: readonly DueTenant[],
    onOver: (outcome: TurnOutcome) => void,
  ): Promise<void> {
    if (this.options.signal?.aborted) return;
    const turns: Promise<void>[] = [];
    for (const tenant of tenants) {
      if (this.#known.has(tenant.id)) continue;
      const { promise, resolve } = Promise.withResolvers<void>();
      turns.push(promise);
      this.#known.add(tenant.id);
      const over = (outcome: TurnOutcome | null) => {
        this.#known.delete(tenant.id);
        if (outcome) onOver(outcome);
        resolve();
      };
      this.#waiting.push({
        tenant,
        sliceMs: SLICE_MS,
        cut: 0,
        recordsUpdated: 0,
        ms: 0,
        over,
      });
    }
    this.#fill();
    await Promise.all(turns);
  }

  #fill(): void {
    if (this.#running === 0 && this.#waiting.length > 0) {
      this.#idle = Promise.withResolvers();
    }
    while (this.#running < this.options.concurrency) {
      const turn = this.#waiting.shift();
      if (!turn) break;
      this.#running++;
      this.#take(turn).finally(() => {
        this.#running--;
        this.#fill();
      });
    }
    if (this.#running === 0) this.#idle.resolve();
  }

  #drop(): void {
    for (const { over } of this.#waiting.splice(0)) over(null);
  }

  async #take(turn: Turn): Promise<void> {
    const { clock } = this.deps;
    const startedMs = clock.now();
    const slice = new Slice(clock, {
      sliceMs: turn.sliceMs,
      isAwaited: () => this.#waiting.length > 0,
    });
    const { report, failure } = await this.#sync(turn.tenant, slice);
    turn.ms += Math.max(0, clock.now() - startedMs);
    turn.recordsUpdated += report?.recordsUpdated ?? 0;
    const stopped = this.options.signal?.aborted ?? false;
    const failed = report?.status === "failed";
    if (failed && (slice.ended || stopped)) turn.cut++;
    if (failed && slice.gaveWay && !stopped) {
      // Twice the time when its turn comes again: whoever is cut must come to an end some day.
      turn.sliceMs = Math.min(turn.sliceMs * 2, RUN_LIMIT_MS);
      this.#waiting.push(turn);
      return;
    }
    const { tenant, cut, recordsUpdated, ms } = turn;
    turn.over({ tenant, report, failure, cut, recordsUpdated, ms });
  }

  /** Never throws: one tenant's failure must not reach another. */
  async #sync(
    tenant: DueTenant,
    slice: Slice,
  ): Promise<Pick<TurnOutcome, "report" | "failure">> {
    const { deps, options } = this;
    try {
      // Another runner may have been faster since the list was read.
      if (!await isSyncDue(deps.store, tenant.id)) {
        return { report: null, failure: null };
      }
      const signal = options.signal
        ? AbortSignal.any([options.signal, slice.signal])
        : slice.signal;
      const guarded = { ...deps, fetch: slice.guard(deps.fetch) };
      const begun = deps.clock.now();
      const report = await syncTenant(guarded, tenant.id, { signal });
      log[report.status === "failed" ? "warn" : "info"](
        "Sync of {tenant}: {status}, {recordsUpdated} records updated. {errorMessage}",
        {
          ...report,
          tenantId: tenant.id,
          ms: Math.max(0, deps.clock.now() - begun),
        },
      );
      const message = slice.ended?.message ?? report.errorMessage;
      return { report, failure: report.status === "failed" ? message : null };
    } catch (error) {
      log.error("Cannot sync tenant {tenant}: {error}", {
        tenant: tenant.slug,
        error,
      });
      const failure = error instanceof Error ? error.message : String(error);
      return { report: null, failure };
    }
  }
}
