import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { findTenant } from "../../lib/store/mod.ts";
import {
  ACCESS_TOKEN,
  addAcme,
  type CliRig,
  createCliRig,
  jsonOf,
  WEB_KEY,
} from "./_rig.ts";

let rig: CliRig;
beforeEach(async () => {
  rig = await createCliRig();
});
afterEach(async () => await rig[Symbol.asyncDispose]());

/** The keys of the tenant `acme`, opened. */
function keysOfAcme() {
  return rig.inPortal(async ({ store, sync }) =>
    await sync.openKeys(await findTenant(store, "acme"))
  );
}

describe("portal tenant add", () => {
  const args = ["tenant", "add", "--name", "Acme", "--timezone", "UTC"];

  it("prints the tenant as `tenant list --json` does", async () => {
    const added = await rig.run(...args, "--json");
    expect(added).toMatchObject({ code: 0, err: [] });
    const tenant = jsonOf(added);
    expect(tenant).toEqual({
      id: expect.stringMatching(/^[0-9A-Z]{26}$/),
      slug: "acme",
      name: "Acme",
      timezone: "UTC",
      status: "active",
      webKey: "4711",
      lastSyncAt: null,
    });
    expect(jsonOf(await rig.run("tenant", "list", "--json"))).toEqual([tenant]);
  });

  it("keeps the keys sealed and never prints them", async () => {
    const { out } = await rig.run(...args);
    expect(out).toEqual([expect.stringMatching(/^Added 'acme' \(\w{26}\)\.$/)]);
    expect(await keysOfAcme()).toEqual({
      webKey: WEB_KEY,
      accessToken: ACCESS_TOKEN,
    });
    const text = await Deno.readFile(`${rig.dir}/portal.sqlite3`);
    const stored = new TextDecoder("latin1").decode(text);
    expect(stored).toContain("Acme");
    expect(stored).not.toContain(WEB_KEY);
    expect(stored).not.toContain(ACCESS_TOKEN);
  });

  it("says how a brand without a web key gets one", async () => {
    rig.env.delete("PORTAL_WEB_KEY");
    const { code, out } = await rig.run(...args);
    expect(code).toBe(0);
    expect(out[1]).toBe(
      "It has no web key yet and will not be synced. Give it one: portal tenant set acme --web-key",
    );
  });

  it("takes every setting", async () => {
    const { code } = await rig.run(
      ...args,
      ...["--slug", "acme-west", "--currency", "USD", "--accent", "#0f6b5c"],
      ...["--qualified-from", "QR Sent", "--qualified-to", "FDD Sent"],
      ...["--hot-from", "FDD Sent", "--hot-to", "FA Sent"],
      ...["--market-field", "territory", "region", "--units-field", "shops"],
    );
    expect(code).toBe(0);
    const tenant = await rig.inPortal(({ store }) =>
      findTenant(store, "acme-west")
    );
    expect(tenant).toMatchObject({
      accent: "#0f6b5c",
      qualifiedFrom: "QR Sent",
      qualifiedTo: "FDD Sent",
      hotFrom: "FDD Sent",
      hotTo: "FA Sent",
      fieldAliases: { market: ["territory", "region"], units: ["shops"] },
    });
  });

  it("refuses a time zone that does not exist", async () => {
    const { code, out, err } = await rig.run(
      ...["tenant", "add", "--name", "Acme", "--timezone", "Mars/Olympus"],
    );
    expect(code).toBe(2);
    expect(out).toEqual([]);
    expect(err).toEqual([
      "Cannot keep tenant 'Acme': 'Mars/Olympus' is not a time zone such as 'America/New_York'",
    ]);
  });

  it("refuses a key that no header could carry, without repeating it", async () => {
    rig.env.set("PORTAL_WEB_KEY", "two words");
    const { code, err } = await rig.run(...args);
    expect(code).toBe(2);
    expect(err).toEqual([
      "Cannot use PORTAL_WEB_KEY: a web key has no spaces and none but ASCII characters",
    ]);
  });

  it("fails when the slug is taken", async () => {
    await rig.run(...args);
    const { code, err } = await rig.run(...args);
    expect(code).toBe(1);
    expect(err).toEqual([
      "Cannot create tenant 'Acme': the slug 'acme' is taken; choose another",
    ]);
  });
});

