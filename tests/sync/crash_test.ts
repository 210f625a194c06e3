import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { STREAMS, type SyncRun } from "../../lib/domain/mod.ts";
import { LEASE_MS } from "../../lib/store/lease.ts";
import { assertSound } from "../_checker.ts";
import { HOUR, SECOND } from "../_clock.ts";
import { differences, type Dump, dump, tenantRows } from "../_dump.ts";
import { Crash, crashAt, type KvHooks } from "../_kv.ts";
import {
  createRig,
  type RigOptions,
  type SyncRig,
  TEST_WEB_KEY,
} from "../_sync.ts";

const LARGE = "A long word about a market – 😀 ".repeat(3_000);

function smallBrand(fetch?: RigOptions["fetch"]): Promise<SyncRig> {
  return createRig({
    brand: { leads: 12 },
    tenant: { id: "acme" },
    ...(fetch ? { fetch } : {}),
  });
}

/** What happens upstream between two syncs. */
function liveOn({ simulator, clock }: SyncRig): void {
  simulator.advance(6);
  clock.advance(6 * HOUR);
  const brand = simulator.brand(TEST_WEB_KEY);
  brand.putNote({ id: "large", contact_id: "7", content: LARGE });
  const [lead] = brand.rows("leads");
  brand.removeLead(String(lead!.client_id));
}

/** Lets a process die at each of its commits, and the next one go on. */
async function crashEverywhere(
  prepare: (rig: SyncRig) => Promise<void>,
  expected: Dump,
): Promise<number> {
  for (let n = 1;; n++) {
    for (const when of ["before", "after"] as const) {
      await using rig = await smallBrand();
      await prepare(rig);
      const dying = await rig.another(crashAt(n, when));
      const error = await dying.sync({ full: true }).catch((error) => error);
      if (!(error instanceof Crash)) return n - 1;
      rig.clock.advance(LEASE_MS);
      const report = await rig.sync({ full: true });
      expect(report.status).toBe("success");
      expect(differences(await dump(rig.kv, "acme"), expected)).toEqual([]);
    }
  }
}

async function uninterrupted(
  prepare: (rig: SyncRig) => Promise<void>,
): Promise<Dump> {
  await using rig = await smallBrand();
  await prepare(rig);
  await rig.sync({ full: true });
  return await dump(rig.kv, "acme");
}

describe("a sync that is killed and run again", () => {
  it("ends like an uninterrupted one, wherever the first of all was killed", async () => {
    const prepare = (rig: SyncRig) => {
      const brand = rig.simulator.brand(TEST_WEB_KEY);
      brand.putNote({ id: "large", contact_id: "7", content: LARGE });
      // More than one operation holds, so that a stream is cut in its middle.
      for (let n = 0; n < 60; n++) {
        brand.putNote({ id: `long${n}`, content: "long ".repeat(2_000) });
      }
      return Promise.resolve();
    };
    const expected = await uninterrupted(prepare);
    const commits = await crashEverywhere(prepare, expected);
    expect(commits).toBeGreaterThan(13);
  });

  it("ends like an uninterrupted one, wherever a later one was killed", async () => {
    const prepare = async (rig: SyncRig) => {
      await rig.sync();
      liveOn(rig);
    };
    const expected = await uninterrupted(prepare);
    const commits = await crashEverywhere(prepare, expected);
    expect(commits).toBeGreaterThanOrEqual(10);
  });

  it("leaves every index sound where it was killed", async () => {
    for (let n = 1; n <= 20; n++) {
      const rig = await smallBrand();
      await (await rig.another(crashAt(n, "after"))).sync().catch(() => {});
      await assertSound(rig.kv, rig.tenant.id);
      rig.dispose();
    }
  });

  it("closes the run that never came to its end", async () => {
    await using rig = await smallBrand();
    await (await rig.another(crashAt(5, "after"))).sync().catch(() => {});
    const [before] = await (await rig.data()).listRuns(1);
    expect(before!.status).toBe("running");
    rig.clock.advance(LEASE_MS);
    await rig.sync();
    const [latest, first] = await (await rig.data()).listRuns(2);
    expect(latest!.status).toBe("success");
    expect(first).toMatchObject(
      {
        id: before!.id,
        status: "failed",
        errorMessage: "The sync was interrupted; the next one goes on",
        finishedAt: latest!.startedAt,
      } satisfies Partial<SyncRun>,
    );
  });

  it("leaves no part of a large note that was changed before the next run", async () => {
    for (const change of ["shortened", "removed"]) {
      await using rig = await smallBrand();
      const brand = rig.simulator.brand(TEST_WEB_KEY);
      brand.putNote({ id: "large", content: LARGE });
      const hooks = dieWhen(rig, (rows) => rows.has("ct_note_bodies"));
      await (await rig.another(hooks)).sync().catch(() => {});
      expect(await kinds(rig)).toContain("ct_note_bodies");
      if (change === "removed") brand.removeNote("large");
      else brand.putNote({ id: "large", content: "short" });
      rig.clock.advance(LEASE_MS);
      await rig.sync();
      expect(await kinds(rig)).not.toContain("ct_note_bodies");
    }
  });
});

