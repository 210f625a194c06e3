import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type {
  Simulator,
  SimulatorServer,
} from "../../../lib/clienttether/simulator/mod.ts";
import { bodyOf, KEYS, simulatorOf } from "./_fixture.ts";

describe("serve()", () => {
  let simulator: Simulator;
  let server: SimulatorServer;

  beforeEach(() => {
    simulator = simulatorOf();
    server = simulator.serve();
  });
  afterEach(() => server.shutdown());

  const get = (init: RequestInit = {}) =>
    fetch(`${server.url}/v2/api/read_client_list`, { headers: KEYS, ...init });

  it("answers over HTTP on a free port of 127.0.0.1", async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect((await bodyOf(response)).TotalRecord).toBe(250);
  });

  it("refuses keys over HTTP too", async () => {
    const response = await get({ headers: {} });
    expect((await bodyOf(response)).code).toBe("CT501");
  });

  it("4: breaks a connection before any byte of the body", async () => {
    simulator.faults.add({ kind: "connection", call: 1 });
    await expect(get().then((response) => response.text())).rejects.toThrow();
    expect((await get().then(bodyOf)).TotalRecord).toBe(250);
  });

  it("4: refuses connections once it is shut down", async () => {
    const other = simulatorOf().serve();
    await other.shutdown();
    await expect(fetch(other.url)).rejects.toThrow();
  });

  it("5: stalls in the middle of a body until the reader gives up", async () => {
    simulator.faults.add({ kind: "stall" });
    const deadline = new AbortController();
    const response = await get({ signal: deadline.signal });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value)).toContain('{"data":[');
    const next = reader?.read();
    deadline.abort(new Error("deadline"));
    await expect(next).rejects.toThrow();
  });

  it("5: a stalled answer does not hold up the shutdown", async () => {
    const other = simulatorOf();
    other.faults.add({ kind: "stall" });
    const stalling = other.serve();
    const response = await fetch(
      `${stalling.url}/v2/api/read_client_list`,
      { headers: KEYS },
    );
    const reading = response.text().then(() => "whole", () => "broken");
    await stalling.shutdown();
    expect(await reading).toBe("broken");
  });

  it("6: breaks the connection in the middle of a body", async () => {
    simulator.faults.add({ kind: "reset" });
    const response = await get();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it("7: truncates JSON without breaking the connection", async () => {
    simulator.faults.add({ kind: "truncated_json" });
    const text = await (await get()).text();
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it("11: redirects to where custom headers would follow", async () => {
    const to = `${server.url}/v2/api/notes`;
    simulator.faults.add({ kind: "redirect", to, stream: "leads" });
    await expect(get({ redirect: "error" })).rejects.toThrow();
    expect(simulator.requests.count({ stream: "notes" })).toBe(0);
    await (await get()).body?.cancel();
    expect(simulator.requests.count({ stream: "notes" })).toBe(1);
  });

  it("25: sends a giant body that a reader may stop reading", async () => {
    simulator.faults.add({ kind: "giant_body" });
    const response = await get();
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > 1_000_000) break;
    }
    expect(bytes).toBeGreaterThan(1_000_000);
  });

  it("25: sends a small gzip that unpacks to millions of bytes", async () => {
    simulator.faults.add({ kind: "giant_body", gzip: true, bytes: 4_000_000 });
    const request = new Request("https://crm.test/v2/api/read_client_list", {
      headers: KEYS,
    });
    const packed = await (await simulator.handler(request)).bytes();
    expect(packed.length).toBeLessThan(20_000);
    const text = await (await get()).text();
    expect(text.length).toBeGreaterThan(4_000_000);
    expect(JSON.parse(text).TotalRecord).toBe(1);
  });

  it("26: carries bytes that are not UTF-8 unchanged", async () => {
    simulator.faults.add({ kind: "invalid_utf8" });
    const bytes = await (await get()).bytes();
    const strict = new TextDecoder("utf-8", { fatal: true });
    expect(() => strict.decode(bytes)).toThrow(TypeError);
  });
});
