import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { HOUR } from "../_clock.ts";
import { openReader, textOf } from "./_reader.ts";

const DAY = 24 * HOUR;

describe("Stalled deals", () => {
  it("are all listed that the Pipeline's card counts, those too that it does not name, in its order", async () => {
    using reader = await openReader({
      brand: { opportunities: 150, leads: 150 },
    });
    const { app, rig } = reader;
    await rig.sync();
    rig.clock.advance(31 * DAY);
    await rig.sync();
    const user = await app.createUser("tenant_viewer", rig.tenant.id);
    const browser = await app.signedIn(user);
    const html = async (path: string) =>
      await (await browser.getIn("birch-bakery", path)).text();
    const rowsOf = (page: string) =>
      [...page.matchAll(/<tr[^>]*>\s*<th scope="row".*?<\/tr>/gs)]
        .map(([row]) => textOf(`<body>${row}`).trim());
    const pipeline = await html("/pipeline");
    const [card] = /id="stalled".*?<\/section>/s.exec(pipeline)!;
    const [, href = "", count] = /<a[^>]*href="([^"]*)"[^>]*>(\d+) deals</.exec(
      card,
    )!;
    const named = rowsOf(card);
    expect(Number(count)).toBeGreaterThan(named.length);
    const all = await html(href.replaceAll("&amp;", "&"));
    expect(textOf(all)).toContain(`${count} stalled deals`);
    const listed = rowsOf(all);
    expect(listed).toHaveLength(Number(count));
    const places = named.map((row) => listed.indexOf(row));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("are none where nothing has been there for long", async () => {
    using reader = await openReader();
    await reader.rig.sync();
    expect(await reader.text("/pipeline/stalled")).toContain(
      "No deal is stalled.",
    );
  });
});
