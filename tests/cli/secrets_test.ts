import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createSecrets } from "../../lib/auth/mod.ts";
import { listAudit } from "../../lib/store/mod.ts";
import { addAcme, createCliRig, jsonOf, SECRET } from "./_rig.ts";

const NEWER = new Uint8Array(32).fill(8).toBase64();
const [OLD_ID, NEW_ID] = [SECRET, NEWER].map((key) => createSecrets(key).keyId);

/** A portal whose secret was changed after a brand gave its keys. */
async function changed() {
  const rig = await createCliRig();
  await addAcme(rig);
  rig.env.set("PORTAL_SECRET", NEWER);
  rig.env.set("PORTAL_SECRET_OLD", SECRET);
  return rig;
}

describe("portal secrets rotate", () => {
  it("seals everything anew and says that the old secret may go", async () => {
    await using rig = await changed();
    expect((await rig.run("sync", "--tenant", "acme")).code).toBe(0);
    const { code, out, err } = await rig.run("secrets", "rotate");
    expect(code).toBe(0);
    expect(err).toEqual(["1 sealed anew", "2 sealed anew"]);
    expect(out[0]).toBe("Sealed anew: 2.");
    expect(out.join("\n")).toMatch(
      new RegExp(`^${NEW_ID} +PORTAL_SECRET +2$`, "m"),
    );
    expect(out.at(-1)).toContain("PORTAL_SECRET_OLD may be removed");
    rig.env.delete("PORTAL_SECRET_OLD");
    expect((await rig.run("sync", "--tenant", "acme")).code).toBe(0);
    const again = await rig.run("secrets", "rotate");
    expect([again.out[0], again.out.at(-1)]).toEqual([
      "Sealed anew: 0.",
      "Everything stands under PORTAL_SECRET.",
    ]);
  });

  it("--check only counts", async () => {
    await using rig = await changed();
    const { code, out } = await rig.run("secrets", "rotate", "--check");
    expect(code).toBe(0);
    expect(out.join("\n")).toMatch(
      new RegExp(`^${OLD_ID} +PORTAL_SECRET_OLD +2$`, "m"),
    );
    expect(out.at(-1)).toBe(
      `PORTAL_SECRET_OLD is still needed for key ${OLD_ID}. Run: portal secrets rotate`,
    );
    const json = await rig.run("secrets", "rotate", "--check", "--json");
    expect(jsonOf(json)).toMatchObject({
      keyId: NEW_ID,
      rotated: 0,
      counts: { [OLD_ID!]: 2 },
      oldKeysNeeded: [OLD_ID],
    });
  });

  it("fails where a secret is sealed with a key that is not given, and names it", async () => {
    await using rig = await changed();
    rig.env.delete("PORTAL_SECRET_OLD");
    const { code, out, err } = await rig.run("secrets", "rotate");
    expect(code).toBe(1);
    expect(err[0]).toMatch(
      new RegExp(
        `^Cannot read 'clienttetherWebKey' of '\\w+', sealed with key ${OLD_ID}$`,
      ),
    );
    expect(out.at(-1)).toContain(`secret of key ${OLD_ID}`);
  });

  it("writes an entry into the audit log, and no secret anywhere", async () => {
    await using rig = await changed();
    const { out, err } = await rig.run("secrets", "rotate");
    const { rows } = await rig.inPortal(({ store }) =>
      listAudit(store, { limit: 9, action: "secrets" })
    );
    expect(rows.map(({ action, detail }) => [action, detail])).toEqual([
      ["secrets.rotated", { rotated: 2, keyId: NEW_ID }],
    ]);
    const said = JSON.stringify([out, err, rows]);
    for (const secret of [SECRET, NEWER, "rig-web-key"]) {
      expect(said).not.toContain(secret);
    }
  });

  it("refuses an old secret that is none, without repeating it", async () => {
    await using rig = await createCliRig();
    rig.env.set("PORTAL_SECRET_OLD", `${SECRET},nonsense`);
    const { code, err } = await rig.run("secrets", "rotate");
    expect(code).toBe(2);
    expect(err[0]).toContain("PORTAL_SECRET_OLD must be earlier values");
    expect(err[0]).not.toContain("nonsense");
  });
});
