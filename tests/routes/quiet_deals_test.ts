import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { WireRow } from "../../lib/clienttether/simulator/mod.ts";
import { HOUR } from "../_clock.ts";
import { TEST_WEB_KEY } from "../_sync.ts";
import { openReader, type Reader, textOf } from "./_reader.ts";

const QUIET = "/pipeline/quiet";

describe("Deals without activity", () => {
  let reader: Reader;
  beforeEach(async () => {
    reader = await openReader();
    await reader.rig.sync();
  });
  afterEach(() => reader[Symbol.dispose]());

  const brand = () => reader.rig.simulator.brand(TEST_WEB_KEY);
  /** The rows of the list, as they are read. */
  const rows = async (query = "") => {
    const html = await reader.html(`${QUIET}${query}`);
    return [...html.matchAll(/<tr[^>]*>\s*<th scope="row".*?<\/tr>/gs)]
      .map(([row]) => textOf(`<body>${row}`).trim());
  };
  const anHour = async () => {
    reader.rig.clock.advance(HOUR);
    await reader.rig.sync();
  };
  const activity = (id: string, contact: string, fields: WireRow) =>
    brand().putActivity({ id, contact_id: contact, type: "Call", ...fields });

  it("are those of the pipeline, the longest first, with their sum", async () => {
    expect(await rows()).toEqual([
      "Cy Dunmore Initial Call 19 Created, 20 Feb 2026 $1,234.50 Sam Ortega",
      "Fay Garnet FDD Review 19 Created, 20 Feb 2026 $40,000 Sam Ortega",
      "Hollis Imre FA Sent 19 Created, 20 Feb 2026 $30,000 Sam Ortega",
      "Unnamed New Lead 19 Created, 20 Feb 2026 −$500 Sam Ortega",
      "Crumb Partners LLC Deal Structure 19 Created, 20 Feb 2026 $12,000 Sam Ortega",
      "Di Esker Deal Structure 19 Created, 20 Feb 2026 $12,000 Sam Ortega",
      "Total of 6 deals $94,734.50",
    ]);
    const text = await reader.text(QUIET);
    expect(text).toContain("6 deals without activity");
    expect(text).toContain(
      "In the pipeline with no note, no activity with the person and no move for more than 14 days, and nothing scheduled; the longest first.",
    );
  });

  it("are no more when something is noted, scheduled, held or moved; what is called off counts for nothing", async () => {
    brand().putNote({
      ...{ id: "801", contact_id: "103", content: "Called" },
      date: "2026-03-11 10:00:00",
    });
    activity("802", "106", { start: "2026-03-20 10:00:00" });
    activity("803", "108", {
      start: "2026-03-12 10:00:00",
      status: "Cancelled",
    });
    const deal = brand().rows("opportunities")
      .find((row) => String(row.opportunity_id) === "212");
    brand().putOpportunity({ ...deal, contact_sales_cycle: "FA Sent" });
    await anHour();
    const names = async () => (await rows()).map((row) => row.slice(0, 7));
    expect(await names()).toEqual([
      ...["Hollis ", "Unnamed", "Di Eske", "Total o"],
    ]);
    activity("804", "108", { start: "2026-03-10 10:00:00" });
    await anHour();
    expect(await names()).toEqual(["Unnamed", "Di Eske", "Total o"]);
  });

  it("are told of an earlier day as it was", async () => {
    const then = await rows();
    // A session goes on for eight hours without a request.
    for (let n = 0; n < 3; n++) {
      reader.rig.clock.advance(5 * HOUR);
      await reader.text("/notes");
    }
    brand().putNote({
      ...{ id: "801", contact_id: "103", content: "Written in later" },
      date: "2026-03-10 10:00:00",
    });
    activity("802", "106", { start: "2026-03-20 10:00:00" });
    await anHour();
    expect(await rows()).toHaveLength(then.length - 2);
    expect(await rows("?on=2026-03-11")).toEqual(then);
  });

  it("lead to their people, from where a link leads back, and are reached from Pipeline and Hot List", async () => {
    const html = await reader.html(QUIET);
    const [, person = ""] = /href="(\/leads\/103\?[^"]*)"/.exec(html) ?? [];
    const back = await reader.html(person.replaceAll("&amp;", "&"));
    expect(back).toContain('href="/pipeline/quiet?w=birch-bakery"');
    expect(textOf(back)).toContain("← Deals without activity Cy Dunmore");
    for (const path of ["/pipeline", "/hot-list"]) {
      expect(await reader.html(path)).toMatch(
        /<a[^>]*href="\/pipeline\/quiet\?w=birch-bakery"[^>]*>\s*Deals without activity/,
      );
    }
  });

  it("say that a place cannot be read, and begin anew", async () => {
    const text = await reader.text(`${QUIET}?after=nonsense`);
    expect(text).toContain("Cannot read the parameter 'after'");
    expect(text).toContain("6 deals without activity");
  });

  it("run through all of them, page by page, each once", async () => {
    for (let n = 0; n < 130; n++) {
      brand().putOpportunity({
        ...{ opportunity_id: `m${n}`, client_id: n % 2 ? "103" : "" },
        ...{ firstName: "Many", lastName: `${n}`, contact_type: "1" },
        contact_sales_cycle: "QR Returned",
        created: `2026-02-${10 + n % 10} 09:00:00`,
      });
    }
    await anHour();
    const seen: string[] = [];
    let path: string | undefined = QUIET;
    while (path) {
      const html: string = await reader.html(path);
      const names = textOf(html).matchAll(/(Many \d+) QR Returned/g);
      seen.push(...[...names].map(([, name]) => name!));
      path = /href="([^"]*)"[^>]*>Shorter ones/.exec(html)?.[1]
        ?.replaceAll("&amp;", "&");
    }
    expect(seen).toHaveLength(130);
    expect(new Set(seen).size).toBe(130);
  });
});
