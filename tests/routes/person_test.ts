import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { addressPart } from "../../lib/domain/mod.ts";
import { erasePerson } from "../../lib/sync/mod.ts";
import { HOUR } from "../_clock.ts";
import type { TestBrowser } from "../_app.ts";
import { TEST_WEB_KEY } from "../_sync.ts";
import { expectPage } from "./_assert.ts";
import { openReader, type Reader, textOf } from "./_reader.ts";

const ODD_IDS = ["a/b?c#d%", "~7", "..", "é 😀"];

/** Birch Bakery with more about Gus Hale, and people with odd ids. */
async function open(): Promise<Reader> {
  const reader = await openReader();
  const brand = reader.rig.simulator.brand(TEST_WEB_KEY);
  for (let n = 1; n <= 11; n++) {
    brand.putNote({
      id: `gus-${n}`,
      contact_id: "107",
      date: `2026-02-${String(n).padStart(2, "0")} 09:00:00`,
      author: "Sam Ortega",
      content: `Gus note ${n}.`,
    });
  }
  const call = (id: string, at: string, status: string) =>
    brand.putActivity({
      id,
      type: "Call",
      scheduled_at: at,
      contact_name: "Gus Hale",
      contact_id: "107",
      description: `About ${id}`,
      status,
    });
  call("coming", "2026-03-20 09:00:00", "Scheduled");
  call("over", "2026-03-10 09:00:00", "Done");
  for (const id of ODD_IDS) {
    brand.putLead({ client_id: id, firstName: "Odd", lastName: id });
  }
  brand.putLead({
    client_id: "mail",
    firstName: "<b>Kim</b>",
    email: "kim?cc=a@example.com",
    phone: "call me",
  });
  await reader.rig.sync();
  return reader;
}