describe("a sync that is stopped and run again", () => {
  it("ends like an uninterrupted one, at whichever request it was stopped", async () => {
    const expected = await uninterrupted(() => Promise.resolve());
    for (let n = 1; n <= STREAMS.length; n++) {
      const stop = new AbortController();
      let asked = 0;
      await using rig = await smallBrand((through) => async (url, init) => {
        if (++asked === n) stop.abort(new Error("The portal is stopping"));
        return await through(url, init);
      });
      const stopped = await rig.sync({ full: true, signal: stop.signal });
      expect(stopped).toMatchObject({ status: "failed" });
      expect(stopped.errorMessage).toMatch(/stopped before its end/);
      await assertSound(rig.kv, rig.tenant.id);
      rig.clock.advance(SECOND);
      expect((await rig.sync({ full: true })).status).toBe("success");
      expect(differences(await dump(rig.kv, "acme"), expected)).toEqual([]);
    }
  });
});

describe("raw records", () => {
  it("are stored before the records that come from them", async () => {
    await using rig = await smallBrand();
    const expected = await uninterrupted(() => Promise.resolve());
    const hooks = dieWhen(rig, (rows) => rows.get("ct_raw_snapshots") === 2);
    const dying = await rig.another(hooks);
    await expect(dying.sync()).rejects.toThrow(Crash);
    const stored = await kinds(rig);
    expect(stored).toContain("ct_raw_chunks");
    expect(stored).toContain("sales_cycles");
    expect(stored).not.toContain("leads");
    rig.clock.advance(LEASE_MS);
    await rig.sync();
    expect(differences(await dump(rig.kv, "acme"), expected)).toEqual([]);
  });

  it("are kept where the upstream takes them for an accident", async () => {
    await using rig = await smallBrand();
    await rig.sync();
    rig.clock.advance(24 * HOUR);
    rig.simulator.faults.add({ kind: "none", stream: "leads" });
    const report = await rig.sync();
    expect(report.streams.leads!.status).toBe("failed");
    const raw = await tenantRows(rig.kv, "acme");
    const manifest = raw.findLast(({ key }) => key[2] === "ct_raw_snapshots")!;
    expect(manifest.value).toMatchObject({
      streams: { leads: { kind: "baseline", count: 0, removed: [] } },
    });
  });
});

async function kinds(rig: SyncRig): Promise<unknown[]> {
  const rows = await tenantRows(rig.kv, rig.tenant.id);
  return [...new Set(rows.map(({ key }) => key[2]))];
}

/** How many rows of each kind there are; of manifests the number of streams in the newest. */
async function rowCounts(rig: SyncRig): Promise<Map<unknown, number>> {
  const counts = new Map<unknown, number>();
  for (const { key, value } of await tenantRows(rig.kv, rig.tenant.id)) {
    const count = key[2] === "ct_raw_snapshots"
      ? Object.keys((value as { streams: object }).streams).length
      : (counts.get(key[2]) ?? 0) + 1;
    counts.set(key[2], count);
  }
  return counts;
}

/** The process dies right after the commit that makes `then` true. */
function dieWhen(
  rig: SyncRig,
  then: (rows: Map<unknown, number>) => boolean,
): KvHooks {
  let dead = false;
  const dieIfDead = () => {
    if (dead) throw new Crash("the process died");
  };
  return {
    beforeGet: dieIfDead,
    beforeCommit: dieIfDead,
    afterCommit: async () => {
      dead ||= then(await rowCounts(rig));
      dieIfDead();
    },
  };
}
