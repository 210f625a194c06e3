import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { openTenantBeside } from "../../lib/store/mod.ts";
import { settled } from "../../lib/web/mod.ts";
import { MINUTE } from "../_clock.ts";
import { Stage, type Visit } from "./_browser.ts";

describe("A page that is fetched in advance", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const link = ({ page }: Visit, name: string) =>
    page.getByRole("link", { name, exact: true }).first();

  /** Lets the pointer rest on a link until the browser has fetched its page. */
  async function restOn(visit: Visit, name: string): Promise<void> {
    const fetched = visit.context.waitForEvent("response", {
      predicate: (answer) => "sec-purpose" in answer.request().headers(),
    });
    await link(visit, name).hover();
    const answer = await fetched;
    expect(answer.status()).toBe(200);
    await answer.finished();
  }

  const deliveryOf = ({ page }: Visit) =>
    page.evaluate(() => {
      const [entry] = performance.getEntriesByType("navigation");
      return entry && "deliveryType" in entry ? entry.deliveryType : null;
    });

  it("is what the next click opens: one of the seven, and a person", () =>
    stage.visit({ as: "viewer" }, async (visit) => {
      await visit.open("/dashboard");
      await restOn(visit, "Leads");
      await link(visit, "Leads").click();
      await visit.page.getByRole("heading", { name: "Leads", level: 1 })
        .waitFor();
      expect(await deliveryOf(visit)).toBe("navigational-prefetch");
      await restOn(visit, "Ada Birch");
      await link(visit, "Ada Birch").click();
      await visit.page.getByRole("heading", { name: "Ada Birch" }).waitFor();
      expect(await deliveryOf(visit)).toBe("navigational-prefetch");
      expect(visit.complaints).toEqual([]);
    }));

  it("counts as opened when it is, and is then as old as its data", () =>
    stage.visit({ as: "viewer" }, async (visit) => {
      const { portal } = stage;
      const { birch, store, users, clock } = portal;
      const visitedAt = async () => {
        await settled(store);
        const { visit } = await openTenantBeside(store, birch.id, [], {
          userId: users.viewer.id,
        });
        return visit?.last.at;
      };
      await visit.open("/dashboard");
      const before = await visitedAt();
      await restOn(visit, "Hot List");
      clock.advance(10 * MINUTE);
      expect(await visitedAt()).toBe(before);

      const told = visit.page.waitForResponse(/\/api\/sync\/status/);
      await link(visit, "Hot List").click();
      await visit.page.getByText("Updated 10 minutes ago").waitFor();
      expect(await deliveryOf(visit)).toBe("navigational-prefetch");
      await told;
      expect(await visitedAt()).toBe(new Date(clock.now()).toISOString());
    }));
});