describe("A person's page without JavaScript", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await open();
  });
  afterAll(() => reader[Symbol.dispose]());

  it("says what ClientTether has of the person, with deals, notes and activities", async () => {
    const html = await reader.html("/leads/107");
    const text = textOf(html);
    for (
      const sentence of [
        "Gus Hale",
        "Stage Deal Structure",
        "Source Web",
        "Market Denver",
        "Units 3",
        "E-mail lead107@example.com",
        "Assigned to Sam Ortega",
        "Created 15 Jan 2026, 11:00",
        "2 opportunities",
        "Deal Structure $45,000.04 12.5% $5,625.01 In the pipeline",
        "Deal Structure – 12.5% – In the pipeline",
        "Total $45,000.04 $5,625.01",
        "12 notes The newest 10.",
        "All 12 notes",
        "2 activities",
        "Coming Call 20 Mar 2026, 09:00 About coming Scheduled",
        "Past Call 10 Mar 2026, 09:00 About over Done",
      ]
    ) expect(text).toContain(sentence);
    expect(html).toContain('href="mailto:lead107@example.com"');
    expect(html).toContain('href="tel:2125550107"');
    expect(html).toContain('href="/notes?w=birch-bakery&amp;contact=107"');
    expect(text).not.toContain("As ClientTether sent it");
    expect(text).not.toContain("Gus note 1.");
  });

  it("tells where the person and the deals stood, and for how long it can say", async () => {
    using other = await open();
    const brand = other.rig.simulator.brand(TEST_WEB_KEY);
    other.rig.clock.advance(3 * 24 * HOUR);
    brand.putLead({
      client_id: "107",
      firstName: "Gus",
      clients_sales_cycle: "FA Sent",
    });
    await other.rig.sync();
    other.rig.clock.advance(2 * 24 * HOUR);
    await other.rig.sync();
    // The days have ended the session.
    const { app, rig } = other;
    const user = await app.createUser("tenant_viewer", rig.tenant.id);
    const browser = await app.signedIn(user);
    const textAt = async (path: string) =>
      textOf(await expectPage(await browser.getIn("birch-bakery", path)));
    const text = await textAt("/leads/107");
    expect(text).toContain(
      "Person FA Sent 2 days so far since 14 Mar 2026, 11:00 " +
        "Deal Structure at least 3 days since 11 Mar 2026, 11:00 or earlier: " +
        "it was there when the portal looked first, until 14 Mar 2026, 11:00",
    );
    expect(text).toContain(
      "Opportunity of $45,000.04 Deal Structure at least 5 days",
    );
    expect(await textAt("/leads/101")).toContain(
      "New Lead at least 5 days",
    );
  });

  it("says plainly what is not known, and what the figures leave out", async () => {
    const lost = await reader.text("/leads/110");
    expect(lost).toContain("Stage Lost inactive");
    expect(lost).toContain("The stage is an inactive one");
    expect(lost).toContain("Lost $99,999 – – Inactive stage, in no figure");
    expect(lost).toContain("There is no note on this person.");
    expect(lost).toContain("Nothing is scheduled");
    expect(await reader.text("/leads/111")).toContain(
      "ClientTether's sales cycles do not name the stage",
    );
    expect(await reader.text("/leads/112")).toContain(
      "This person is not a prospect, and in no figure.",
    );
    const undated = await reader.text("/leads/113");
    expect(undated).toContain("Created Not recorded");
    expect(undated).toContain("is among no new leads");
    expect(undated).toContain("Could not be taken as it came");
  });

  it("is reached from every list, and leads back to it as it was", async () => {
    const lists = {
      "/leads?source=Web&search=hale": "Leads",
      "/hot-list": "Hot List",
      "/schedule": "Schedule",
      "/schedule?view=month": "Schedule",
    };
    for (const [path, name] of Object.entries(lists)) {
      const html = await reader.html(path);
      const [, href = ""] = /<a[^>]*href="(\/leads\/107\?[^"]*)"/.exec(html) ??
        [];
      const url = new URL(href.replaceAll("&amp;", "&"), "http://localhost");
      const person = await reader.html(url.pathname + url.search);
      const [, back = "", said = ""] =
        /<a[^>]*href="([^"]*)"[^>]*>.{0,60}←<\/span>[^<a-zA-Z]*([^<]*)<\/a>/s
          .exec(person) ?? [];
      expect([path, said.trim()]).toEqual([path, name]);
      const to = new URL(back.replaceAll("&amp;", "&"), "http://localhost");
      const from = new URL(path, "http://localhost");
      expect(to.pathname).toBe(from.pathname);
      for (const [key, value] of from.searchParams) {
        expect(to.searchParams.get(key)).toBe(value);
      }
    }
  });

  it("leads nowhere but to a list of this brand, whatever the address says", async () => {
    for (
      const list of [
        "//evil.example",
        "https://evil.example/leads",
        "/admin",
        "/leads/../admin",
        "/leads?w=cedar-pizza",
        "\\/evil",
        "",
      ]
    ) {
      const query = new URLSearchParams({ list });
      const html = await reader.html(`/leads/107?${query}`);
      expect(html).toContain('href="/leads?w=birch-bakery#list"');
    }
  });

  it("is found by whatever id ClientTether gives", async () => {
    const list = await reader.html("/leads?search=odd");
    for (const id of ODD_IDS) {
      const path = `/leads/${addressPart(id)}`;
      expect(list).toContain(`href="${path}?w=birch-bakery`);
      expect(await reader.text(path)).toContain(
        `Odd ${id}`.replaceAll(/\s+/g, " "),
      );
    }
  });

  it("makes nothing of a text but text", async () => {
    const html = await reader.html("/leads/mail");
    expect(html).not.toContain("<b>Kim");
    expect(html).toContain('href="mailto:kim%3Fcc%3Da@example.com"');
    expect(html).not.toContain("tel:");
  });

  it("helps where there is nobody, with 404", async () => {
    for (const path of ["/leads/nobody", "/leads/~zz", "/leads/%00"]) {
      const answer = await reader.browser.getIn("birch-bakery", path);
      expect(answer.status).toBe(404);
      const html = await answer.text();
      if (path === "/leads/nobody") {
        expect(textOf(html)).toContain("There is nobody at this address.");
        expect(html).toContain('action="/leads#list"');
      }
    }
  });

  it("costs at most six reads beside the guard's", async () => {
    const reads = async (path: string) => {
      reader.rig.operations.length = 0;
      await reader.html(path);
      return reader.rig.operations.filter(({ kind }) => kind !== "commit")
        .length;
    };
    const guard = await reads("/reports") - 1;
    expect(await reads("/leads/107") - guard).toBeLessThanOrEqual(6);
  });
});