describe("portal tenant list", () => {
  it("is an empty list before the first tenant", async () => {
    const listed = await rig.run("tenant", "list", "--json");
    expect(listed).toMatchObject({ code: 0, out: ["[]"], err: [] });
  });

  it("prints columns for people", async () => {
    await addAcme(rig);
    rig.env.delete("PORTAL_WEB_KEY");
    await rig.run("tenant", "add", "--name", "Bravo", "--timezone", "UTC");
    const { out } = await rig.run("tenant", "list");
    expect(out).toEqual([
      "SLUG   NAME   ZONE              STATUS  KEY    LAST SYNC",
      "acme   Acme   America/New_York  active  …4711  never",
      "bravo  Bravo  UTC               active  none   never",
    ]);
  });

  it("says when a tenant was synced last", async () => {
    await addAcme(rig);
    await rig.run("sync");
    const listed = jsonOf(await rig.run("tenant", "list", "--json"));
    expect(listed).toMatchObject([{ lastSyncAt: "2026-03-11T15:00:00.000Z" }]);
  });
});

describe("portal tenant set", () => {
  beforeEach(async () => {
    await addAcme(rig);
    rig.env.delete("PORTAL_WEB_KEY");
    rig.env.delete("PORTAL_ACCESS_TOKEN");
  });

  it("changes what is named and leaves the rest", async () => {
    const { code, out } = await rig.run(
      ...["tenant", "set", "acme", "--name", "Acme Foods"],
      ...["--status", "suspended", "--units-field", "shops"],
    );
    expect(code).toBe(0);
    expect(out).toEqual([
      "Changed 'acme': name, fields of market and units, status.",
    ]);
    const listed = jsonOf(await rig.run("tenant", "list", "--json"));
    expect(listed).toMatchObject([{
      slug: "acme",
      name: "Acme Foods",
      timezone: "America/New_York",
      status: "suspended",
      webKey: "4711",
    }]);
  });

  it("adds to the fields that are known already", async () => {
    await rig.run("tenant", "set", "acme", "--market-field", "region");
    await rig.run("tenant", "set", "--tenant", "acme", "--units-field", "n");
    const tenant = await rig.inPortal(({ store }) => findTenant(store, "acme"));
    expect(tenant.fieldAliases).toEqual({ market: ["region"], units: ["n"] });
  });

  it("takes a new web key from the environment", async () => {
    rig.env.set("PORTAL_WEB_KEY", " another-key-9999\n");
    const { out } = await rig.run("tenant", "set", "acme", "--web-key");
    expect(out).toEqual(["Changed 'acme': web key."]);
    expect(await keysOfAcme()).toMatchObject({ webKey: "another-key-9999" });
  });

  it("goes back to the agency's access token when an empty one is given", async () => {
    rig.env.set("CLIENTTETHER_ACCESS_TOKEN", "of-the-agency");
    const { out } = await rig.run("tenant", "set", "acme", "--access-token");
    expect(out).toEqual(["Changed 'acme': access token."]);
    expect(await keysOfAcme()).toMatchObject({ accessToken: "of-the-agency" });
  });

  const wrong: [title: string, args: string[], message: string][] = [
    [
      "no tenant",
      ["--name", "X"],
      "Cannot do this: which tenant? Name it: --tenant SLUG",
    ],
    [
      "an unknown tenant",
      ["nobody", "--name", "X"],
      "Cannot find tenant 'nobody': no tenant has this slug or id",
    ],
    [
      "an unknown status",
      ["acme", "--status", "purged"],
      "Cannot do this: --status must be active, inactive, suspended",
    ],
    [
      "nothing to change",
      ["acme"],
      "Cannot do this: nothing to change: see portal tenant set --help",
    ],
    [
      "a web key that is asked for and not given",
      ["acme", "--web-key"],
      "Cannot do this: no web key was given: set PORTAL_WEB_KEY",
    ],
  ];
  for (const [title, args, message] of wrong) {
    it(`is wrong usage with ${title}`, async () => {
      const { code, out, err } = await rig.run("tenant", "set", ...args);
      expect({ code, out, err }).toEqual({ code: 2, out: [], err: [message] });
    });
  }

  it("does not repeat a key that was typed as an argument", async () => {
    for (
      const args of [
        ["--tenant", "acme", "--web-key", "key-in-the-open"],
        ["acme", "--web-key", "key-in-the-open"],
        ["acme", "--web-key=key-in-the-open"],
      ]
    ) {
      const { code, err } = await rig.run("tenant", "set", ...args);
      expect(code).toBe(2);
      expect(err.join("\n")).not.toContain("key-in-the-open");
    }
  });
});
