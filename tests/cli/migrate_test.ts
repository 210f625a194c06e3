import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { keys } from "../../lib/store/keys.ts";
import { SCHEMA_VERSION } from "../../lib/store/mod.ts";
import { allRows } from "../_dump.ts";
import { makeEarlier } from "../store/_earlier.ts";
import { expectSentence, isThere } from "./_bad_input.ts";
import { type CliRig, createCliRig, jsonOf } from "./_rig.ts";

/** A command line over the database of an earlier release. */
async function createEarlier(): Promise<CliRig> {
  const rig = await createCliRig();
  await makeEarlier(2, rig.env.get("DENO_KV_PATH")!);
  return rig;
}

async function rows(rig: CliRig) {
  const kv = await Deno.openKv(rig.env.get("DENO_KV_PATH")!);
  const all = await allRows(kv);
  kv.close();
  return all;
}

describe("portal migrate", () => {
  it("--dry-run names the steps that would run, and changes nothing", async () => {
    await using rig = await createEarlier();
    const before = await rows(rig);
    const { code, out } = await rig.run("migrate", "--dry-run");
    expect(code).toBe(0);
    expect(out).toEqual([
      `The schema is version 2, this release writes ${SCHEMA_VERSION}. These steps would run:`,
      "  3  rows name their people",
      "  4  rows of leads hold more columns",
      "  5  records keep their history",
      ...out.slice(4, -1),
      "Nothing was changed.",
    ]);
    expect(out).toHaveLength(SCHEMA_VERSION);
    expect(await rows(rig)).toEqual(before);
  });

  it("runs the steps, once", async () => {
    await using rig = await createEarlier();
    const first = await rig.run("migrate");
    expect(first.code).toBe(0);
    expect(first.err[0]).toBe("Step 3: rows name their people");
    expect(first.out[0]).toBe(
      `The schema is version ${SCHEMA_VERSION}; it was 2. These steps ran:`,
    );
    const after = await rows(rig);
    const second = await rig.run("migrate", "--json");
    expect(jsonOf(second)).toEqual({
      from: SCHEMA_VERSION,
      to: SCHEMA_VERSION,
      steps: [],
      dryRun: false,
    });
    expect((await rig.run("migrate")).out).toEqual([
      `The schema is version ${SCHEMA_VERSION}, as this release writes it.`,
    ]);
    expect(await rows(rig)).toEqual(after);
  });

  it("--dry-run makes no database where there is none", async () => {
    await using rig = await createCliRig();
    const { code, out } = await rig.run("migrate", "--dry-run");
    expect([code, out[1]]).toEqual([0, "  1  first layout"]);
    expect(await isThere(rig.env.get("DENO_KV_PATH")!)).toBe(false);
  });

  it("refuses, as every command, what a newer release has written, and changes nothing", async () => {
    await using rig = await createEarlier();
    const kv = await Deno.openKv(rig.env.get("DENO_KV_PATH")!);
    await kv.set(keys.schemaVersion(), SCHEMA_VERSION + 1);
    kv.close();
    const before = await rows(rig);
    const says =
      /its schema is version \d+, this release knows up to \d+\. Install the newer/;
    for (
      const args of [
        ["migrate"],
        ["migrate", "--dry-run"],
        ["sync"],
        ["doctor"],
        ["tenant", "list"],
        ["backup", `${rig.dir}/new.jsonl.gz`],
      ]
    ) expectSentence(await rig.run(...args), says, 1);
    expect(await rows(rig)).toEqual(before);
  });

  it("leaves a database alone that is not the one PORTAL_STORE_ID names", async () => {
    await using rig = await createEarlier();
    const before = await rows(rig);
    rig.env.set("PORTAL_STORE_ID", "another");
    for (const args of [["migrate"], ["tenant", "list"]]) {
      expectSentence(await rig.run(...args), /asks for 'another'/, 1);
    }
    expect(await rows(rig)).toEqual(before);
  });
});
