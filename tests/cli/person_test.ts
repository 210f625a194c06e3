import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { findTenant, setTenantStatus } from "../../lib/store/mod.ts";
import { addAcme, type CliRig, createCliRig, jsonOf, WEB_KEY } from "./_rig.ts";

async function synced(): Promise<
  { rig: CliRig; lead: string; args: string[] }
> {
  const rig = await createCliRig();
  await addAcme(rig);
  await rig.run("sync", "--tenant", "acme");
  const [row] = rig.simulator.brand(WEB_KEY).rows("leads");
  const lead = String(row!.client_id);
  const args = ["person", "erase", "--tenant", "acme", "--lead", lead];
  return { rig, lead, args };
}

describe("portal person erase", () => {
  it("removes nothing before the id is said once more", async () => {
    const { rig, lead, args } = await synced();
    await using _ = rig;
    const { code, err } = await rig.run(...args);
    expect(code).toBe(2);
    expect(err[0]).toContain(`--confirm ${lead}`);
    const { out } = await rig.run("replay", "--tenant", "acme", "--check");
    expect(out.length).toBeGreaterThan(0);
  });

  it("prints a certificate; nothing is found amiss after it", async () => {
    const { rig, lead, args } = await synced();
    await using _ = rig;
    const { code, out } = await rig.run(
      ...args,
      "--confirm",
      lead,
      "--keep-out",
    );
    expect(code).toBe(0);
    expect(out[0]).toMatch(/^Erased one person of 'acme'/);
    expect(out.join("\n")).toMatch(/^leads +1$/m);
    expect(out.at(-2)).toBe("Later syncs leave the person out.");
    expect(out.at(-1)).toContain("Every backup that was written before 2026-");
    for (
      const command of [
        ["doctor", "--deep"],
        ["replay", "--tenant", "acme", "--check"],
        ["sync", "--tenant", "acme"],
        ["doctor", "--deep"],
        ["replay", "--tenant", "acme", "--check"],
      ]
    ) {
      expect([command, (await rig.run(...command)).code])
        .toEqual([command, 0]);
    }
    const again = await rig.run(...args, "--confirm", lead, "--json");
    expect(jsonOf(again)).toMatchObject({ keepOut: true });
  });

  it("says why where it cannot", async () => {
    const { rig, lead, args } = await synced();
    await using _ = rig;
    const unknown = ["person", "erase", "--tenant", "acme", "--lead", "none"];
    const nobody = await rig.run(...unknown, "--confirm", "none");
    expect([nobody.code, nobody.err.at(-1)]).toEqual([
      2,
      "Cannot erase lead 'none': tenant 'acme' holds nothing about it",
    ]);
    await rig.inPortal(async ({ store }) => {
      const { id } = await findTenant(store, "acme");
      await setTenantStatus(store, id, "suspended");
    });
    const { code, err } = await rig.run(...args, "--confirm", lead);
    expect([code, err.at(-1)]).toEqual([
      2,
      "Cannot erase: tenant 'acme' is suspended",
    ]);
  });
});
