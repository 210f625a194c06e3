import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  findLogo,
  getTenant,
  listAudit,
  openStore,
  purgeTenant,
  setLogo,
} from "../../lib/store/mod.ts";
import { verifyTenant } from "../../lib/sync/mod.ts";
import type { TestBrowser } from "../_app.ts";
import { pngOf } from "../_png.ts";
import { backUp, restore } from "../store/_backup.ts";
import { expectPage, expectRedirect } from "./_assert.ts";
import { openReader, type Reader, textOf } from "./_reader.ts";

const PAGE = "/admin/tenants/birch-bakery/logo";

describe("A brand's logo", () => {
  let reader: Reader;
  let agency: TestBrowser;
  beforeEach(async () => {
    reader = await openReader();
    await reader.rig.sync();
    const admin = await reader.app.createUser("agency_admin");
    agency = await reader.app.signedIn(admin);
  });
  afterEach(() => reader[Symbol.dispose]());

  const send = (file: Uint8Array<ArrayBuffer> | null, action = "save") => {
    const form = new FormData();
    form.set("do", action);
    if (file) form.set("logo", new Blob([file]), "logo.png");
    return agency.fetch(PAGE, {
      method: "POST",
      body: form,
      headers: {
        origin: "http://localhost:8000",
        "sec-fetch-site": "same-origin",
      },
    });
  };
  const addressIn = (html: string) =>
    /<img class="[^"]*flex-none[^"]*" src="([^"]*)"/.exec(html)?.[1]
      ?.replaceAll("&amp;", "&");

  it("stands at the head of every page, with room kept, until it is removed", async () => {
    expect(addressIn(await reader.html("/leads"))).toBe(undefined);
    await expectRedirect(await send(pngOf(200, 50)), `${PAGE}?done=save`);
    const html = await reader.html("/leads");
    const address = addressIn(html)!;
    expect(address).toMatch(/^\/logo\?w=birch-bakery&v=[0-9a-f]{16}(?:&|$)/);
    expect(html.match(/<img\b[^>]*width="120" height="30"/g)).toHaveLength(1);
    const answer = await reader.browser.get(address);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("cache-control")).toContain("private, max-age");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(pngOf(200, 50));

    await expectRedirect(await send(pngOf(60, 60)), `${PAGE}?done=save`);
    const other = addressIn(await reader.html("/dashboard"))!;
    expect(other).not.toBe(address);
    await expectRedirect(await send(null, "remove"), `${PAGE}?done=remove`);
    expect(addressIn(await reader.html("/dashboard"))).toBe(undefined);
    await expectPage(await reader.browser.get(other), 404);
    const { rows } = await listAudit(reader.rig.store, { limit: 10 });
    expect(rows.filter(({ action }) => action === "tenant.logo_changed"))
      .toHaveLength(3);
  });

  it("is a PNG that is not too large: else the page says why, and nothing changes", async () => {
    await (await send(pngOf(10, 10))).body?.cancel();
    const before = addressIn(await reader.html("/leads"));
    for (
      const [file, why] of [
        [null, "Choose a file first."],
        [new TextEncoder().encode("<svg/>"), "it is not a PNG."],
        [new Uint8Array(50_000), "it has more than 48 KB."],
        [new Uint8Array(100_000), "it has more than 48 KB."],
      ] as const
    ) {
      const text = textOf(await expectPage(await send(file), 422));
      expect(text).toContain(why);
    }
    expect(addressIn(await reader.html("/leads"))).toBe(before);
    await expectPage(await send(null, "other"), 400);
  });

  it("is shown to those who see the brand, and changed by the agency alone", async () => {
    const { app, rig, browser } = reader;
    const address = "/logo?w=birch-bakery";
    await (await send(pngOf(10, 10))).body?.cancel();
    const other = await rig.addTenant("Other", "another-test-key");
    const stranger = await app.signedIn(
      await app.createUser("tenant_admin", other.id),
    );
    await expectPage(await stranger.get(address), 404);
    await expectPage(await browser.get(PAGE), 403);
    await expectPage(await browser.post(PAGE, { do: "remove" }), 403);
    const anonymous = await app.browser().get(address);
    expect(anonymous.status).toBe(303);
    await anonymous.body?.cancel();
    expect(await findLogo(rig.store, other.id)).toBe(null);
    expect(await findLogo(rig.store, rig.tenant.id)).toEqual(pngOf(10, 10));
  });

  it("is in a backup as it was, and no stranger to the deep check", async () => {
    const { rig } = reader;
    const { store, tenant, clock } = rig;
    await setLogo(store, tenant.id, pngOf(30, 20), clock);
    expect(await verifyTenant(rig.deps, tenant.id))
      .toMatchObject({ differences: [] });
    const kv = await Deno.openKv(":memory:");
    await restore(await backUp(store, { clock }), { kv });
    const restored = await openStore({ kv });
    expect(await findLogo(restored, tenant.id)).toEqual(pngOf(30, 20));
    restored.close();
  });

  it("goes with the brand, and comes to none that is gone", async () => {
    const { rig } = reader;
    const { store, tenant, clock } = rig;
    await setLogo(store, tenant.id, pngOf(10, 10), clock);
    expect((await getTenant(store, tenant.id)).logo)
      .toMatchObject({ width: 10, height: 10 });
    await purgeTenant(store, tenant.id, { clock });
    expect(await findLogo(store, tenant.id)).toBe(null);
    await expect(setLogo(store, tenant.id, pngOf(10, 10), clock))
      .rejects.toThrow();
    await expect(setLogo(store, "nobody", pngOf(10, 10), clock))
      .rejects.toThrow("it does not exist");
  });
});
