import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { addDays } from "../../lib/domain/mod.ts";
import { listAllReports } from "../../lib/store/mod.ts";
import { settled } from "../../lib/web/mod.ts";
import { HOUR } from "../_clock.ts";
import { createTestMailer } from "../_mail.ts";
import { inspectAll } from "./_axe.ts";
import { BIRCH_KEY } from "./_birch.ts";
import { Stage } from "./_browser.ts";
import { oneLine } from "./_read.ts";

describe("Weekly reports", () => {
  let stage: Stage;
  let week: string;
  const mail = createTestMailer();

  beforeAll(async () => {
    stage = await Stage.open({ mail });
    const { portal } = stage;
    // Into the next week, in which the sync freezes the one before.
    portal.clock.advance(8 * 24 * HOUR);
    await portal.sync();
    const [report] = await listAllReports(portal.store, portal.birch.id);
    week = report!.week;
  });
  afterAll(() => stage.close());

  const page = (path = "") => `/reports${path}?w=birch-bakery`;
  const publish = () =>
    stage.visit({ as: "agency" }, async ({ page: tab, glance }) => {
      await glance(page(`/${week}/edit`));
      const button = tab.getByRole("button", { name: "Save and publish" });
      if (await button.count() > 0) await button.click();
    });

  it("the agency writes a summary and publishes; the brand reads it, without any script", async () => {
    await stage.visit(
      { as: "agency", javaScriptEnabled: false },
      async ({ page: tab, glance }) => {
        await glance(page());
        await tab.getByRole("link", { name: /Weekly report/ }).click();
        await tab.getByText("Draft", { exact: true }).waitFor();
        await tab.getByRole("link", { name: "Edit and publish" }).click();
        await tab.getByLabel("Title").fill("Bakers on the move");
        await tab.getByLabel("Summary").fill("A good week.\n\nMore to come.");
        await tab.getByRole("button", { name: "Save and publish" }).click();
        await tab.getByText("Published. Readers see it from now on.").waitFor();
      },
    );
    await stage.visit(
      { as: "viewer", javaScriptEnabled: false },
      async ({ page: tab, glance }) => {
        await glance(page());
        await tab.getByRole("link", { name: /Bakers on the move/ }).click();
        const title = tab.getByRole("heading", { name: "Bakers on the move" });
        await title.waitFor();
        const paragraphs = tab.getByText("A good week.", { exact: true });
        expect(await paragraphs.count()).toBe(1);
        const edit = tab.getByRole("link", { name: "Edit and publish" });
        expect(await edit.count()).toBe(0);
      },
    );
  });

  it("the Dashboard leads to the latest report", async () => {
    await publish();
    await stage.visit({ as: "viewer" }, async ({ page: tab, glance }) => {
      await glance("/dashboard?w=birch-bakery");
      await tab.getByRole("link", { name: "Open the latest report" }).click();
      await tab.waitForURL(`**/reports/${week}**`);
    });
  });

  it("of two who edit at once the second loses nothing", async () => {
    await stage.visit(
      { as: "agency" },
      async ({ page: tab, context, glance }) => {
        await glance(page(`/${week}/edit`));
        const other = await context.newPage();
        await other.goto(tab.url());
        await other.getByLabel("Summary").fill("Theirs");
        await other.getByRole("button", { name: "Save", exact: true }).click();
        await other.getByText("Saved.", { exact: true }).waitFor();
        await tab.getByLabel("Summary").fill("Mine");
        await tab.getByRole("button", { name: "Save", exact: true }).click();
        await tab.getByText("Somebody else has changed this report").waitFor();
        expect(await tab.getByLabel("Summary").inputValue()).toBe("Mine");
        const saved = tab.getByRole("region", { name: "What is saved now" });
        expect(await saved.innerText()).toContain("Theirs");
      },
    );
  });

  it("axe finds nothing on list, report and form, wide or narrow, light or dark", async () => {
    await publish();
    for (const path of ["", `/${week}`, `/${week}/edit`]) {
      await stage.visit(
        { as: "agency" },
        async ({ page: tab, open, complaints }) => {
          await open(page(path));
          await tab.locator("main details").evaluateAll((all) => {
            for (const one of all) one.setAttribute("open", "");
          });
          expect(await inspectAll(tab)).toEqual([]);
          expect(complaints).toEqual([]);
        },
      );
    }
  });

  it("prints on at most two sheets, without navigation, with the week on paper", async () => {
    await publish();
    await stage.visit({ as: "viewer" }, async ({ page: tab, open }) => {
      await open(page(`/${week}`));
      const pdf = await tab.pdf({ format: "A4" });
      const sheets = new TextDecoder("latin1").decode(pdf)
        .match(/\/Type\s*\/Page\b/g)?.length;
      expect([1, 2]).toContain(sheets);
      await tab.emulateMedia({ media: "print" });
      expect(await tab.getByRole("navigation").first().isVisible()).toBe(false);
      const line = tab.locator("main .print-only");
      const year = addDays(week, 6).slice(0, 4);
      expect(await line.innerText()).toMatch(
        new RegExp(`Birch Bakery · .* · Week of .*${year} · data of`),
      );
    });
  });

  it("who asked for it gets the next report by e-mail, and a correction is a version beside the first", async () => {
    const { portal } = stage;
    await stage.visit(
      { as: "viewer", javaScriptEnabled: false },
      async ({ page: tab, glance }) => {
        await glance(page());
        await tab.getByRole("button", { name: "Send me new reports" }).click();
        await tab.getByRole("button", { name: "Send me no more reports" })
          .waitFor();
      },
    );
    // The next week ends, and a lead of it comes to light after its report was made.
    portal.clock.advance(7 * 24 * HOUR);
    await portal.sync(portal.birch);
    const next = addDays(week, 7);
    await stage.visit(
      { as: "agency" },
      async ({ page: tab, glance, complaints }) => {
        await glance(page());
        await tab.getByRole("heading", { name: "March 2026" }).waitFor();
        const titles = tab.locator("main li");
        expect(await titles.count()).toBe(2);
        expect(await titles.first().innerText()).toContain("16 to 22 Mar 2026");
        await glance(page(`/${next}/edit`));
        await tab.getByText("to the one who asked for it.").waitFor();
        await tab.getByRole("button", { name: "Save and publish" }).click();
        await tab.getByText("Published. Readers see it from now on.").waitFor();
        await settled(portal.store);
        expect(mail.sent.map(({ to }) => to)).toEqual(["viewer@example.com"]);
        expect(mail.sent[0]!.text).toContain(`${portal.url}/reports/${next}?`);

        portal.simulator.brand(BIRCH_KEY).putLead({
          client_id: "late",
          created: `${addDays(next, 3)} 09:00:00`,
          contact_type: "1",
          clients_sales_cycle: "New Lead",
        });
        portal.clock.advance(HOUR);
        await portal.sync(portal.birch);
        await glance(page(`/${next}/edit`));
        await tab.getByRole("button", { name: "Compute the figures anew" })
          .click();
        await tab.getByText("They are a new version").waitFor();
        await tab.getByText("Draft", { exact: true }).waitFor();
        await stage.visit({ as: "viewer" }, async (reader) => {
          await reader.glance(page(`/${next}`));
          const text = oneLine(await reader.page.locator("main").innerText());
          expect(text).toContain("New leads 0");
          expect(text).not.toContain("Version 2");
        });
        await tab.getByRole("link", { name: "Edit and publish" }).click();
        await tab.getByRole("button", { name: "Save and publish" }).click();
        await tab.getByText("Published. Readers see it from now on.").waitFor();
        expect(complaints).toEqual([]);
      },
    );
    await stage.visit({ as: "viewer" }, async ({ page: tab, glance }) => {
      await glance(page(`/${next}`));
      const text = oneLine(await tab.locator("main").innerText());
      expect(text).toContain("The figures of this report were corrected.");
      expect(text).toContain("New leads 1");
      await tab.getByRole("link", { name: /^Version 1, of/ }).click();
      await tab.getByText("This is version 1. A newer one has corrected")
        .waitFor();
      expect(oneLine(await tab.locator("main").innerText()))
        .toContain("New leads 0");
    });
    await settled(portal.store);
    expect(mail.sent.map(({ subject }) => subject)).toEqual([
      "Weekly report, Birch Bakery, 16 to 22 Mar 2026",
      "Corrected weekly report, Birch Bakery, 16 to 22 Mar 2026",
    ]);
  });
});
