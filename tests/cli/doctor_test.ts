import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  findTenant,
  openStorePatiently,
  setTenantStatus,
} from "../../lib/store/mod.ts";
import { keepBusy } from "./_busy.ts";
import {
  ACCESS_TOKEN,
  addAcme,
  type CliRig,
  createCliRig,
  jsonOf,
  WEB_KEY,
} from "./_rig.ts";

let rig: CliRig;
/** Id of the tenant `acme`. */
let acme: string;

beforeEach(async () => {
  rig = await createCliRig();
  await addAcme(rig);
  acme = await rig.inPortal(async ({ store }) =>
    (await findTenant(store, "acme")).id
  );
});

afterEach(async () => await rig[Symbol.asyncDispose]());

async function inDatabase(work: (kv: Deno.Kv) => Promise<unknown>) {
  const kv = await Deno.openKv(rig.env.get("DENO_KV_PATH"));
  try {
    await work(kv);
  } finally {
    kv.close();
  }
}

/** Deletes the rows of a kind, at most `limit`. */
const lose = (kind: string, limit: number) =>
  inDatabase(async (kv) => {
    const rows = kv.list({ prefix: ["t", acme, kind] }, { limit });
    for await (const { key } of rows) await kv.delete(key);
  });

const deep = (...args: string[]) => rig.run("doctor", "--deep", ...args);

describe("portal doctor", () => {
  const denoLine = async () =>
    (await rig.run("doctor")).out.filter((line) => / deno: /.test(line));

  it("says which Deno the portal runs on, once it has been started", async () => {
    expect(await denoLine()).toEqual([]);
    const path = rig.env.get("DENO_KV_PATH")!;
    (await openStorePatiently({ path })).close();
    expect(await denoLine())
      .toEqual([`ok    deno: the portal runs on ${Deno.version.deno}`]);
  });

  it("fails where that cannot read what commands write", async () => {
    const older = JSON.stringify({ deno: "1.40.0", format: 14 });
    await inDatabase((kv) =>
      kv.set(["serving"], new TextEncoder().encode(older))
    );
    expect(await denoLine()).toEqual([
      `FAIL  deno: the portal runs on 1.40.0, which cannot read what ${Deno.version.deno} writes: ` +
      "run commands with npx -y deno@1.40.0, or restart the portal with this one",
    ]);
  });
});

