import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { Page } from "playwright-core";
import { ENDPOINTS } from "../../lib/clienttether/mod.ts";
import { listAudit, SyncWriter } from "../../lib/store/mod.ts";
import { inspectAll } from "./_axe.ts";
import { Stage } from "./_browser.ts";

const BIRCH_PATH = "/admin/tenants/birch-bakery";
const WATCHED = /\/runs\/\w+\?(?:after=\w*&)?watch=1$/;
const RUN = /\/runs\/[0-9A-Z]{26}$/;

describe("The agency's pages of syncs", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const press = (page: Page, name: string) =>
    page.getByRole("button", { name, exact: true }).click();
  const follow = (page: Page, name: string) =>
    page.getByRole("link", { name, exact: true }).click();
  /** From the list of brands to a sync that waits for ClientTether's opportunities. */
  const begin = async (page: Page, glance: (path: string) => Promise<void>) => {
    stage.portal.clock.advance(60_000);
    const goOn = stage.portal.hold(ENDPOINTS.opportunities.path);
    await glance("/admin/tenants");
    await follow(page, "Birch Bakery");
    await follow(page, "Runs of this brand");
    await press(page, "Sync now");
    await page.waitForURL(WATCHED);
    return goOn;
  };
  const succeeded = async (page: Page) => {
    await page.getByRole("rowheader", { name: "Opportunities" }).waitFor();
    await page.getByText("records updated").waitFor();
    expect(await page.getByText("Success").count()).toBeGreaterThan(4);
  };

  it("a sync is asked for and watched, and its run appears by itself", () =>
    stage.visit({ as: "agency" }, async ({ page, glance, complaints }) => {
      const goOn = await begin(page, glance);
      // The lease is renewed every five seconds; then the page hears of it.
      const leads = page.getByRole("row").filter({ hasText: "Leads" });
      await leads.getByText("Done").waitFor();
      expect(await page.getByRole("status").textContent())
        .toMatch(/^Running for .*reading opportunities, 0 so far\.$/);
      expect(await inspectAll(page)).toEqual([]);
      goOn();
      await page.waitForURL(RUN);
      await succeeded(page);
      expect(complaints).toEqual([]);
    }));

  it("the same without JavaScript, by a link and by loading again", () =>
    stage.visit(
      { as: "agency", javaScriptEnabled: false },
      async ({ page, glance }) => {
        const goOn = await begin(page, glance);
        await page.getByText("Running for").waitFor();
        const reload = page.locator('head meta[http-equiv="refresh"]');
        expect(await reload.count()).toBe(1);
        await follow(page, "Stop that");
        await page.getByRole("link", { name: "Do it by itself" }).waitFor();
        expect(await reload.count()).toBe(0);
        goOn();
        await stage.portal.settled();
        await follow(page, "Refresh");
        await succeeded(page);
        expect(await page.getByRole("link", { name: "Refresh" }).count())
          .toBe(0);
      },
    ));

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with" : "without";
    it(`what is in quarantine is looked at and tried again, ${how} JavaScript`, () =>
      stage.visit(
        { as: "agency", javaScriptEnabled },
        async ({ page, glance }) => {
          await quarantine(stage, "777");
          await glance(`${BIRCH_PATH}/quarantine`);
          await follow(page, "777");
          await page.getByText("its name is missing").waitFor();
          await follow(page, "Quarantine of Birch Bakery");
          if (javaScriptEnabled) expect(await inspectAll(page)).toEqual([]);
          await press(page, "Try again");
          await page.getByText("1 record can be read now and is in place.")
            .waitFor();
          await page.getByText("Nothing is in quarantine.").waitFor();
          const { rows } = await listAudit(stage.portal.store, { limit: 1 });
          expect(rows[0]?.action).toBe("quarantine.retried");
        },
      ));
  }
});

/** Puts a lead into quarantine as rules that were stricter would have. */
async function quarantine(
  { portal: { store, birch, clock } }: Stage,
  id: string,
): Promise<void> {
  const who = { owner: "earlier", runId: "earlier" };
  const writer = await SyncWriter.open(store, birch.id, clock, who);
  const at = new Date(clock.now()).toISOString();
  await writer!.changeQuarantine("leads", [{
    id,
    stream: "leads",
    reason: "its name is missing",
    raw: JSON.stringify({ client_id: id, firstName: "Robin" }),
    hash: "hash",
    firstSeenAt: at,
    lastSeenAt: at,
  }], []);
  await writer!.lease.release({ sets: [], deletes: [] });
}
