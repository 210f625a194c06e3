import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  type Fault,
  FAULTS,
  faultsOfRow,
} from "../../../lib/clienttether/simulator/mod.ts";
import { ask, bodyOf, brandA, KEYS, simulatorOf } from "./_fixture.ts";
import { LEADS, spoilt } from "./_faults_fixture.ts";

describe("FAULTS", () => {
  it("plays every row of the fault matrix from 1 to 30", () => {
    for (let row = 1; row <= 30; row++) {
      expect(faultsOfRow(row).length).toBeGreaterThan(0);
    }
    for (const { doc } of Object.values(FAULTS)) {
      expect(doc).toMatch(/\.$/);
    }
  });
});

describe("faults.add()", () => {
  it("keeps to its brand, stream and endpoint", async () => {
    const other = brandA({ webKey: "key-b" });
    const simulator = simulatorOf(brandA(), { brands: [brandA(), other] });
    simulator.faults.add({ kind: "http_status", brand: "key-b" });
    expect((await ask(simulator, LEADS)).status).toBe(200);
    simulator.faults.clear();
    simulator.faults.add({ kind: "http_status", stream: "notes" });
    expect((await ask(simulator, LEADS)).status).toBe(200);
    expect((await ask(simulator, "notes")).status).toBe(503);
    simulator.faults.clear();
    simulator.faults.add({
      kind: "http_status",
      endpoint: "read_client_by_id",
    });
    expect((await ask(simulator, LEADS)).status).toBe(200);
    expect((await ask(simulator, "read_client_by_id/1")).status).toBe(503);
  });

  it("counts calls from when it was added", async () => {
    const simulator = simulatorOf();
    await ask(simulator, LEADS);
    const handle = simulator.faults.add({ kind: "http_status", call: 2 });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) {
      statuses.push((await ask(simulator, LEADS)).status);
    }
    expect(statuses).toEqual([200, 503, 200, 200]);
    expect([handle.calls, handle.hits]).toEqual([4, 1]);
  });

  it("takes a range of calls with both ends in", async () => {
    const simulator = simulatorOf();
    simulator.faults.add({ kind: "http_status", call: { from: 2, to: 3 } });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) {
      statuses.push((await ask(simulator, LEADS)).status);
    }
    expect(statuses).toEqual([200, 503, 503, 200]);
  });

  it("gives a handle whose removal brings every true answer back", async () => {
    const simulator = simulatorOf();
    const truth = await (await ask(simulator, LEADS)).text();
    const faults: Fault[] = [
      { kind: "type_drift" },
      { kind: "none" },
      { kind: "fewer" },
      { kind: "big_id" },
      { kind: "truncated_json" },
      { kind: "key_revoked" },
    ];
    for (const fault of faults) {
      const handle = simulator.faults.add(fault);
      expect(await (await ask(simulator, LEADS)).text()).not.toBe(truth);
      handle.remove();
      expect(await (await ask(simulator, LEADS)).text()).toBe(truth);
    }
    expect(simulator.faults.list()).toEqual([]);
  });
});

describe("simulator.fetch", () => {
  const url = `https://crm.test/v2/api/${LEADS}`;

  it("asks the handler as a fetch would", async () => {
    const response = await simulatorOf().fetch(url, { headers: KEYS });
    expect((await bodyOf(response)).TotalRecord).toBe(250);
  });

  it("refuses redirects where told to", async () => {
    const { fetch } = spoilt({ kind: "redirect" });
    await expect(fetch(url, { headers: KEYS, redirect: "error" })).rejects
      .toThrow(TypeError);
    const response = await fetch(url, { headers: KEYS, redirect: "manual" });
    expect(response.status).toBe(302);
  });

  it("unpacks gzip", async () => {
    const { fetch } = spoilt({
      kind: "giant_body",
      gzip: true,
      bytes: 300_000,
    });
    const body = await bodyOf(await fetch(url, { headers: KEYS }));
    expect(JSON.stringify(body.data).length).toBeGreaterThan(300_000);
  });

  it("ends a stalled body when the signal does", async () => {
    const { fetch } = spoilt({ kind: "stall" });
    const controller = new AbortController();
    const response = await fetch(url, {
      headers: KEYS,
      signal: controller.signal,
    });
    const reading = response.text();
    controller.abort(new Error("deadline"));
    await expect(reading).rejects.toThrow("deadline");
  });
});
