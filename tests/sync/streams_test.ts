import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { type StreamName, STREAMS } from "../../lib/domain/mod.ts";
import { HOUR } from "../_clock.ts";
import { dump } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

const state = async (rig: SyncRig) => await (await rig.data()).syncState();

/** Query of the latest request of a stream. */
function asked({ simulator }: SyncRig, stream: StreamName) {
  return simulator.requests.log.findLast((one) => one.stream === stream)?.query;
}

function later({ clock, simulator }: SyncRig, hours = 1): void {
  clock.advance(hours * HOUR);
  simulator.advance(hours);
}

describe("streams", () => {
  it("are asked for one after another, the sales cycles first", async () => {
    let under = 0;
    let most = 0;
    await using rig = await createRig({
      fetch: (through) => async (url, init) => {
        most = Math.max(most, ++under);
        const answer = await through(url, init);
        under--;
        return answer;
      },
    });
    await rig.sync();
    const order = rig.simulator.requests.log.map(({ stream }) => stream);
    expect([...new Set(order)]).toEqual([...STREAMS]);
    expect(most).toBe(1);
  });

  for (const broken of STREAMS) {
    it(`stand alone: the others go on when ${broken} fail`, async () => {
      await using rig = await createRig();
      await rig.sync();
      const before = await dump(rig.kv, rig.tenant.id);
      later(rig, 3);
      rig.simulator.faults.add({ kind: "http_status", stream: broken });
      const report = await rig.sync();
      expect(report.status).toBe("failed");
      for (const stream of STREAMS) {
        expect(report.streams[stream]!.status).toBe(
          stream === broken ? "failed" : "success",
        );
      }
      const after = await dump(rig.kv, rig.tenant.id);
      const index = `sync_index / ${broken} /`;
      const kept = Object.keys(before).filter((key) => key.startsWith(index));
      expect(kept.length).toBeGreaterThan(0);
      for (const key of kept) expect(after[key]).toEqual(before[key]);
    });
  }

  it("count what was fetched, written, unchanged and in quarantine", async () => {
    await using rig = await createRig({ brand: { leads: 250 } });
    rig.simulator.faults.add({
      kind: "missing_id",
      stream: "leads",
      record: 3,
    });
    const first = await rig.sync();
    expect(first.streams.leads).toMatchObject({
      fetched: 250,
      written: 249,
      unchanged: 0,
      quarantined: 1,
    });
    const second = await rig.sync();
    expect(second.streams.leads).toMatchObject({
      fetched: 250,
      written: 0,
      unchanged: 249,
      quarantined: 1,
    });
    expect(second.recordsUpdated).toBe(0);
  });
});

describe("a refused key", () => {
  it("ends the asking: the other streams of the run are not asked", async () => {
    await using rig = await createRig();
    await rig.sync();
    const lastSyncAt = (await state(rig)).lastSyncAt;
    later(rig);
    rig.simulator.requests.reset();
    rig.simulator.faults.add({ kind: "key_revoked", stream: "leads" });
    const report = await rig.sync();
    const statuses = STREAMS.map((stream) => report.streams[stream]!.status);
    expect(statuses).toEqual([
      "success",
      "refused",
      "not_asked",
      "not_asked",
      "not_asked",
    ]);
    expect(rig.simulator.requests.count({ stream: "leads" })).toBe(1);
    expect(rig.simulator.requests.count({ stream: "notes" })).toBe(0);
    expect(report.errorMessage).toMatch(/refused the web key/);
    expect((await state(rig)).lastSyncAt).toBe(lastSyncAt);
  });

  it("keeps the data and is good again after the next success", async () => {
    await using rig = await createRig();
    await rig.sync();
    const fault = rig.simulator.faults.add({ kind: "key_revoked" });
    later(rig);
    await rig.sync();
    expect((await (await rig.data()).listLeads({ limit: 1 })).total)
      .toBeGreaterThan(30);
    fault.remove();
    later(rig);
    const report = await rig.sync();
    expect(report.status).toBe("success");
    expect((await state(rig)).lastSyncAt).toBe((await state(rig)).finishedAt);
  });

  it("is heard in every spelling", async () => {
    for (const style of ["http401", "http403", "CT501"] as const) {
      await using rig = await createRig();
      rig.simulator.faults.add({ kind: "key_revoked", style });
      const report = await rig.sync();
      expect(report.streams.cycles!.status).toBe("refused");
      expect(report.streams.leads!.status).toBe("not_asked");
    }
  });
});

