import { expect } from "@std/expect";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import {
  createSimulator,
  type Simulator,
} from "../../lib/clienttether/simulator/mod.ts";
import { systemClock } from "../../lib/domain/mod.ts";
import { TEST_ACCESS_TOKEN, TEST_SECRET, TEST_WEB_KEY } from "../_sync.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const STREAMS = ["cycles", "leads", "opportunities", "notes", "activities"];

let dir: string;
let simulator: Simulator;
let server: ReturnType<Simulator["serve"]>;

/** Runs `portal …` as operators do, in a process of its own. */
async function portal(args: string[], env: Record<string, string> = {}) {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "cli/portal.ts", ...args],
    cwd: ROOT,
    stdin: "null",
    env: {
      PORTAL_SECRET: TEST_SECRET,
      DENO_KV_PATH: `${dir}/portal.sqlite3`,
      CLIENTTETHER_API_URL: server.url,
      CLIENTTETHER_MAX_RPS: "0",
      ...env,
    },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    code: output.code,
    out: text(output.stdout),
    err: text(output.stderr),
  };
}

describe("portal", () => {
  beforeAll(async () => {
    dir = await Deno.makeTempDir();
    simulator = createSimulator({
      seed: 5,
      clock: systemClock,
      brands: [{
        name: "Test Brand",
        webKey: TEST_WEB_KEY,
        accessToken: TEST_ACCESS_TOKEN,
        timezone: "America/New_York",
        leads: 25,
      }],
    });
    server = simulator.serve();
  });

  afterAll(async () => {
    await server.shutdown();
    await Deno.remove(dir, { recursive: true });
  });

  it("tenant add takes the keys from the environment and never prints them", async () => {
    const { code, out, err } = await portal(
      [
        "tenant",
        "add",
        "--name",
        "Test Brand",
        "--timezone",
        "America/New_York",
      ],
      {
        PORTAL_WEB_KEY: TEST_WEB_KEY,
        PORTAL_ACCESS_TOKEN: TEST_ACCESS_TOKEN,
      },
    );
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("test-brand");
    expect(out).not.toContain(TEST_WEB_KEY);
  });

  it("tenant list --json has the contract's shape", async () => {
    const { code, out } = await portal(["tenant", "list", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual([{
      id: expect.any(String),
      slug: "test-brand",
      name: "Test Brand",
      timezone: "America/New_York",
      status: "active",
      webKey: TEST_WEB_KEY.slice(-4),
      lastSyncAt: null,
    }]);
  });

  it("sync --json has the contract's shape and keeps standard output to itself", async () => {
    const { code, out, err } = await portal(["sync", "--json"]);
    expect(code).toBe(0);
    const [report, ...others] = JSON.parse(out);
    expect(others).toEqual([]);
    expect(report).toEqual({
      tenant: "test-brand",
      runId: expect.any(String),
      status: "success",
      recordsUpdated: expect.any(Number),
      errorMessage: null,
      streams: expect.any(Object),
    });
    expect(Object.keys(report.streams)).toEqual(STREAMS);
    expect(report.streams.leads).toEqual({
      status: "success",
      fetched: 25,
      written: 25,
      unchanged: 0,
      removed: 0,
      quarantined: 0,
      lastSuccessAt: expect.any(String),
      error: null,
    });
    expect(err).toContain("leads");
  });

  it("sync answers a refused key in one sentence, with exit code 1", async () => {
    const fault = simulator.faults.add({ kind: "key_revoked" });
    const { code, out, err } = await portal(["sync", "--tenant", "test-brand"]);
    fault.remove();
    expect(code).toBe(1);
    expect(out).toContain("ClientTether refused the web key");
    expect(out + err).not.toContain(TEST_WEB_KEY);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it("answers what is wrong in one line, with exit code 2", async () => {
    const wrong: [string[], Record<string, string>, RegExp][] = [
      [["sync", "--tenant", "nobody"], {}, /^Cannot find tenant 'nobody'/],
      [
        ["doctor"],
        { PORTAL_SECRET: "short" },
        /^Cannot do this: PORTAL_SECRET must be/,
      ],
      [["doctor"], { PORTAL_SECRET: "" }, /PORTAL_SECRET/],
      [
        ["sync"],
        { SYNC_CONCURRENCY: "many" },
        /^Cannot do this: SYNC_CONCURRENCY must be/,
      ],
      [
        ["tenant", "add", "--name", "X", "--timezone", "Mars/Base"],
        {},
        /'Mars\/Base' is not a time zone/,
      ],
      [["frobnicate"], {}, /unknown command/],
    ];
    for (const [args, env, says] of wrong) {
      const { code, out, err } = await portal(args, env);
      expect([args, code]).toEqual([args, 2]);
      expect(err).toMatch(says);
      expect(err.trim().split("\n").length).toBeLessThanOrEqual(2);
      expect(out).toBe("");
    }
  });

  it("user add asks for a role that fits, and for a password that is no argument", async () => {
    const args = ["user", "add", "--email", "kim@example.com", "--name", "Kim"];
    const without = await portal([...args, "--role", "tenant_viewer"], {
      PORTAL_PASSWORD: "correct horse battery",
    });
    expect(without.code).toBe(2);
    expect(without.err).toContain("--tenant");
    const added = await portal(
      [...args, "--role", "tenant_viewer", "--tenant", "test-brand"],
      { PORTAL_PASSWORD: "correct horse battery" },
    );
    expect([added.code, added.err]).toEqual([0, ""]);
    expect(added.out).not.toContain("correct horse");
  });

  it("doctor says that all is in order", async () => {
    const { code, out } = await portal(["doctor", "--json"]);
    expect(JSON.parse(out).every((check: { ok: boolean }) => check.ok)).toBe(
      true,
    );
    expect(code).toBe(0);
  });

  it("doctor --probe shows shapes, and nobody's data", async () => {
    const { code, out } = await portal([
      "doctor",
      "--probe",
      "--tenant",
      "test-brand",
    ]);
    expect(code).toBe(0);
    expect(out).toContain("read_client_list");
    for (const secret of [TEST_WEB_KEY, TEST_ACCESS_TOKEN]) {
      expect(out).not.toContain(secret);
    }
    for (const row of simulator.brand(TEST_WEB_KEY).rows("leads")) {
      expect(out).not.toContain(String(row.email || "@example.com"));
    }
  });
});
