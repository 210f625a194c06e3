import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { giveKeys, TEST_WEB_KEY } from "../_sync.ts";
import { createTenant } from "../../lib/store/mod.ts";
import { expectJson, expectPage } from "./_assert.ts";
import { openReader, type Reader, textOf } from "./_reader.ts";

const TRAVELLING = [
  "/dashboard",
  "/leads",
  "/pipeline",
  "/hot-list",
  "/notes",
  "/schedule",
];
/** Where the tests stand: on a Friday, eleven days after the first sync. */
const FIRST = "2026-03-09";
const TODAY = "2026-03-20";

describe("An earlier day without JavaScript", () => {
  let reader: Reader;
  let html: (path: string) => Promise<string>;
  const text = async (path: string) => textOf(await html(path));

  beforeAll(async () => {
    reader = await openReader({
      now: "2026-03-09T21:02:00.000Z",
      brand: {
        name: "Test Brand",
        webKey: TEST_WEB_KEY,
        leads: 60,
        records: {},
      },
    });
    const { rig, app } = reader;
    await rig.sync();
    // No sync on the 12th.
    for (const hours of [24, 24, 48, 72, 72]) {
      rig.clock.advance(hours * HOUR);
      rig.simulator.advance(hours);
      await rig.sync();
    }
    // Of today so far; nothing is newer.
    rig.clock.advance(14 * HOUR);
    await rig.sync();
    const user = await app.createUser("tenant_viewer", rig.tenant.id);
    const browser = await app.signedIn(user);
    html = async (path) =>
      await expectPage(await browser.getIn("birch-bakery", path));
  });
  afterAll(() => reader[Symbol.dispose]());

  it("says which day it is, as of which sync, and leads back", async () => {
    for (const path of TRAVELLING) {
      const page = await html(`${path}?on=2026-03-10`);
      expect(textOf(page)).toContain(
        "You are looking at Tuesday, 10 March 2026 , as of the sync at 17:02 EDT.",
      );
      expect(page).toContain(" on 10 Mar 2026 - Birch Bakery - Tetherboard<");
      expect(page).toContain('href="?w=birch-bakery">Back to today<');
      expect(page).toContain(
        'href="?w=birch-bakery&amp;on=2026-03-09">Day bef',
      );
      expect(page).toContain(
        'href="?w=birch-bakery&amp;on=2026-03-11">Day aft',
      );
      // Neither how old the data is, nor what keeps it up to date.
      expect(page).not.toContain("data-freshness");
      expect(page).not.toContain("Last complete update");
    }
  });

  it("the way back and the days beside it keep what else was chosen", async () => {
    const page = await html(
      "/leads?on=2026-03-10&period=28d&source=Website",
    );
    const kept = "w=birch-bakery&amp;period=28d&amp;source=Website";
    expect(page).toContain(`href="?${kept}">Back to today<`);
    expect(page).toContain(`href="?${kept}&amp;on=2026-03-09">Day before<`);
  });

  it("there is no day before the first, and none after yesterday", async () => {
    expect(await text(`/dashboard?on=${FIRST}`)).not.toContain("Day before");
    expect(await text("/dashboard?on=2026-03-19")).not.toContain("Day after");
  });

  it("people, opportunities and moves keep the day too, and lead back to it", async () => {
    const lead = reader.rig.simulator.brand(TEST_WEB_KEY).rows("leads")[0]!;
    for (
      const path of [
        `/leads/${lead.client_id}`,
        "/pipeline/opportunities",
        "/pipeline/moves",
        "/pipeline/quiet",
        "/pipeline/value",
        "/pipeline/entries",
        "/pipeline/stalled",
      ]
    ) {
      const page = await html(`${path}?on=2026-03-10`);
      const links = [...page.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)/g)]
        .map(([, href = "", name = ""]) => ({ href, name: name.trim() }))
        .filter(({ href }) => href.includes("w=birch-bakery"));
      const lost = links.filter(({ href }) => !/[?;]on=2026-03-/.test(href));
      expect(new Set(lost.map(({ name }) => name))).toEqual(
        new Set(["Reports", "Back to today", "Your account"]),
      );
    }
  });

  it("nobody is there who came later, and the page says so", async () => {
    const { rig, app } = reader;
    const leads = rig.simulator.brand(TEST_WEB_KEY).rows("leads");
    const newest = leads.toSorted((a, b) =>
      String(a.created) < String(b.created) ? 1 : -1
    )[0]!;
    expect(String(newest.created) > "2026-03-11").toBe(true);
    const user = await app.createUser("tenant_viewer", rig.tenant.id);
    const browser = await app.signedIn(user);
    const path = `/leads/${newest.client_id}`;
    await expectPage(await browser.getIn("birch-bakery", path));
    const page = await expectPage(
      await browser.getIn("birch-bakery", `${path}?on=2026-03-09`),
      404,
    );
    expect(textOf(page)).toContain(
      "There was nobody at this address by the end of that day.",
    );
  });

  it("notes that came later are not shown, on their page neither", async () => {
    const { rig, app } = reader;
    const data = await rig.data();
    const all = await Array.fromAsync(data.eachNote({}));
    const notes = await Promise.all(all.map(({ id }) => data.getNote(id)));
    const later = notes.find((note) => note!.createdAt > "2026-03-12")!;
    const known = notes.find((note) => note!.createdAt < "2026-03-10")!;
    const user = await app.createUser("tenant_viewer", rig.tenant.id);
    const browser = await app.signedIn(user);
    const status = async (id: string, query = "") => {
      const answer = await browser.getIn(
        "birch-bakery",
        `/notes/${id}${query}`,
      );
      await answer.body?.cancel();
      return answer.status;
    };
    expect(await status(later.id)).toBe(200);
    expect(await status(later.id, "?on=2026-03-10")).toBe(404);
    expect(await status(known.id, "?on=2026-03-10")).toBe(200);
    const page = await html("/notes?on=2026-03-10");
    expect(page).not.toContain(`/notes/${later.id}?`);
    expect(textOf(page)).toContain(
      "What the portal knew by then, as it is now: what was deleted or changed since is not kept.",
    );
  });

  it("a file holds the list of that day, and none where the day is wrong", async () => {
    const { app, rig } = reader;
    const user = await app.createUser("tenant_viewer", rig.tenant.id);
    const browser = await app.signedIn(user);
    const lines = async (query: string) => {
      const answer = await browser.getIn("birch-bakery", `/leads.csv${query}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-disposition")).toContain(
        query ? "2026-03-10" : TODAY,
      );
      return (await answer.text()).trim().split("\n").length;
    };
    const then = await lines("?on=2026-03-10");
    expect(then).toBeGreaterThan(10);
    expect(then).toBeLessThan(await lines(""));
    const wrong = await browser.getIn(
      "birch-bakery",
      "/leads.csv?on=2027-01-01",
    );
    expect(wrong.status).toBe(400);
    await wrong.body?.cancel();
  });

  it("every link and form of a page keeps the day, but the ways back and out", async () => {
    for (const path of TRAVELLING) {
      const page = await html(`${path}?on=2026-03-10`);
      const links = [...page.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)/g)]
        .map(([, href = "", name = ""]) => ({ href, name }))
        .filter(({ href }) => href.includes("w=birch-bakery"));
      expect(links.length).toBeGreaterThan(8);
      const lost = links.filter(({ href }) => !/[?;]on=2026-03-/.test(href))
        .map(({ name, href }) => name.trim() || href);
      expect(new Set(lost)).toEqual(
        new Set([
          "Reports",
          "Back to today",
          "Your account",
          ...path === "/dashboard"
            ? ["All reports", "Open the latest report"]
            : [],
        ]),
      );
      const forms = page.match(/<form method="get".*?<\/form>/gs) ?? [];
      expect(forms.length).toBeGreaterThan(0);
      for (const form of forms) {
        expect(form).toMatch(/name="on"[^>]*value="2026-03-10"/);
      }
      expect(page).not.toMatch(/<form[^>]*method="post"(?!.*\/logout)/);
    }
  });

  it("a day without a sync shows the last day before with one, and says so", async () => {
    const page = await text("/pipeline?on=2026-03-12");
    expect(page).toContain(
      "There was no sync on Thursday, 12 March 2026. You are looking at Wednesday, 11 March 2026 , the last day before with one, as of the sync at 17:02 EDT.",
    );
    const [gap, day] = await Promise.all(["2026-03-12", "2026-03-11"].map(
      async (on) => (await text(`/pipeline?on=${on}`)).split("Pipeline by")[1],
    ));
    expect(gap).toBe(day);
  });

  it("every page offers the earlier days by a form, from the first to today", async () => {
    for (const path of TRAVELLING) {
      const page = await html(`${path}?period=28d`);
      expect(page).toMatch(
        new RegExp(
          `<input type="date" name="on"[^>]*min="${FIRST}" max="${TODAY}"[^>]*value="${TODAY}"`,
        ),
      );
      expect(page).toContain('name="period" value="28d"');
    }
    expect(await html("/reports")).not.toContain('name="on"');
  });

  it("an impossible day is named, and the page shows the present", async () => {
    const range = `it must be a day from ${FIRST} to today, ${TODAY}`;
    const wrong: Record<string, string> = {
      "2026-02-31": "'2026-02-31' is not a day",
      "tomorrow": "'tomorrow' is not a day",
      "<b>2026</b>": "'<b>2026</b>' is not a day",
      "2026-03-21": "2026-03-21 lies ahead",
      "2026-03-08": "2026-03-08 is before the first day",
      ["9".repeat(300)]: "'on' is not a day",
    };
    const present = (page: string) => page.split("What do these")[0]!;
    for (const [on, why] of Object.entries(wrong)) {
      const page = await html(`/pipeline?on=${encodeURIComponent(on)}`);
      expect(textOf(page)).toContain(
        `Cannot show an earlier day: ${why}; ${range}.`,
      );
      expect(page).toContain("data-freshness");
      expect(present(textOf(page))).not.toContain("You are looking at");
    }
    const twice = await text("/pipeline?on=2026-03-10&on=2026-03-11");
    expect(twice).toContain(
      "Cannot read the parameter 'on': it is given twice",
    );
  });

  it("today and no day at all are the present", async () => {
    for (const on of [TODAY, ""]) {
      const page = await html(`/leads?on=${on}`);
      expect(page).toContain("data-freshness");
      expect(textOf(page)).not.toContain("Cannot show");
    }
  });

  it("every printed sheet has the day", async () => {
    const page = await html("/leads?on=2026-03-10");
    const [, line = ""] = /content:'([^']*)'/.exec(page) ?? [];
    const plain = line.replaceAll(
      /\\([0-9a-f]+) /g,
      (_, code) => String.fromCodePoint(parseInt(code, 16)),
    );
    expect(plain).toContain("Leads · as it stood on 10 Mar 2026 ·");
    expect(plain).toContain("data of 10 Mar 2026, 17:02 (New York)");
  });

  it("the JSON knows no earlier day, and nothing can be changed on one", async () => {
    const { app } = reader;
    const user = await app.createUser("agency_admin");
    const browser = await app.signedIn(user);
    const leads = async (query: string) =>
      (await expectJson(
        await browser.getIn("birch-bakery", `/api/dashboard/leads${query}`),
      )).data;
    expect(await leads("?on=2026-03-10")).toEqual(await leads(""));
    const posted = await browser.post("/leads?w=birch-bakery&on=2026-03-10");
    expect(textOf(await expectPage(posted, 400))).not.toContain("Website");
  });

  it("a stranger's days stay a stranger's", async () => {
    const { app, rig } = reader;
    const made = await createTenant(rig.store, {
      name: "Other Brand",
      timezone: "America/New_York",
    }, rig.clock);
    const other = await giveKeys(rig.store, made, "other", rig.clock);
    const user = await app.createUser("tenant_viewer", other.id);
    const browser = await app.signedIn(user);
    for (const path of TRAVELLING) {
      const foreign = await browser.getIn(
        "birch-bakery",
        `${path}?on=2026-03-10`,
      );
      await expectPage(foreign, 404);
      const own = await expectPage(
        await browser.getIn("other-brand", `${path}?on=2026-03-10`),
      );
      expect(textOf(own)).toContain("there are no figures of an earlier day");
      expect(own).not.toContain("You are looking at");
    }
  });

  it("figures are read in at most four reads beside the guard's", async () => {
    const { rig, app } = reader;
    const user = await app.createUser("tenant_viewer", rig.tenant.id);
    const browser = await app.signedIn(user);
    const reads = async (path: string) => {
      rig.operations.length = 0;
      await expectPage(await browser.getIn("birch-bakery", path));
      // The guard reads the tenant beside its state.
      return rig.operations.filter(({ kind, keys }) =>
        kind !== "commit" && keys.every(([first]) => first === "t")
      ).length;
    };
    expect(await reads("/pipeline?on=2026-03-10")).toBeLessThanOrEqual(4);
    // What they are made of is known from the requests before.
    expect(await reads("/leads?on=2026-03-10")).toBeLessThanOrEqual(4);
    expect(await reads("/hot-list?on=2026-03-10")).toBeLessThanOrEqual(6);
    expect(await reads("/schedule?on=2026-03-10")).toBeLessThanOrEqual(4);
  });
});
