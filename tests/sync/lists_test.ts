import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { tenantRows } from "../_dump.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";

async function stages({ kv, tenant }: SyncRig): Promise<Map<string, string>> {
  const rows = await tenantRows(kv, tenant.id);
  return new Map(
    rows.filter(({ key }) => key[2] === "leads").map(({ value }) => {
      const { id, stage } = value as { id: string; stage: string };
      return [id, stage];
    }),
  );
}

/** Serves further rows at the end of the leads' only page, as a list that holds an id twice would. */
function withRepeats(rows: () => unknown[]) {
  return createRig({
    brand: { leads: 30 },
    fetch: (through) => async (url, init) => {
      const answer = await through(url, init);
      if (!url.pathname.endsWith("/read_client_list")) return answer;
      const body = await answer.json();
      const data = [...body.data, ...rows()];
      return Response.json({ ...body, data, TotalRecord: data.length - 1 });
    },
  });
}

describe("a huge list", () => {
  it("is read over all its pages, and again without a write", async () => {
    await using rig = await createRig({
      brand: { leads: 4_321, notes: 10, opportunities: 2_000 },
    });
    const { streams } = await rig.sync();
    expect(streams.leads).toMatchObject({ fetched: 4_321, written: 4_321 });
    expect(rig.simulator.requests.count({ stream: "leads" })).toBe(44);
    expect((await stages(rig)).size).toBe(4_321);
    const again = await rig.sync();
    expect(again.recordsUpdated).toBe(0);
    expect(again.streams.leads!.unchanged).toBe(4_321);
  });

  it("is read whole where pages are shorter than asked for", async () => {
    await using rig = await createRig({ brand: { leads: 500 } });
    rig.simulator.faults.add({ kind: "short_page", size: 30, stream: "leads" });
    const { streams } = await rig.sync();
    expect(streams.leads).toMatchObject({ status: "success", written: 500 });
  });

  it("that gives the same page for ever fails its stream", async () => {
    await using rig = await createRig({ brand: { leads: 500 } });
    rig.simulator.faults.add({ kind: "same_page", stream: "leads" });
    const { streams } = await rig.sync();
    expect(streams.leads!.status).toBe("failed");
    expect(streams.leads!.error).toMatch(/same page twice/);
    expect(await stages(rig)).toEqual(new Map());
  });

  it("that fails on a later page changes nothing", async () => {
    await using rig = await createRig({ brand: { leads: 500 } });
    const fault = { kind: "reset", stream: "leads" } as const;
    rig.simulator.faults.add({ ...fault, call: { from: 3 } });
    const { streams } = await rig.sync();
    expect(streams.leads!.status).toBe("failed");
    expect((await stages(rig)).size).toBe(0);
  });
});

describe("a record that comes twice in a list", () => {
  it("across pages counts once, in its newer version", async () => {
    await using rig = await createRig({ brand: { leads: 250 } });
    rig.simulator.faults.add({ kind: "duplicate", count: 5, stream: "leads" });
    const { streams } = await rig.sync();
    expect(streams.leads).toMatchObject({
      status: "success",
      fetched: 250,
      written: 250,
      unchanged: 0,
    });
    expect((await stages(rig)).size).toBe(250);
  });

  it("is not written again where it is the same", async () => {
    let repeats: unknown[] = [];
    await using rig = await withRepeats(() => repeats);
    repeats = [rig.simulator.brand(TEST_WEB_KEY).rows("leads")[4]];
    const first = await rig.sync();
    expect(first.streams.leads).toMatchObject({ fetched: 30, written: 30 });
    const second = await rig.sync();
    expect(second.streams.leads).toMatchObject({ written: 0, unchanged: 30 });
  });

  it("settles on the newer version, in whatever order they come, and is then unchanged", async () => {
    const version = (stage: string, day: number) => ({
      client_id: "twice",
      firstName: "Robin",
      clients_sales_cycle: stage,
      last_modified_date: `2026-03-0${day} 10:00:00`,
    });
    const older = version("QR Sent", 1);
    const newer = version("FDD Sent", 2);
    for (const repeats of [[older, newer], [newer, older]]) {
      await using rig = await withRepeats(() => repeats);
      for (let n = 0; n < 4; n++) {
        const { streams } = await rig.sync();
        expect((await stages(rig)).get("twice")).toBe("FDD Sent");
        expect(streams.leads).toMatchObject({
          fetched: 31,
          written: n === 0 ? 31 : 0,
          unchanged: n === 0 ? 0 : 31,
        });
      }
    }
  });

  it("takes over a change of its newer version", async () => {
    const version = (stage: string, day: number) => ({
      client_id: "twice",
      clients_sales_cycle: stage,
      last_modified_date: `2026-03-0${day} 10:00:00`,
    });
    let repeats = [version("FDD Sent", 2), version("QR Sent", 1)];
    await using rig = await withRepeats(() => repeats);
    await rig.sync();
    repeats = [version("FDD Signed", 3), version("QR Sent", 1)];
    const { streams } = await rig.sync();
    expect(streams.leads!.written).toBe(1);
    expect((await stages(rig)).get("twice")).toBe("FDD Signed");
  });
});
