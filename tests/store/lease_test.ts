import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { FakeTime } from "@std/testing/time";
import { expect } from "@std/expect";
import { createKvPort, type KvPort } from "../../lib/store/_kv.ts";
import { type Key, type TenantKeys, tenantKeys } from "../../lib/store/keys.ts";
import {
  Lease,
  LEASE_MS,
  LeaseLostError,
  type LeaseValue,
  MAX_CLOCK_SKEW_MS,
  RENEW_MS,
} from "../../lib/store/lease.ts";
import { readRunProgress, setTenantStatus } from "../../lib/store/mod.ts";
import { HOUR, SECOND, TestClock } from "../_clock.ts";
import { createRig, type SyncRig } from "../_sync.ts";

let rig: SyncRig;
let port: KvPort;
let k: TenantKeys;

beforeEach(async () => {
  rig = await createRig({ brand: { leads: 1 } });
  port = createKvPort(rig.kv);
  k = tenantKeys(rig.tenant.id);
});
afterEach(() => rig.dispose());

const take = (owner: string, by = port) =>
  Lease.take(by, k, rig.clock, { owner, runId: owner });

async function taken(owner: string, by = port): Promise<Lease> {
  const lease = await take(owner, by);
  if (!lease) throw new Error(`${owner} did not get the lease`);
  return lease;
}

/** A change of a row that only these tests write. */
const change = (value: string) => ({
  sets: [{ key: k.report("test"), value }],
  deletes: [],
});
const written = async () => (await rig.kv.get(k.report("test"))).value;
const stored = async () => (await rig.kv.get<LeaseValue>(k.syncLease())).value;

describe("Lease", () => {
  it("is given to one at a time", async () => {
    const [a, b] = await Promise.all([take("a"), take("b")]);
    expect([a, b].filter((lease) => lease !== null).length).toBe(1);
    expect(await take("c")).toBeNull();
  });

  it("carries how far its run has come with the next renewal, and drops it when it is given back", async () => {
    const lease = await taken("a");
    const at = (runId: string, now = rig.clock.now()) =>
      readRunProgress(rig.store, rig.tenant.id, runId, now);
    expect(await at("a")).toEqual({});
    const progress = { leads: { phase: "reading", records: 300 } } as const;
    lease.note(progress);
    expect(await at("a")).toEqual({});
    await lease.renew();
    expect(await at("a")).toEqual(progress);
    expect(await at("b")).toBeNull();
    expect(await at("a", rig.clock.now() + LEASE_MS)).toBeNull();
    await lease.release({ sets: [], deletes: [] });
    expect(await at("a")).toBeNull();
    await taken("b");
    expect(await at("b")).toEqual({});
  });

  it("is not given for a tenant that is not active, or that never was", async () => {
    await setTenantStatus(rig.store, rig.tenant.id, "suspended");
    expect(await take("a")).toBeNull();
    const nobody = tenantKeys("nobody");
    const who = { owner: "a", runId: "a" };
    expect(await Lease.take(port, nobody, rig.clock, who)).toBeNull();
  });

  it("writes what its holder commits", async () => {
    const lease = await taken("a");
    await lease.commit(change("by a"));
    expect(await written()).toBe("by a");
  });

  it("is taken over when it has expired, and not a moment before", async () => {
    await taken("a");
    rig.clock.advance(LEASE_MS - 1);
    expect(await take("b")).toBeNull();
    rig.clock.advance(1);
    expect((await taken("b")).fence).toBe(2);
  });

  it("refuses what a holder commits that lost it, and writes nothing of it", async () => {
    const zombie = await taken("a");
    rig.clock.advance(LEASE_MS);
    const heir = await taken("b");
    await heir.commit(change("by b"));
    const late = zombie.commit(change("by a"));
    await expect(late).rejects.toThrow(LeaseLostError);
    await expect(late).rejects.toThrow("another sync took the lease");
    await expect(zombie.renew()).rejects.toThrow(LeaseLostError);
    await expect(zombie.release(change("by a"))).rejects.toThrow(
      LeaseLostError,
    );
    expect(await written()).toBe("by b");
    await heir.commit(change("by b again"));
  });

  it("refuses a commit after the tenant's state changed, even if it changed back", async () => {
    const lease = await taken("a");
    await setTenantStatus(rig.store, rig.tenant.id, "inactive");
    await setTenantStatus(rig.store, rig.tenant.id, "active");
    const late = lease.commit(change("by a"));
    await expect(late).rejects.toThrow(LeaseLostError);
    await expect(late).rejects.toThrow("the tenant's state changed");
    expect(await written()).toBeNull();
  });

  it("does not mind that the same state is set again", async () => {
    const lease = await taken("a");
    await setTenantStatus(rig.store, rig.tenant.id, "active");
    await lease.commit(change("by a"));
    expect(await written()).toBe("by a");
  });

  it("has a fence that grows with every lease given, also after a release", async () => {
    const fences: number[] = [];
    for (const owner of ["a", "b", "c"]) {
      const lease = await taken(owner);
      fences.push(lease.fence);
      await lease.release(change(owner));
    }
    expect(fences).toEqual([1, 2, 3]);
    expect(await stored()).toEqual({
      owner: null,
      runId: null,
      expiresAt: 0,
      fence: 3,
    });
  });

  it("stays with a holder that renews it", async () => {
    const lease = await taken("a");
    for (let n = 0; n < 5; n++) {
      rig.clock.advance(10 * SECOND);
      await lease.renew();
    }
    rig.clock.advance(10 * SECOND);
    expect(await take("b")).toBeNull();
    await lease.commit(change("by a"));
    expect(await written()).toBe("by a");
  });

  it("is free as soon as it is released, with the last change written", async () => {
    const lease = await taken("a");
    await lease.release(change("the end"));
    expect(await written()).toBe("the end");
    expect((await taken("b")).fence).toBe(2);
  });

  it("keeps commits and renewals apart that are asked for at once", async () => {
    const lease = await taken("a");
    await Promise.all([
      lease.renew(),
      lease.commit(change("first")),
      lease.renew(),
      lease.commit(change("second")),
      lease.release(change("third")),
    ]);
    expect(await written()).toBe("third");
  });

  it("understands that a change of its own was applied though the answer was lost", async () => {
    /** Like a remote database whose client tries again after a lost answer. */
    const twice: KvPort = {
      ...port,
      commit: async (commit) => {
        await port.commit(commit);
        return await port.commit(commit);
      },
    };
    const lease = await taken("a", twice);
    await lease.renew();
    await lease.commit(change("by a"));
    await lease.release(change("the end"));
    expect(await written()).toBe("the end");
    expect((await stored())?.owner).toBeNull();
  });
});

