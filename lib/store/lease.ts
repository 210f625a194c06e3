import { type Clock, type RunProgress, TransientError } from "../domain/mod.ts";
import type { Change } from "./_batch.ts";
import type { KvPort } from "./_kv.ts";
import { kvOf, type Store } from "./_store.ts";
import { type TenantKeys, tenantKeys } from "./keys.ts";

/** `["t", id, "sync_lease"]`: kept when free, so that the fence only grows. */
export interface LeaseValue {
  owner: string | null;
  runId: string | null;
  /** Epoch milliseconds. */
  expiresAt: number;
  /** Grows by one with every lease given. */
  fence: number;
  /** How far its run had come when the lease was last renewed; it costs no write of its own. */
  progress?: RunProgress;
}

/** The lease went to somebody else, or the tenant is no longer active: nothing more may be written. */
export class LeaseLostError extends Error {
  override name = "LeaseLostError";
}

export const LEASE_MS = 15_000;
export const RENEW_MS = 5_000;
/** How far the clocks of two machines may be apart. */
export const MAX_CLOCK_SKEW_MS = 60_000;

/**
 * The right to write a tenant's data. Every commit goes through {@linkcode Lease.commit}, which checks
 * in the same atomic operation that the lease is still this one and that the tenant's state has not changed.
 */
export class Lease {
  #versionstamp: string;
  #value: LeaseValue;
  #progress: RunProgress | undefined;
  #stateVersionstamp: string | null;
  #writes = 1;
  #queue: Promise<unknown> = Promise.resolve();
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  private constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
    private readonly clock: Clock,
    taken: {
      value: LeaseValue;
      versionstamp: string;
      stateVersionstamp: string | null;
    },
  ) {
    this.#value = taken.value;
    this.#versionstamp = taken.versionstamp;
    this.#stateVersionstamp = taken.stateVersionstamp;
  }

  /** Rows set and deleted under the lease so far, with the taking of it; renewals are not counted. */
  get writes(): number {
    return this.#writes;
  }

  get fence(): number {
    return this.#value.fence;
  }

  /** Says how far the run has come; the next renewal carries it. */
  note(progress: RunProgress): void {
    this.#progress = progress;
  }

  /** Takes the lease, or answers null when another holds it or the tenant is not active. */
  static async take(
    port: KvPort,
    k: TenantKeys,
    clock: Clock,
    { owner, runId }: { owner: string; runId: string },
  ): Promise<Lease | null> {
    const [held, state] = await port.getMany<LeaseValue | string>([
      k.syncLease(),
      k.state(),
    ]);
    if (state?.value !== "active") return null;
    const old = held?.value as LeaseValue | null;
    if (old?.owner && isHeld(old, clock.now())) return null;
    const value: LeaseValue = {
      owner,
      runId,
      expiresAt: clock.now() + LEASE_MS,
      fence: (old?.fence ?? 0) + 1,
    };
    const outcome = await port.commit({
      checks: [
        { key: k.syncLease(), versionstamp: held?.versionstamp ?? null },
        { key: k.state(), versionstamp: state.versionstamp },
      ],
      sets: [{ key: k.syncLease(), value }],
    });
    const versionstamp = outcome.ok
      ? outcome.versionstamp
      : await appliedAs(port, k, value);
    if (versionstamp === null) return null;
    const stateVersionstamp = state.versionstamp;
    return new Lease(port, k, clock, {
      value,
      versionstamp,
      stateVersionstamp,
    });
  }

  /** Renews by the machine's timer until {@linkcode Lease.stop}; expiry is judged by the clock. */
  start(onLost: (error: unknown) => void): void {
    this.#heartbeat = setInterval(() => {
      this.renew().catch((error) => {
        this.stop();
        onLost(error);
      });
    }, RENEW_MS);
  }

  stop(): void {
    clearInterval(this.#heartbeat);
  }

  renew(): Promise<void> {
    return this.#exclusive(() =>
      this.#commit({ sets: [], deletes: [] }, {
        ...this.#value,
        expiresAt: this.clock.now() + LEASE_MS,
        ...this.#progress ? { progress: this.#progress } : {},
      })
    );
  }

  /**
   * One atomic operation under the lease.
   *
   * @throws {LeaseLostError} when the lease or the tenant's state changed meanwhile; nothing was written.
   */
  commit(change: Change): Promise<void> {
    return this.#exclusive(() => this.#commit(change, null));
  }

  /** Writes `change` and gives the lease back in the same atomic operation. */
  release(change: Change): Promise<void> {
    this.stop();
    return this.#exclusive(() => this.#commit(change, freed(this.#value)));
  }

  async #commit(change: Change, lease: LeaseValue | null): Promise<void> {
    const { k } = this;
    const outcome = await this.port.commit({
      checks: [
        { key: k.syncLease(), versionstamp: this.#versionstamp },
        { key: k.state(), versionstamp: this.#stateVersionstamp },
      ],
      sets: lease
        ? [...change.sets, { key: k.syncLease(), value: lease }]
        : change.sets,
      deletes: change.deletes,
    });
    if (outcome.ok) {
      this.#writes += change.sets.length + change.deletes.length;
      if (!lease) return;
      this.#value = lease;
      this.#versionstamp = outcome.versionstamp;
      return;
    }
    const versionstamp = lease && await appliedAs(this.port, k, lease);
    if (!versionstamp || versionstamp === this.#versionstamp) {
      throw await this.#whyRefused();
    }
    this.#value = lease;
    this.#versionstamp = versionstamp;
  }

  async #whyRefused(): Promise<Error> {
    const [held, state] = await this.port.getMany<LeaseValue | string>([
      this.k.syncLease(),
      this.k.state(),
    ]);
    if (state?.versionstamp !== this.#stateVersionstamp) {
      return new LeaseLostError(
        "Cannot go on: the tenant's state changed during the sync",
      );
    }
    if (held?.versionstamp !== this.#versionstamp) {
      return new LeaseLostError("Cannot go on: another sync took the lease");
    }
    return new TransientError("Cannot write: the database refused the commit");
  }

  /** Commits and renewals one after the other: a renewal changes what the next commit must check. */
  #exclusive<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => {});
    return result;
  }
}