describe("portal doctor --deep", () => {
  it("sums up what it compared, and ends well where nothing differs", async () => {
    await rig.run("sync");
    const { code, out, err } = await deep();
    expect(code).toBe(0);
    expect(out).toEqual([
      "users and brands: 1 record, 1 index row, 0 differences",
      expect.stringMatching(
        /^acme: \d+ records, \d+ index rows, 0 differences$/,
      ),
    ]);
    expect(err).toContain("acme: raw snapshots");
  });

  it("prints a line for each difference, fifty at most, and fails", async () => {
    await rig.run("sync");
    await lose("leads_by_created", 2);
    const few = await deep("--tenant", "acme");
    expect(few.code).toBe(1);
    expect(few.out).toEqual([
      expect.stringMatching(/^acme: leads_by_created \/ .*is missing, though/),
      expect.stringMatching(/^acme: leads_by_created \/ .*is missing, though/),
      expect.stringMatching(/ index rows, 2 differences$/),
    ]);
    await lose("sync_index", 1_000);
    const many = await deep();
    expect([many.code, many.out.length]).toEqual([1, 1 + 50 + 2]);
    expect(many.out.at(-2)).toMatch(/^acme: and \d+ more$/);
  });

  it("finds what differs among brands and users", async () => {
    await inDatabase((kv) => kv.delete(["tenants_by_slug", "acme"]));
    const { code, out } = await deep();
    expect([code, out.slice(0, 2)]).toEqual([1, [
      "users and brands: tenants_by_slug / acme: is missing, though a record asks for it",
      "users and brands: 1 record, 0 index rows, 1 difference",
    ]]);
  });

  it("prints the same as JSON", async () => {
    await rig.run("sync");
    await lose("ct_notes_by_date", 1);
    const ran = await deep("--json", "--tenant", "acme");
    expect([ran.code, jsonOf(ran)]).toEqual([1, [{
      tenant: "acme",
      records: expect.any(Number),
      indexRows: expect.any(Number),
      found: 1,
      differences: [expect.stringMatching(/^ct_notes_by_date \/ /)],
      remarks: [],
      error: null,
    }]]);
  });

  it("checks a tenant that is not synced any more, and none that was purged", async () => {
    await rig.run("sync");
    const status = (status: "suspended" | "purged") =>
      rig.inPortal(({ store }) => setTenantStatus(store, acme, status));
    await status("suspended");
    expect((await deep()).out.at(-1)).toMatch(/^acme: .* 0 differences$/);
    await status("purged");
    expect((await deep()).out).toHaveLength(1);
    const named = await deep("--tenant", "acme");
    expect([named.code, named.err]).toEqual([2, [
      "Cannot find tenant 'acme': its data was purged",
    ]]);
  });

  it("waits a minute for a sync to end, then says so and checks the others", async () => {
    rig.env.set("PORTAL_WEB_KEY", "");
    await rig.run("tenant", "add", "--name", "Bolt", "--timezone", "UTC");
    await keepBusy(rig, acme);
    const before = rig.clock.now();
    const { code, out, err } = await deep();
    expect([code, rig.clock.now() - before]).toEqual([1, 60_000]);
    expect(out.slice(1)).toEqual([
      "acme: Cannot check 'acme': a sync of it is under way; try again when it has ended",
      "bolt: 0 records, 0 index rows, 0 differences",
    ]);
    expect(err).toContain("acme: waiting for a sync to end");
  });

  it("answers wrong options in one sentence, with exit code 2", async () => {
    const wrong: [string[], RegExp][] = [
      [
        ["--deep", "--probe"],
        /^Cannot do this: choose one of --deep and --probe$/,
      ],
      [["--deep", "--tenant", "none"], /^Cannot find tenant 'none'/],
      [["--tenant", "acme"], /--probe and --tenant SLUG go together/],
      [["--probe"], /--probe and --tenant SLUG go together/],
    ];
    for (const [args, says] of wrong) {
      const { code, out, err } = await rig.run("doctor", ...args);
      expect([args, code, out, err.length]).toEqual([args, 2, [], 1]);
      expect(err[0]).toMatch(says);
    }
  });
});

describe("portal doctor --probe", () => {
  const probe = (...args: string[]) =>
    rig.run("doctor", "--probe", "--tenant", "acme", ...args);

  it("shows how each endpoint answers, without a value or a key", async () => {
    const text = await probe();
    const asJson = await probe("--json");
    expect([text.code, asJson.code]).toEqual([0, 0]);
    expect(text.out.filter((line) => line.startsWith("GET "))).toHaveLength(6);
    const all = [...text.out, ...text.err, ...asJson.out].join("\n");
    expect(all).not.toContain(WEB_KEY);
    expect(all).not.toContain(ACCESS_TOKEN);
    for (const row of rig.simulator.brand(WEB_KEY).rows("leads").slice(0, 10)) {
      for (const value of [row.email, row.lastName, row.phone]) {
        if (value) expect(all).not.toContain(String(value));
      }
    }
  });

  it("fails where a sync could not do with the answers", async () => {
    const codes: Record<string, number> = {};
    for (const kind of ["key_revoked", "html", "connection"] as const) {
      const fault = rig.simulator.faults.add({ kind });
      const { code, out, err } = await probe();
      fault.remove();
      codes[kind] = code;
      expect([...out, ...err].join("\n")).not.toContain(WEB_KEY);
      expect([...out, ...err].join("\n")).not.toMatch(/^\s+at /m);
    }
    expect(codes).toEqual({ key_revoked: 1, html: 1, connection: 1 });
  });

  it("asks for no tenant that is unknown, purged or without a key", async () => {
    const none = await rig.run("doctor", "--probe", "--tenant", "none");
    expect([none.code, none.out]).toEqual([2, []]);
    rig.env.set("PORTAL_WEB_KEY", "");
    await rig.run("tenant", "add", "--name", "Bolt", "--timezone", "UTC");
    const bolt = await rig.run("doctor", "--probe", "--tenant", "bolt");
    expect([bolt.code, bolt.err]).toEqual([2, [
      "Cannot probe tenant 'bolt': it has no web key. Give it one: portal tenant set bolt --web-key",
    ]]);
    await rig.inPortal(({ store }) => setTenantStatus(store, acme, "purged"));
    expect((await probe()).code).toBe(2);
  });
});
