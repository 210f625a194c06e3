import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { addAcme, createCliRig, jsonOf } from "./_rig.ts";

describe("portal tenant purge", () => {
  it("removes nothing before the slug is said once more", async () => {
    await using rig = await createCliRig();
    await addAcme(rig);
    for (const confirm of [[], ["--confirm", "bravo"]]) {
      const { code, err } = await rig.run(
        "tenant",
        "purge",
        "acme",
        ...confirm,
      );
      expect(code).toBe(2);
      expect(err[0]).toContain("portal tenant purge acme --confirm acme");
    }
    expect((await rig.run("tenant", "list")).out).toHaveLength(2);
  });

  it("prints a certificate and says which backups still hold the brand", async () => {
    await using rig = await createCliRig();
    await addAcme(rig);
    await rig.run("sync", "--tenant", "acme");
    const { code, out } = await rig.run(
      "tenant",
      "purge",
      "acme",
      "--confirm",
      "acme",
    );
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^Purged 'acme' \(\w+\) from the store \w+\.$/);
    expect(out.join("\n")).toMatch(/^leads +30$/m);
    expect(out.at(-1)).toContain("Every backup that was written before 2026-");
    expect((await rig.run("tenant", "list")).out).toHaveLength(1);
    expect((await rig.run("doctor", "--deep")).code).toBe(0);
  });

  it("answers the same certificate when it is run again", async () => {
    await using rig = await createCliRig();
    await addAcme(rig);
    const args = ["tenant", "purge", "acme", "--confirm", "acme", "--json"];
    const first = await rig.run(...args);
    rig.clock.advance(60_000);
    const second = await rig.run(...args);
    expect(second).toEqual({ ...first, err: [] });
    expect(jsonOf(first)).toMatchObject({ slug: "acme", name: "Acme" });
  });

  it("says that there is no such brand", async () => {
    await using rig = await createCliRig();
    const { code, err } = await rig.run("tenant", "purge", "nobody");
    expect([code, err]).toEqual([
      2,
      ["Cannot find tenant 'nobody': no tenant has this slug or id"],
    ]);
  });
});