describe("a lease given by a machine whose clock is ahead", () => {
  /** Another machine; what it writes is dated by its own clock. */
  async function takenAhead(ms: number): Promise<Lease> {
    const clock = new TestClock(rig.clock.now() + ms);
    const who = { owner: "ahead", runId: "ahead" };
    const lease = await Lease.take(port, k, clock, who);
    if (!lease) throw new Error("the other machine did not get the lease");
    return lease;
  }

  it("is respected as long as the clocks are as near as clocks are kept", async () => {
    await takenAhead(MAX_CLOCK_SKEW_MS);
    expect(await take("b")).toBeNull();
    rig.clock.advance(LEASE_MS + MAX_CLOCK_SKEW_MS - 1);
    expect(await take("b")).toBeNull();
    rig.clock.advance(1);
    expect((await taken("b")).fence).toBe(2);
  });

  it("does not keep the tenant busy for hours: the fence stops its holder", async () => {
    const lease = await takenAhead(3 * HOUR);
    const heir = await taken("b");
    expect(heir.fence).toBe(2);
    await expect(lease.commit(change("by the one ahead"))).rejects.toThrow(
      LeaseLostError,
    );
    await heir.commit(change("by b"));
    expect(await written()).toBe("by b");
  });

  it("is taken over at once by the machine itself, when its clock was put right", async () => {
    await takenAhead(MAX_CLOCK_SKEW_MS + 1);
    expect((await taken("a")).fence).toBe(2);
  });
});

describe("the lease's heartbeat", () => {
  it("renews it every five seconds until it is stopped", async () => {
    using time = new FakeTime();
    const lease = await taken("a");
    lease.start(() => {});
    rig.clock.advance(RENEW_MS);
    time.tick(RENEW_MS);
    // Commits wait for the renewal before them.
    await lease.commit(change("by a"));
    expect((await stored())?.expiresAt).toBe(rig.clock.now() + LEASE_MS);
    lease.stop();
    rig.clock.advance(RENEW_MS);
    time.tick(RENEW_MS);
    await lease.commit(change("by a"));
    expect((await stored())?.expiresAt).toBeLessThan(
      rig.clock.now() + LEASE_MS,
    );
  });

  it("tells when the lease is lost, and ends", async () => {
    using time = new FakeTime();
    const lease = await taken("a");
    const lost = new Promise((resolve) => lease.start(resolve));
    rig.clock.advance(LEASE_MS);
    await taken("b");
    time.tick(RENEW_MS);
    expect(await lost).toBeInstanceOf(LeaseLostError);
    expect(time.next()).toBe(false);
  });
});

describe("a commit under a lease", () => {
  it("checks the lease and the tenant's state, and nothing more", async () => {
    const checked: Key[][] = [];
    const watched: KvPort = {
      ...port,
      commit: (commit) => {
        checked.push((commit.checks ?? []).map(({ key }) => key));
        return port.commit(commit);
      },
    };
    const lease = await taken("a", watched);
    await lease.commit(change("by a"));
    expect(checked.at(-1)).toEqual([k.syncLease(), k.state()]);
  });
});