describe("What ClientTether sent of a person", () => {
  let reader: Reader;
  let agency: TestBrowser;
  beforeAll(async () => {
    reader = await open();
    const user = await reader.app.createUser("agency_admin");
    agency = await reader.app.signedIn(user);
  });
  afterAll(() => reader[Symbol.dispose]());

  const shown = async (path: string) =>
    await expectPage(await agency.getIn("birch-bakery", path));

  it("is shown to the agency, from the person's page, with the run that brought it", async () => {
    const person = await shown("/leads/107");
    const [, href = ""] =
      /href="([^"]*)"[^>]*>As ClientTether sent it/.exec(person) ?? [];
    const html = await shown(href.replaceAll("&amp;", "&"));
    expect(html.replaceAll("&quot;", '"')).toMatch(
      /"client_id": "107",\n {2}"firstName": "Gus",/,
    );
    const [, run = ""] =
      /href="(\/admin\/tenants\/birch-bakery\/runs\/[^"]*)"/.exec(html) ?? [];
    expect(textOf(await expectPage(await agency.get(run)))).toContain(
      "Sync of 11 Mar 2026, 15:00",
    );
  });

  it("leads to each record of the person", async () => {
    const html = await shown("/leads/107/raw");
    const links = [...html.matchAll(/href="(\/leads\/107\/raw\?[^"]*)"/g)]
      .map(([, href = ""]) => href.replaceAll("&amp;", "&"));
    expect(links.length).toBe(1 + 2 + 12 + 2);
    const pages = await Promise.all(
      links.map(async (href) => textOf(await shown(href))),
    );
    expect(pages[1]).toContain('"opportunity_id": "204"');
    expect(pages[3]).toContain('"content": "Walked through item 19');
    expect(pages.at(-1)).toContain('"id": "coming"');
    for (const page of pages) expect(page).toContain("Brought by the sync of");
  });

  it("is text, whatever stands in it", async () => {
    const html = await shown("/leads/mail/raw");
    expect(html).not.toContain("<b>Kim");
    expect(html).toContain("&lt;b>Kim&lt;/b>");
  });

  it("is for nobody else", async () => {
    const { app, rig } = reader;
    for (const role of ["tenant_viewer", "tenant_admin"] as const) {
      const user = await app.createUser(role, rig.tenant.id);
      const answer = await (await app.signedIn(user))
        .getIn("birch-bakery", "/leads/107/raw");
      expect(textOf(await expectPage(answer, 403))).not.toContain("Gus");
    }
    const nobody = await agency.getIn("birch-bakery", "/leads/none/raw");
    expect(nobody.status).toBe(404);
    await nobody.body?.cancel();
  });
});

describe("The page of a person who is gone", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await open();
    const brand = reader.rig.simulator.brand(TEST_WEB_KEY);
    brand.removeLead("107");
    brand.removeLead("105");
    reader.rig.clock.advance(HOUR);
    await reader.rig.sync();
  });
  afterAll(() => reader[Symbol.dispose]());

  const gone = async (path: string, status: number) =>
    textOf(
      await expectPage(
        await reader.browser.getIn("birch-bakery", path),
        status,
      ),
    );

  it("says since when, with what other records still say", async () => {
    const text = await gone("/leads/107", 410);
    expect(text).toContain(
      "No longer in ClientTether since 11 Mar 2026, 12:00 (New York).",
    );
    expect(text).toContain("Gus Hale");
    expect(text).toContain("$45,000.04");
    expect(text).toContain("12 notes");
    expect(text).not.toContain("lead107@example.com");
  });

  it("has no name where nothing else keeps it", async () => {
    const text = await gone("/leads/105", 410);
    expect(text).toContain("A person without a name");
    expect(text).not.toContain("Farrow");
  });

  it("is that of one who never was, once the person is erased", async () => {
    const { rig } = reader;
    await erasePerson(rig, rig.tenant.id, "105");
    const erased = await gone("/leads/105", 404);
    expect(erased).toBe(await gone("/leads/nobody", 404));
    expect(erased).toContain("There is nobody at this address.");
  });
});