/** A lease as it is when nobody holds it; the fence stays, since it only grows. */
export function freed({ fence }: LeaseValue): LeaseValue {
  return { owner: null, runId: null, expiresAt: 0, fence };
}

/**
 * How far a run has come that holds the tenant's lease: as of the last renewal, which is 5 s ago at most.
 *
 * @param now epoch milliseconds
 * @returns null when the run does not hold it: it is over, or whoever ran it has died
 */
export async function readRunProgress(
  store: Store,
  tenantId: string,
  runId: string,
  now: number,
): Promise<RunProgress | null> {
  const key = tenantKeys(tenantId).syncLease();
  const { value } = await kvOf(store).get<LeaseValue>(key);
  if (value?.runId !== runId || !isHeld(value, now)) return null;
  return value.progress ?? {};
}

/**
 * Whether a lease still runs. One that ends later than any lease given now could was written by a clock that is
 * wrong: waiting for its end could take hours. Its holder, if it lives, is stopped by the fence.
 */
function isHeld({ expiresAt }: LeaseValue, now: number): boolean {
  return expiresAt > now && expiresAt <= now + LEASE_MS + MAX_CLOCK_SKEW_MS;
}

/**
 * The version under which a refused change of the lease stands after all, or null. A remote database may apply
 * a commit, lose its answer, try again and then refuse what is done.
 */
async function appliedAs(
  port: KvPort,
  k: TenantKeys,
  lease: LeaseValue,
): Promise<string | null> {
  const { value, versionstamp } = await port.get<LeaseValue>(k.syncLease());
  return isSame(value, lease) ? versionstamp : null;
}

function isSame(stored: unknown, lease: LeaseValue): boolean {
  const { owner, runId, expiresAt, fence } = (stored ?? {}) as LeaseValue;
  return owner === lease.owner && runId === lease.runId &&
    expiresAt === lease.expiresAt && fence === lease.fence;
}