describe("activities that ClientTether does not offer", () => {
  const unconnected = (missingStyle: "http404" | "CT404") =>
    createRig({ brand: { activitiesList: false, missingStyle } });

  it("are not connected, which is no failure", async () => {
    for (const style of ["http404", "CT404"] as const) {
      await using rig = await unconnected(style);
      const report = await rig.sync();
      expect(report.status).toBe("success");
      expect(report.streams.activities!.status).toBe("not_connected");
      expect((await state(rig)).lastSyncAt).not.toBeNull();
    }
  });

  it("are asked for again once a day, in the tenant's zone", async () => {
    await using rig = await unconnected("http404");
    const count = () => rig.simulator.requests.count({ stream: "activities" });
    await rig.sync();
    expect(count()).toBe(1);
    for (let hour = 0; hour < 12; hour++) {
      later(rig);
      const report = await rig.sync();
      expect(report.streams.activities!.status).toBe("not_connected");
    }
    expect(rig.clock.now()).toBe(Date.parse("2026-03-12T03:00:00Z"));
    expect(count()).toBe(1);
    later(rig); // midnight in New York
    await rig.sync();
    expect(count()).toBe(2);
  });

  it("are asked for again at once when everything is to be read whole", async () => {
    await using rig = await unconnected("http404");
    await rig.sync();
    await rig.sync({ full: true });
    expect(rig.simulator.requests.count({ stream: "activities" })).toBe(2);
  });
});

describe("notes", () => {
  it("are read whole at first, later from 48 hours before the last success", async () => {
    await using rig = await createRig();
    await rig.sync();
    expect(asked(rig, "notes")).not.toHaveProperty("since");
    later(rig);
    await rig.sync();
    expect(asked(rig, "notes")!.since).toBe("2026-03-09T15:00:00.000Z");
    later(rig);
    rig.simulator.faults.add({
      kind: "http_status",
      stream: "notes",
      call: { to: 4 },
    });
    await rig.sync();
    later(rig);
    await rig.sync();
    expect(asked(rig, "notes")!.since).toBe("2026-03-09T16:00:00.000Z");
  });

  it("are read whole once a day, from 03:00 in the tenant's zone", async () => {
    await using rig = await createRig({ now: "2026-03-11T15:30:00Z" });
    await rig.sync();
    const whole: string[] = [];
    for (let hour = 1; hour <= 24; hour++) {
      later(rig);
      await rig.sync();
      if (!asked(rig, "notes")!.since) {
        whole.push(new Date(rig.clock.now()).toISOString());
      }
    }
    expect(whole).toEqual(["2026-03-12T07:30:00.000Z"]);
  });

  it("that were edited long after they were made are found by the full pass", async () => {
    await using rig = await createRig();
    const brand = rig.simulator.brand(TEST_WEB_KEY);
    const old = { id: "old", date: "2026-01-02 10:00:00" };
    brand.putNote({ ...old, content: "as it was" });
    await rig.sync();
    brand.putNote({ ...old, content: "as it is" });
    const content = async () =>
      (await (await rig.data()).getNote("old"))!.content;
    later(rig);
    await rig.sync();
    expect(await content()).toBe("as it was");
    later(rig, 18);
    await rig.sync();
    expect(await content()).toBe("as it is");
  });

  it("are read whole again where the clock was set back", async () => {
    await using rig = await createRig();
    await rig.sync();
    rig.clock.advance(-5 * HOUR);
    await rig.sync();
    expect(asked(rig, "notes")).not.toHaveProperty("since");
  });
});

describe("activities", () => {
  it("are asked for from yesterday to 180 days ahead, as days of the tenant's zone", async () => {
    await using rig = await createRig({ now: "2026-03-12T03:30:00Z" });
    await rig.sync();
    expect(asked(rig, "activities")).toMatchObject({
      start_date: "2026-03-10",
      end_date: "2026-09-07",
    });
  });
});
