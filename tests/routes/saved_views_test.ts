import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Tenant } from "../../lib/store/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestBrand } from "../_data.ts";
import { expectPage, expectRedirect } from "./_assert.ts";
import { textOf } from "./_reader.ts";

const PATH = "/saved-views?w=acme";

describe("/saved-views", () => {
  let app: TestApp;
  let acme: Tenant;
  let browser: TestBrowser;

  beforeEach(async () => {
    app = await createTestApp();
    acme = await createTestBrand(app.store, "acme", app.clock);
    browser = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id),
    );
  });
  afterEach(() => app.close());

  const save = (name: string, query = "", list = "leads") =>
    browser.post(PATH, { do: "save", list, name, query });
  const page = async (path: string) =>
    await expectPage(await browser.get(path));
  const idOf = async (name: string) => {
    const html = await page(PATH);
    const at = html.indexOf(`New name of '${name}'`);
    return /name="id" value="(\w+)"/.exec(html.slice(at - 500, at))![1]!;
  };

  it("saves how a list is looked at, and leads back to it", async () => {
    const answer = await save(
      "My referrals",
      "sort=-name&source=Web&source=Expo&cursor=x&w=bravo&junk=1&cols=nothing",
    );
    const href = "/leads?w=acme&source=Web&source=Expo&sort=-name#list";
    await expectRedirect(answer, href);
    const html = await page(href.replace("#list", ""));
    expect(html).toMatch(
      /<a[^>]*href="\?w=acme&amp;source=Web&amp;source=Expo&amp;sort=-name#list"[^>]*aria-current="true"[^>]*><span[^>]*>My referrals/,
    );
    const [link] = /<a[^>]*><span[^>]*>My referrals/
      .exec(await page("/leads?w=acme")) ?? [];
    expect(link).toBeTruthy();
    expect(link).not.toContain("aria-current");
    expect(await page("/hot-list?w=acme")).not.toContain("My referrals<");
  });

  it("keeps the period of a list of new leads, as it was asked for", async () => {
    await expectRedirect(
      await save(
        "March",
        "created=period&period=custom&from=2026-03-01&to=2026-03-08",
      ),
      "/leads?w=acme&created=period&period=custom&from=2026-03-01&to=2026-03-08#list",
    );
    await expectRedirect(
      await save("All", "period=month"),
      "/leads?w=acme#list",
    );
  });

  it("offers the form on the list, with how it is looked at now", async () => {
    const html = await page("/hot-list?w=acme&sort=units");
    const [form = ""] =
      html.match(/<form method="post" action="\/saved-views.*?<\/form>/s) ?? [];
    expect(form).toContain('name="list" value="hot-list"');
    expect(form).toContain('name="query" value="sort=units"');
  });

  it("says why it cannot save, and keeps what was typed", async () => {
    await save("Mine", "sort=name");
    const answer = await save("mine", "sort=-name");
    const html = await expectPage(answer, 422);
    expect(textOf(html)).toContain("you have one of the name 'mine'.");
    expect(html).toContain('value="sort=-name"');
    expect(await expectPage(await save("x".repeat(61)), 422))
      .toContain("at most 60 characters");
  });

  it("renames and deletes", async () => {
    await save("Mine");
    const id = await idOf("Mine");
    const renamed = await browser.post(PATH, {
      do: "rename",
      id,
      name: "Yours",
    });
    await expectRedirect(renamed, "/saved-views?w=acme&done=renamed");
    expect(textOf(await page("/saved-views?w=acme&done=renamed"))).toContain(
      "The view was renamed. Your views in this workspace",
    );
    await expectRedirect(
      await browser.post(PATH, { do: "delete", id }),
      "/saved-views?w=acme&done=deleted",
    );
    expect(textOf(await page(PATH))).toContain(
      "You have not saved a view yet.",
    );
  });

  it("shows and changes nobody else's, in the same brand or another", async () => {
    await save("Ann's secret");
    const id = await idOf("Ann's secret");
    const bravo = await createTestBrand(app.store, "bravo", app.clock);
    const other = await app.signedIn(
      await app.createUser("tenant_viewer", acme.id, bravo.id),
    );
    for (const slug of ["acme", "bravo"]) {
      const path = `/saved-views?w=${slug}`;
      expect(await (await other.get(path)).text()).not.toContain("secret");
      expect(await (await other.getIn(slug, "/leads")).text())
        .not.toContain("secret");
      for (const form of [{ do: "rename", name: "x" }, { do: "delete" }]) {
        expect((await other.post(path, { ...form, id })).status).toBe(404);
      }
    }
    expect(await page(PATH)).toContain("Ann's secret");
  });

  it("is refused to another site, and asks for something known", async () => {
    const foreign = await browser.post(PATH, { do: "save", name: "x" }, {
      origin: "https://evil.example",
      "sec-fetch-site": "cross-site",
    });
    expect(foreign.status).toBe(403);
    for (
      const form of [
        { do: "toString" },
        { do: "" },
        { do: "save", list: "tenants", name: "x" },
      ]
    ) expect((await browser.post(PATH, form)).status).toBe(400);
  });
});
