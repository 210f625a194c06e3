import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { findTenant } from "../../lib/store/mod.ts";
import { HOUR } from "../_clock.ts";
import { keepBusy } from "./_busy.ts";
import { addAcme, type CliRig, createCliRig, jsonOf } from "./_rig.ts";

async function syncedRig(): Promise<CliRig> {
  const rig = await createCliRig();
  await addAcme(rig);
  expect((await rig.run("sync", "--tenant", "acme")).code).toBe(0);
  return rig;
}

/** Changes stored values of the tenant `acme` by hand. */
async function alter(
  rig: CliRig,
  kind: string,
  change: Record<string, unknown>,
): Promise<void> {
  const id = await rig.inPortal(async ({ store }) =>
    (await findTenant(store, "acme")).id
  );
  const kv = await Deno.openKv(rig.env.get("DENO_KV_PATH"));
  const list = kv.list<object>({ prefix: ["t", id, kind] }, { limit: 1 });
  for await (const { key, value } of list) {
    await kv.set(key, { ...value, ...change });
  }
  kv.close();
}

describe("portal replay", () => {
  it("--check prints no differences right after a sync", async () => {
    await using rig = await syncedRig();
    const { code, out, err } = await rig.run(
      "replay",
      "--tenant",
      "acme",
      "--check",
    );
    expect(code).toBe(0);
    expect(out).toHaveLength(1);
    expect(out[0]).toMatch(
      /^acme: 0 differences in \d+ records, 0 not covered by raw$/,
    );
    expect(err).toContain("acme: leads");
  });

  it("--check prints each difference and exits 1; without it they are put right", async () => {
    await using rig = await syncedRig();
    await alter(rig, "leads", { market: "Nowhere" });
    const checked = await rig.run("replay", "--tenant", "acme", "--check");
    expect(checked.code).toBe(1);
    expect(checked.out[0]).toMatch(
      /^leads \S+ market: raw says .*, stored "Nowhere"$/,
    );
    expect(checked.out[1]).toMatch(/^acme: 1 difference in \d+ records, /);
    const replayed = await rig.run("replay", "--tenant", "acme");
    expect(replayed.code).toBe(0);
    expect(replayed.out.at(-1)).toMatch(/; 1 written, 0 removed$/);
    const again = await rig.run("replay", "--tenant", "acme", "--check");
    expect(again.code).toBe(0);
  });

  it("prints JSON", async () => {
    await using rig = await syncedRig();
    const args = ["replay", "--tenant", "acme", "--check", "--json"];
    expect(jsonOf(await rig.run(...args))).toEqual({
      tenant: "acme",
      status: "same",
      records: expect.any(Number),
      notCovered: 0,
      differences: [],
      differenceCount: 0,
      written: 0,
      removed: 0,
      days: [],
      message: null,
    });
  });

  it("--from looks at the figures of earlier days", async () => {
    await using rig = await syncedRig();
    for (let n = 0; n < 3; n++) {
      rig.clock.advance(24 * HOUR);
      rig.simulator.advance(24);
      await rig.run("sync", "--tenant", "acme");
    }
    await alter(rig, "kpis", { totalLeads: 4711 });
    const range = ["--from", "2026-03-11", "--to", "2026-03-12"];
    const checked = await rig.run(
      "replay",
      "--tenant",
      "acme",
      "--check",
      ...range,
    );
    expect(checked.code).toBe(1);
    expect(checked.out.slice(0, 3)).toEqual([
      expect.stringMatching(/^views 2026-03-11 kpis.totalLeads: .*4711$/),
      "2026-03-11: different",
      "2026-03-12: the same",
    ]);
    const replayed = await rig.run("replay", "--tenant", "acme", ...range);
    expect(replayed.out).toContain("2026-03-11: written anew");
    const again = await rig.run(
      "replay",
      "--tenant",
      "acme",
      "--check",
      ...range,
    );
    expect(again.code).toBe(0);
  });

  it("answers what is wrong with one sentence and exit 2", async () => {
    await using rig = await syncedRig();
    for (
      const [args, sentence] of [
        [["--tenant", "nobody"], "no tenant has this slug or id"],
        [["--tenant", "acme", "--from", "soon"], "--from must be a day"],
        [["--tenant", "acme", "--to", "2026-03-01"], "--to needs --from"],
        [[], "required option '--tenant <tenant>' not specified"],
      ] as const
    ) {
      const { code, out, err } = await rig.run("replay", ...args);
      expect(code).toBe(2);
      expect(out).toEqual([]);
      expect(err).toHaveLength(1);
      expect(err[0]).toContain(sentence);
    }
  });

  it("waits for a sync that is under way, then says so and exits 1", async () => {
    await using rig = await syncedRig();
    const id = await rig.inPortal(async ({ store }) =>
      (await findTenant(store, "acme")).id
    );
    const { release } = await keepBusy(rig, id);
    for (const more of [[], ["--check"]]) {
      const { code, err } = await rig.run(
        "replay",
        "--tenant",
        "acme",
        ...more,
      );
      expect(code).toBe(1);
      expect(err).toContain("acme: waiting for a sync to end");
      expect(err.at(-1)).toMatch(/^Cannot replay 'acme': a sync of it is/);
    }
    release();
    const { code } = await rig.run("replay", "--tenant", "acme");
    expect(code).toBe(0);
  });
});
