import { getLogger } from "@logtape/logtape";
import { isoNow } from "../domain/mod.ts";
import { putSyncTick, type SyncTick } from "../store/mod.ts";
import type { TurnOutcome } from "./_pool.ts";
import type { SyncDeps } from "./sync_deps.ts";

const log = getLogger(["tetherboard", "sync"]);

/** What a tick's document holds at most, whatever goes wrong. */
const MAX_FAILURES = 20;
const MAX_MESSAGE = 300;

/** What is known of a tick when it begins. */
export type TickStart = Pick<
  SyncTick,
  "kind" | "startedAt" | "marked" | "missedHours"
>;

/** Counts what one tick did. Its size does not depend on the number of tenants. */
export class TickCount {
  readonly #tick: Omit<SyncTick, "finishedAt">;
  #turns = 0;

  constructor({ kind, startedAt, marked, missedHours }: TickStart) {
    this.#tick = {
      kind,
      startedAt,
      marked,
      missedHours,
      synced: 0,
      failed: 0,
      busy: 0,
      cut: 0,
      recordsUpdated: 0,
      failures: [],
      slowest: null,
    };
  }

  add(outcome: TurnOutcome): void {
    const { tenant: { slug }, report, failure, ms } = outcome;
    if (report === null && failure === null) return;
    const tick = this.#tick;
    this.#turns++;
    tick.cut += outcome.cut;
    tick.recordsUpdated += outcome.recordsUpdated;
    if (report?.status === "success") tick.synced++;
    if (report?.status === "busy") tick.busy++;
    if (failure !== null) {
      tick.failed++;
      if (tick.failures.length < MAX_FAILURES) {
        const message = failure.slice(0, MAX_MESSAGE).toWellFormed();
        tick.failures.push({ tenant: slug, message });
      }
    }
    if (ms > (tick.slowest?.ms ?? -1)) tick.slowest = { tenant: slug, ms };
  }

  /**
   * Writes the tick's document and its log entry. One that is not the hour's and had nothing to do leaves no trace.
   *
   * @throws {TransientError} when the database does not answer.
   */
  async finish({ store, clock }: SyncDeps): Promise<void> {
    if (this.#turns === 0 && this.#tick.kind !== "hourly") return;
    const tick = { ...this.#tick, finishedAt: isoNow(clock) };
    const isWell = tick.failed === 0 && tick.missedHours === 0;
    log[isWell ? "info" : "warn"](
      "Tick {kind}: {synced} synced, {failed} failed, {busy} busy, {cut} cut, {missedHours} hours missed",
      { ...tick },
    );
    await putSyncTick(store, tick);
  }
}
