import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { listAudit, type User } from "../../lib/store/mod.ts";
import { settled } from "../../lib/web/mod.ts";
import { createTestApp, type TestApp, type TestBrowser } from "../_app.ts";
import { createTestMailer, type TestMailer } from "../_mail.ts";
import { createRig, type SyncRig, TEST_WEB_KEY } from "../_sync.ts";
import { expectJson, expectPage, expectRedirect } from "./_assert.ts";
import { BRAND, textOf } from "./_reader.ts";

const WEEK = "2026-03-09";
const HERE = `/reports/${WEEK}?w=birch-bakery`;
const EDIT = `/reports/${WEEK}/edit?w=birch-bakery`;
const LIST = "/reports?w=birch-bakery";

describe("/reports", () => {
  let rig: SyncRig;
  let app: TestApp;
  let mail: TestMailer;
  let reader: User;
  let viewer: TestBrowser;
  let agency: TestBrowser;
  let editor: User;

  beforeEach(async () => {
    rig = await createRig({
      brand: BRAND,
      now: "2026-03-13T16:00:00.000Z",
      tenant: { name: "Birch Bakery", slug: "birch-bakery" },
    });
    await rig.sync();
    rig.clock.set("2026-03-17T12:00:00.000Z");
    await rig.sync();
    mail = createTestMailer();
    app = await createTestApp({
      store: rig.store,
      clock: rig.clock,
      services: { mail },
    });
    reader = await app.createUser("tenant_viewer", rig.tenant.id);
    viewer = await app.signedIn(reader);
    editor = await app.createUser("agency_admin");
    agency = await app.signedIn(editor);
  });

  afterEach(() => rig.dispose());

  const html = async (path: string, by = agency) =>
    await expectPage(await by.get(path));
  const text = async (path: string, by = agency) =>
    textOf(await html(path, by));
  const stamp = async () =>
    /name="stamp" value="(\w+)"/.exec(await html(EDIT))![1]!;
  const send = async (form: Record<string, string>, by = agency) =>
    await by.post(EDIT, {
      stamp: await stamp(),
      title: "Weekly report",
      summary: "",
      ...form,
    });
  const done = (what: string) => `${HERE}&done=${what}`;
  const publish = async (form: Record<string, string> = {}) =>
    await expectRedirect(
      await send({ do: "publish", ...form }),
      done("publish"),
    );
  /** A lead of the week that ClientTether shows after it was over. */
  const lateLead = async () => {
    rig.simulator.brand(TEST_WEB_KEY).putLead({
      client_id: "late",
      created: "2026-03-12 09:00:00",
      contact_type: "1",
      clients_sales_cycle: "New Lead",
    });
    rig.clock.set("2026-03-17T20:00:00.000Z");
    await rig.sync();
    // Their sessions have ended by then.
    viewer = await app.signedIn(reader);
    agency = await app.signedIn(editor);
  };

  it("a draft is seen by the agency, marked, and by nobody else", async () => {
    const list = await text(LIST);
    expect(list).toContain("9 to 15 Mar 2026");
    expect(list).toContain("Draft");
    expect(await text(HERE)).toContain("Draft");
    expect(await text(LIST, viewer)).toContain(
      "No report has been published yet.",
    );
    await expectPage(await viewer.get(HERE), 404);
    const none = await viewer.get("/reports/2026-03-02?w=birch-bakery");
    await expectPage(none, 404);
  });

  it("a week that is none has no page", async () => {
    for (const week of ["2026-03-10", "x", "2026-02-30"]) {
      const path = `/reports/${week}?w=birch-bakery`;
      await expectPage(await agency.get(path), 404);
    }
  });

  it("a published report shows summary, figures, bars and versions", async () => {
    await publish({
      title: "A week of bakers",
      summary: "First <b>paragraph</b>.\r\n\r\nSecond.",
    });
    const page = await html(HERE, viewer);
    expect(page).toContain("First &lt;b>paragraph&lt;/b>.</p>");
    const seen = textOf(page);
    for (
      const part of [
        "A week of bakers",
        "Week of 9 to 15 Mar 2026",
        "Second.",
        "New leads",
        "on the week before",
        "Leads in pipeline",
        "Qualified candidates",
        "Pipeline value",
        "weighted",
        "Hot list",
        "New leads by week",
        "Pipeline by stage",
        "Moves between stages",
        "Version 1 · frozen 17 Mar 2026, 08:00",
      ]
    ) {
      expect(seen).toContain(part);
    }
    expect(seen).not.toContain("Edit and publish");
    expect(page).not.toContain("style=");
    expect(await text(LIST, viewer)).toContain("A week of bakers");
  });

  it("each figure of a report leads to the list behind it: of the week's last day, or of the week", async () => {
    await publish({ title: "A week of bakers" });
    const page = await html(HERE, viewer);
    const links = [
      ...page.slice(page.indexOf("<article")).matchAll(
        /<a[^>]*href="([^"]*)"[^>]*>([^<]+)<\/a>/g,
      ),
    ].map(([, href = "", name = ""]) => ({
      name: name.trim(),
      path: href.replaceAll("&amp;", "&").split("#")[0]!,
    }));
    const behind = async (name: string) => {
      const link = links.find((one) => one.name === name);
      if (!link) throw new Error(`no link '${name}': ${JSON.stringify(links)}`);
      return await text(link.path, viewer);
    };
    const seen = textOf(page);
    const figure = (name: string) =>
      new RegExp(`${name} ([$\\d.,K]+) `).exec(seen)![1]!;
    for (
      const [name, list] of [
        ["New leads", /All leads (\d+) of \d+ leads?,/],
        ["Leads in pipeline", /All leads (\d+) of \d+ leads?,/],
        ["Qualified candidates", /All leads (\d+) of \d+ leads?,/],
        ["Hot list", /(\d+) candidates In active/],
        ["Total leads", /All leads (\d+) leads?,/],
      ] as const
    ) {
      expect([name, list.exec(await behind(name))?.[1]])
        .toEqual([name, figure(name)]);
    }
    expect(await behind("Pipeline value")).toContain("on 13 Mar 2026");
    expect(await behind("Pipeline value")).toContain(
      "Total of 9 opportunities $139,734.54",
    );
    expect(await behind("Deal Structure")).toContain(
      "4 opportunities in the stage 'Deal Structure'",
    );
    expect(await behind("Web")).toMatch(/All leads \d+ of \d+ leads/);
  });

  it("the list and the JSON say what readers see; /reports/latest leads to the newest", async () => {
    const latest = "/reports/latest?w=birch-bakery";
    await expectRedirect(await viewer.get(latest), LIST);
    await publish({ title: "A week" });
    await expectRedirect(await viewer.get(latest), HERE);
    const answer = await viewer.getIn("birch-bakery", "/api/reports");
    expect(await expectJson(answer)).toEqual({
      data: [{
        week: WEEK,
        title: "A week",
        publishedAt: "2026-03-17T12:00:00.000Z",
        version: 1,
      }],
    });
  });

  it("a report that is taken back is gone for readers, and not for the agency", async () => {
    await publish();
    await html(HERE, viewer);
    await expectRedirect(await send({ do: "unpublish" }), done("unpublish"));
    await expectPage(await viewer.get(HERE), 404);
    expect(await text(HERE)).toContain("Draft");
  });

  it("of two who edit at once the second keeps his text and sees the first's", async () => {
    const both = await stamp();
    const form = { do: "save", stamp: both };
    await expectRedirect(
      await send({ ...form, title: "First", summary: "Theirs" }),
      done("save"),
    );
    const refused = await expectPage(
      await send({ ...form, title: "Second", summary: "Mine" }),
      409,
    );
    const seen = textOf(refused);
    expect(seen).toContain("Somebody else has changed this report");
    expect(seen).toContain("Theirs");
    expect(refused).toContain('value="Second"');
    expect(refused).toContain(">Mine</textarea>");
    expect(await text(HERE)).toContain("First");
    const [, fresh = ""] = /name="stamp" value="(\w+)"/.exec(refused) ?? [];
    await expectRedirect(
      await send({ do: "save", stamp: fresh, title: "Second" }),
      done("save"),
    );
    expect(await text(HERE)).toContain("Second");
  });

  it("a bad title or summary is said, and what was typed stays", async () => {
    const long = "x".repeat(5001);
    const refused = await expectPage(
      await send({ do: "save", summary: long }),
      422,
    );
    expect(textOf(refused)).toContain("5,000 are the most");
    expect(refused).toContain(long);
    const blank = await expectPage(
      await send({ do: "publish", title: " " }),
      422,
    );
    expect(textOf(blank)).toContain("Give the report a title.");
    await expectPage(await send({ do: "nothing" }), 400);
    await expectPage(await viewer.get(HERE), 404);
  });

  it("only the agency edits", async () => {
    await publish();
    const admin = await app.signedIn(
      await app.createUser("tenant_admin", rig.tenant.id),
    );
    for (const by of [viewer, admin]) {
      await expectPage(await by.get(EDIT), 403);
      await expectPage(await send({ do: "unpublish" }, by), 403);
    }
    await html(HERE, viewer);
  });

  it("figures are corrected as a new version, and readers see the old one until it is published", async () => {
    await publish();
    const same = await expectPage(await send({ do: "correct" }), 422);
    expect(textOf(same)).toContain("There is nothing to correct");
    await lateLead();
    await expectRedirect(await send({ do: "correct" }), done("correct"));
    expect(await text(HERE)).toContain("Version 2 ·");
    expect(await text(HERE, viewer)).toContain("Version 1 ·");
    expect(await text(LIST)).toContain("version 2 waits as a draft");
    const hidden = await text(`${HERE}&version=2`, viewer);
    expect(hidden).toContain("This report has no version 2.");
    expect(hidden).toContain("Version 1 ·");
    await publish();
    const now = await text(HERE, viewer);
    expect(now).toContain("corrected on 17 Mar 2026");
    expect(now).toContain("Version 2 ·");
    const old = await text(`${HERE}&version=1`, viewer);
    expect(old).toContain("This is version 1. A newer one has corrected");
    expect(old).toContain("Version 1 ·");
  });

  it("a version that is none is named, and the newest is shown", async () => {
    for (const version of ["0", "x", "2", "1e3"]) {
      const seen = await text(`${HERE}&version=${version}`);
      expect(seen).toMatch(/version/);
      expect(seen).toContain("The page shows what it shows without it.");
    }
  });

  it("goes by e-mail, once, to those who asked for it and may still read it", async () => {
    const post = (action: string, by: TestBrowser) =>
      by.post(LIST, { do: action });
    await expectRedirect(await post("subscribe", viewer), LIST);
    expect(await text(LIST, viewer)).toContain("Send me no more reports");
    const other = await app.signedIn(
      await app.createUser("tenant_viewer", rig.tenant.id),
    );
    await expectRedirect(await post("subscribe", other), LIST);
    await expectRedirect(await post("unsubscribe", other), LIST);
    await expectPage(await post("anything", other), 400);
    await publish({ summary: "A good week." });
    await settled(rig.store);
    expect(mail.sent.map(({ to }) => to)).toEqual([reader.email]);
    const [letter] = mail.sent;
    expect(letter!.subject).toBe(
      "Weekly report, Birch Bakery, 9 to 15 Mar 2026",
    );
    expect(letter!.text).toContain(
      "http://localhost:8000/reports/2026-03-09?w=birch-bakery",
    );
    expect(letter!.text).toContain("A good week.");
    expect(letter!.text).toMatch(/New leads {13}\d/);
    await (await send({ do: "unpublish" })).body?.cancel();
    await publish();
    await settled(rig.store);
    expect(mail.sent).toHaveLength(1);
  });

  it("notes in the audit log who did what with which report", async () => {
    await publish();
    await lateLead();
    await (await send({ do: "correct" })).body?.cancel();
    await (await send({ do: "unpublish" })).body?.cancel();
    const { rows } = await listAudit(rig.store, { limit: 10 });
    const ours = rows.filter(({ action }) => action.startsWith("report."));
    expect(ours.map(({ action, target, detail }) => [
      action,
      target,
      detail.version,
    ])).toEqual([
      ["report.unpublished", WEEK, 2],
      ["report.corrected", WEEK, 2],
      ["report.published", WEEK, 1],
      ["report.edited", WEEK, 1],
    ]);
    expect(ours[0]?.tenantId).toBe(rig.tenant.id);
  });

  it("another brand's user finds nothing", async () => {
    await publish();
    const stranger = await app.signedIn(await app.createUser("tenant_viewer"));
    for (const path of [HERE, EDIT, LIST]) {
      await expectPage(await stranger.get(path), 404);
    }
  });

  it("reads no more than three times", async () => {
    await publish();
    // Who gets it by e-mail is read after the answer.
    await settled(rig.store);
    const reads = async (path: string, status = 200) => {
      rig.operations.length = 0;
      await expectPage(await viewer.get(path), status);
      return rig.operations.filter(({ kind }) => kind !== "commit").length;
    };
    // The guard reads less of a session that has been here before.
    await reads(LIST);
    // A report that is not there is one read, and the guard's are not counted.
    const none = "/reports/2026-03-02?w=birch-bakery";
    const guard = await reads(none, 404) - 1;
    // The list, and whether the reader gets letters.
    expect(await reads(LIST) - guard).toBe(2);
    expect(await reads(HERE) - guard).toBe(1);
  });
});
