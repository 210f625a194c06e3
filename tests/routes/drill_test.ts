import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  formatCount,
  formatMoney,
  type PipelineView,
} from "../../lib/domain/mod.ts";
import { HOUR } from "../_clock.ts";
import { TEST_WEB_KEY } from "../_sync.ts";
import { openReader, type Reader, textOf } from "./_reader.ts";

/** A link of a page: what it says, and where it leads. */
interface Link {
  text: string;
  href: string;
}

function linksOf(html: string): Link[] {
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  return [...main.matchAll(/<a\b[^>]*href="([^"]*)"[^>]*>(.*?)<\/a>/gs)]
    .map(([, href = "", inside = ""]) => ({
      text: textOf(`<body>${inside}`).trim(),
      href: href.replaceAll("&amp;", "&"),
    }));
}

/** The figures of the page, each with the list behind it: the list's total is the figure. */
describe("From each number to the list behind it", () => {
  let reader: Reader;
  let pipeline: PipelineView;

  beforeAll(async () => {
    reader = await openReader();
    await reader.rig.sync();
    const data = await reader.rig.data();
    const { viewDay } = await data.syncState();
    pipeline = (await data.views(viewDay!)).pipeline!;
  });
  afterAll(() => reader[Symbol.dispose]());

  /** The text of the page that a link of a page leads to. */
  const follow = async (path: string, text: string | RegExp) => {
    const link = linksOf(await reader.html(path)).find((one) =>
      typeof text === "string" ? one.text === text : text.test(one.text)
    );
    if (!link) throw new Error(`${path} has no link '${text}'`);
    return await reader.text(inPage(path, link.href));
  };
  const inPage = (path: string, href: string) => {
    const url = new URL(href, `http://localhost${path}`);
    return url.pathname + url.search;
  };
  const opportunities = (count: number) =>
    `${formatCount(count)} ${count === 1 ? "opportunity" : "opportunities"}`;

  it("Pipeline: every stage leads to its opportunities, in count and value", async () => {
    const rows = [...pipeline.stages, ...pipeline.after];
    expect(rows.length).toBe(9);
    for (const { stage, count, valueCents } of rows) {
      const text = await follow("/pipeline", stage);
      expect(text).toContain(
        `${opportunities(count)} in the stage '${stage}'`,
      );
      if (count === 0) continue;
      const sums = `Total of ${opportunities(count)} ${
        formatMoney(valueCents, "USD")
      }`;
      expect(text).toContain(sums);
    }
  });

  it("Pipeline and Dashboard: the value leads to what it sums up, to the cent", async () => {
    const sums = `Total of ${opportunities(pipeline.opportunities!)} ${
      formatMoney(pipeline.totalValueCents, "USD")
    } ${formatMoney(pipeline.weightedValueCents, "USD")}`;
    expect(sums).toBe("Total of 9 opportunities $139,734.54 $35,723.46");
    for (
      const [path, card] of [
        ["/pipeline", "Total Pipeline Value"],
        ["/dashboard", "Pipeline value"],
      ]
    ) expect(await follow(path!, card!)).toContain(sums);
  });

  it("Pipeline: the total leads to all, and what the Dashboard's value leaves out to each", async () => {
    const sums = "9 opportunities in the pipeline";
    expect(await follow("/pipeline", "Total")).toContain(sums);
    expect(await follow("/dashboard", "2 without a size")).toContain(
      "2 opportunities in the pipeline without a deal size",
    );
    expect(await follow("/dashboard", "1 without a likelihood")).toContain(
      "1 opportunity in pipeline stages without a likelihood",
    );
  });

  it("Leads: what a chart draws as Other leads to as many people as it says, as the mark does", async () => {
    const html = await reader.html("/leads");
    const [, href = "", name] = /<a[^>]*href="([^"]*)"[^>]*>(Other \(4\))<\/a>/
      .exec(html)!;
    expect(name).toBe("Other (4)");
    expect(html).toContain(
      "</a>: the statuses that the chart draws as one, 4 leads.",
    );
    expect(await leadsBehind("/leads", () => href)).toBe(4);
    const charts = [...html.matchAll(/data-chart="([^"]*)"/g)].map(([, text]) =>
      JSON.parse(text!.replaceAll("&quot;", '"').replaceAll("&amp;", "&"))
    );
    expect(charts[1].items.at(-1)).toMatchObject({
      ...{ name: "Other (4)", count: 4 },
      href: href.replaceAll("&amp;", "&"),
    });
  });

  it("Hot List: its total sums up the rows of every page, those without a weight apart", async () => {
    const text = await reader.text("/hot-list");
    const cents = [...text.matchAll(/\$([\d,]+)(?:\.(\d\d))? (?:FA|Deal) S/g)]
      .map(([, whole = "", part = "0"]) =>
        Number(whole.replaceAll(",", "")) * 100 + Number(part)
      );
    const sum = cents.reduce((all, one) => all + one, 0);
    expect(text).toContain(
      `Total of ${cents.length} candidates 5 ${formatMoney(sum, "USD")}`,
    );
    expect(text).toContain("1 candidate without a deal size or a likelihood");
  });

  it("Pipeline: the average leads to the opportunities that it is of", async () => {
    const text = await follow("/pipeline", "Average Deal Size");
    expect(text).toContain("7 opportunities in the pipeline with a deal size");
    expect(text).toContain("Total of 7 opportunities $139,734.54");
  });

  it("Pipeline: each sentence about what is left out leads to it", async () => {
    const html = await reader.html("/pipeline");
    const found: string[] = [];
    const sentences = html.matchAll(
      /<li ?>([^<]*\.) <a[^>]*href="([^"]*)"[^>]*>Show (?:it|them)<\/a>/g,
    );
    for (const [, sentence = "", href = ""] of sentences) {
      const count = /^\d+/.exec(sentence)![0];
      const text = await reader.text(href.replaceAll("&amp;", "&"));
      const said = new RegExp(`${count} opportunit(?:y|ies) in [^.]*\\.?`);
      found.push(said.exec(text)?.[0].split(" The ")[0] ?? sentence);
    }
    expect(found).toEqual([
      "2 opportunities in the pipeline without a deal size",
      "1 opportunity in pipeline stages without a likelihood",
      "1 opportunity in inactive stages",
      "1 opportunity in stages that ClientTether's sales cycles do not name",
    ]);
  });

  /** How many leads the list shows to which the link of this text leads. */
  const leadsBehind = async (path: string, find: (html: string) => string) => {
    const text = await reader.text(
      inPage(path, find(await reader.html(path)).replaceAll("&amp;", "&")),
    );
    const said = /All leads ([\d,]+) (?:of [\d,]+ )?leads?,/.exec(text);
    if (!said) throw new Error(`No list of leads: ${text.slice(0, 2000)}`);
    return Number(said[1]);
  };
  const cardLink = (label: string) => (html: string) =>
    new RegExp(`<a[^>]*href="([^"]*)"[^>]*>${label}</a>`).exec(html)![1]!;

  it("Dashboard and Leads: each card leads to as many people as it says", async () => {
    const cards: Array<[string, string, number]> = [
      ["/dashboard", "New leads", 2],
      ["/dashboard", "Leads in pipeline", 9],
      ["/dashboard", "Qualified candidates", 5],
      ["/leads", "New leads", 2],
      ["/leads", "Total Leads", 12],
      ["/leads", "Qualified Leads", 5],
    ];
    for (const [path, label, figure] of cards) {
      expect([path, label, await leadsBehind(path, cardLink(label))])
        .toEqual([path, label, figure]);
    }
    const html = await reader.html("/leads");
    expect(html).toContain('href="#sources"');
    expect(html).toContain('id="sources"');
  });

  it("Dashboard and Leads: each row of a table leads to as many people as it says", async () => {
    const tables: Array<[string, string, number]> = [
      ["/leads", "Leads by source", 5 + 3 + 1],
      ["/leads", "Leads by status", 9],
      ["/dashboard", "New leads by week", 4],
      ["/dashboard", "New leads by source", 1 + 1],
      ["/dashboard", "Leads and pipeline value by stage", 7],
    ];
    for (const [path, caption, links] of tables) {
      const html = await reader.html(path);
      const table = new RegExp(
        `<caption[^>]*>${caption}</caption>.*?</table>`,
        "s",
      ).exec(html)![0];
      let followed = 0;
      for (const [row] of table.matchAll(/<tr[^>]*>.*?<\/tr>/gs)) {
        const cells = [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)]
          .map(([, cell = ""]) => cell);
        const numbers = cells.map((cell) => textOf(`<body>${cell}`).trim())
          .map((text) => /^[\d,]+$/.test(text) ? Number(text) : null);
        for (const [at, cell] of cells.entries()) {
          const href = /<a[^>]*href="([^"]*\/?leads[^"]*|\?[^"]*)"/.exec(cell)
            ?.[1];
          if (!href) continue;
          const figure = numbers[at] ?? numbers.find((one) => one !== null);
          expect([caption, textOf(`<body>${row}`), figure]).toEqual([
            caption,
            textOf(`<body>${row}`),
            await leadsBehind(path, () => href),
          ]);
          followed++;
        }
      }
      expect([caption, followed]).toEqual([caption, links]);
    }
  });

  it("Dashboard: each bar of the trend leads to its week", async () => {
    const html = await reader.html("/dashboard");
    const bars = [
      ...html.matchAll(
        /<a[^>]*href="([^"]*)"[^>]*><span class="sr-only">(Week of [^<]*): <\/span><span[^>]*>(\d+)</g,
      ),
    ];
    expect(bars.length).toBe(4);
    for (const [, href = "", week, count] of bars) {
      expect([week, await leadsBehind("/dashboard", () => href)])
        .toEqual([week, Number(count)]);
    }
  });

  it("Leads: the sentences about what is left out lead to it", async () => {
    const html = await reader.html("/leads");
    for (const kind of ["inactive", "unclassified"]) {
      const link = new RegExp(`href="([^"]*kind=${kind}[^"]*)"[^>]*>Show it`)
        .exec(html)![1]!;
      expect(await leadsBehind("/leads", () => link)).toBe(1);
    }
  });

  it("the opportunities lead to their people, where ClientTether names one", async () => {
    const html = await reader.html(
      "/pipeline/opportunities?stage=Deal+Structure",
    );
    const links = linksOf(html).filter(({ href }) =>
      href.startsWith("/leads/")
    );
    expect(links.map(({ text }) => text)).toEqual([
      "Gus Hale",
      "Di Esker",
      "Gus Hale",
    ]);
    expect(textOf(html)).toContain("Crumb Partners LLC Deal Structure");
    expect(await reader.text(links[1]!.href)).toContain("Di Esker");
    expect(links[1]!.href).toContain(
      `list=${
        encodeURIComponent(
          "/pipeline/opportunities?w=birch-bakery&stage=Deal+Structure",
        )
      }`,
    );
  });

  it("a filter that cannot be read is named, and the whole pipeline is shown", async () => {
    for (const wrong of ["group=none", "after=x", "stage=a&stage=b"]) {
      const text = await reader.text(`/pipeline/opportunities?${wrong}`);
      expect(text).toContain(
        `Cannot read the parameter '${wrong.split("=")[0]}'`,
      );
      expect(text).toContain("9 opportunities in the pipeline");
    }
    expect(await reader.text("/pipeline/opportunities?stage=Nowhere"))
      .toContain("There is no opportunity in the stage 'Nowhere'.");
  });
});

describe("A long list of opportunities", () => {
  it("pages through all of them once, the largest first", async () => {
    using reader = await openReader({ brand: { leads: 300 } });
    await reader.rig.sync();
    const seen: string[] = [];
    let path: string | undefined = "/pipeline/opportunities";
    let sums: string | undefined;
    for (let page = 0; path && page < 20; page++) {
      const html = await reader.html(path);
      sums ??= /Total of [\d,]+ opportunities [$\d,.]+/.exec(textOf(html))![0];
      expect(textOf(html)).toContain(sums);
      const links = linksOf(html);
      seen.push(
        ...[...html.matchAll(/<tr[^>]*>\s*<th scope="row"[^>]*>.*?<\/tr>/gs)]
          .map(([row]) => textOf(`<body>${row}`)).filter((row) =>
            !row.includes("Total of")
          ),
      );
      path = links.find(({ text }) => text === "Smaller ones")?.href;
    }
    const data = await reader.rig.data();
    const { viewDay } = await data.syncState();
    const { pipeline } = await data.views(viewDay!);
    expect(seen.length).toBe(pipeline!.opportunities);
    expect(seen.length).toBeGreaterThan(50);
  });
});

describe("From a step of the bridge to what it sums up", () => {
  it("each step leads to its changes with the same sum, each level to the opportunities of its day", async () => {
    using reader = await openReader();
    await reader.rig.sync();
    const brand = reader.rig.simulator.brand(TEST_WEB_KEY);
    const put = (id: string, fields: Record<string, string>) => {
      const deal = brand.rows("opportunities")
        .find((row) => String(row.opportunity_id) === id);
      brand.putOpportunity({ ...deal, opportunity_id: id, ...fields });
    };
    put("204", { deal_size: "50000.10" });
    put("213", { deal_size: "11000" });
    put("901", {
      ...{ client_id: "101", contact_type: "1", deal_size: "7000.01" },
      contact_sales_cycle: "Initial Call",
    });
    put("206", { contact_sales_cycle: "Lost" });
    brand.removeOpportunity("203");
    // Over midnight; a session goes on for eight hours without a request.
    for (let n = 0; n < 3; n++) {
      reader.rig.clock.advance(5 * HOUR);
      await reader.text("/notes");
    }
    await reader.rig.sync();
    const html = await reader.html("/pipeline");
    const [card] = /<caption[^>]*>How the value changed<\/caption>.*?<\/table>/s
      .exec(html)!;
    const rows = [...card.matchAll(
      /<tr[^>]*>\s*<th[^>]*>\s*<a[^>]*href="([^"]*)"[^>]*>([^<]*)<.*?<\/tr>/gs,
    )].map(([row, href = "", name = ""]) => ({
      href: href.replaceAll("&amp;", "&"),
      name: name.trim(),
      amount: textOf(`<body>${row}`).trim().split(" ").at(-1)!,
    }));
    expect(rows.map(({ name, amount }) => [name, amount])).toEqual([
      ["At the end of 11 Mar", "$139,734.54"],
      ["New opportunities", "+$7,000.01"],
      ["Resized", "+$4,000.06"],
      ["Lost or inactive", "−$30,000"],
      ["Removed in ClientTether", "−$40,000"],
      ["By the last update, 12 Mar", "$80,734.61"],
    ]);
    const [opening, ...others] = rows;
    const closing = others.pop()!;
    for (const level of [opening!, closing]) {
      expect(await reader.text(level.href)).toMatch(
        new RegExp(
          `Total of \\d+ opportunities ${
            level.amount.replaceAll(/[$.]/g, "\\$&")
          } `,
        ),
      );
    }
    for (const { href, name, amount } of others) {
      const text = await reader.text(href);
      expect(text).toMatch(
        new RegExp(`\\d changes? of the value: ${name.toLowerCase()}`),
      );
      expect(text).toContain("From the end of 11 Mar to 12 Mar");
      expect(text.split("Total of ")[1]).toMatch(
        new RegExp(`^\\d changes? ${amount.replaceAll(/[$.+]/g, "\\$&")} `),
      );
    }
    const resized = await reader.text(others[1]!.href);
    expect(resized).toContain("Gus Hale Resized Deal Structure Deal Structure");
    expect(resized).toContain("+$5,000.06");
    expect(resized).toContain("−$1,000");
    expect(await reader.text("/pipeline/value")).toContain(
      "Total of 5 changes −$58,999.93",
    );
    expect(await reader.text("/pipeline/value?part=nonsense")).toContain(
      "Cannot read the parameter 'part'",
    );
    expect(await reader.text("/pipeline/value?on=2026-03-11")).toContain(
      "There is nothing to compare yet.",
    );
  });
});

describe("From a conversion to who entered", () => {
  it("each number leads to as many entries as it says, with what became of them", async () => {
    using reader = await openReader();
    await reader.rig.sync();
    const brand = reader.rig.simulator.brand(TEST_WEB_KEY);
    const put = (id: string, stage: string) =>
      brand.putOpportunity({
        ...{ opportunity_id: id, client_id: "101", contact_type: "1" },
        ...{ contact_sales_cycle: stage, deal_size: "5000" },
      });
    const anHour = async () => {
      reader.rig.clock.advance(HOUR);
      await reader.rig.sync();
    };
    for (const id of ["901", "902", "903"]) put(id, "Initial Call");
    await anHour();
    put("901", "FDD Sent");
    put("902", "Lost");
    await anHour();
    const html = await reader.html("/pipeline");
    const [card] = /id="conversion".*?<\/section>/s.exec(html)!;
    const links = linksOf(`<main>${card}</main>`);
    expect(links.map(({ text }) => text)).toEqual([
      ...["Initial Call", "3", "1", "FDD Sent", "1", "1"],
    ]);
    const [, entered, wentOn, , , left] = links;
    const all = await reader.text(entered!.href);
    expect(all).toContain("3 opportunities entered Initial Call");
    expect(all.match(/Ada Birch Initial Call/g)).toHaveLength(3);
    for (const words of ["Went on", "Left the active", "Still there"]) {
      expect(all).toContain(words);
    }
    expect(await reader.text(wentOn!.href)).toContain(
      "1 opportunity entered Initial Call and went on",
    );
    const gone = await reader.text(left!.href);
    expect(gone).toContain(
      "1 time an opportunity entered a stage of the pipeline and left the active stages",
    );
    expect(gone).toContain("Ada Birch Initial Call");
    expect(await reader.text("/pipeline/entries?fate=unknown")).toContain(
      "Cannot read the parameter 'fate'",
    );
    expect(await reader.text("/pipeline/entries?stage=Nowhere")).toContain(
      "Nobody entered like this in the period.",
    );
  });
});

describe("From a move to who moved", () => {
  it("each row leads to as many moves as it says, with the people", async () => {
    using reader = await openReader();
    await reader.rig.sync();
    const brand = reader.rig.simulator.brand(TEST_WEB_KEY);
    const move = (id: string, client: string, stage: string) =>
      brand.putOpportunity({
        opportunity_id: id,
        client_id: client,
        contact_sales_cycle: stage,
        deal_size: "45000",
      });
    move("204", "107", "FA Sent");
    move("205", "107", "FA Sent");
    move("203", "106", "Lost");
    reader.rig.clock.advance(HOUR);
    await reader.rig.sync();
    const html = await reader.html("/pipeline");
    const rows = [
      ...html.matchAll(
        /<a[^>]*href="(\/pipeline\/moves[^"]*)"[^>]*>([^<]*→[^<]*)<\/a>/g,
      ),
    ].map(([, href = "", name]) => ({
      href: href.replaceAll("&amp;", "&"),
      name,
    }));
    expect(rows.map(({ name }) => name)).toEqual([
      "Deal Structure → FA Sent",
      "FDD Review → Lost",
    ]);
    const first = await reader.html(rows[0]!.href);
    expect(textOf(first)).toContain("2 moves from Deal Structure to FA Sent");
    expect(first.match(/href="\/leads\/107\?/g)?.length).toBe(2);
    expect(textOf(first)).toContain("Gus Hale Deal Structure FA Sent");
    expect(await reader.text(rows[1]!.href)).toContain(
      "1 move from FDD Review to Lost",
    );
    expect(await reader.text("/pipeline/moves")).toContain("3 moves");
    expect(await reader.text("/pipeline/moves?period=last-week")).toContain(
      "Nothing moved like this in the period.",
    );
    expect(await reader.text("/pipeline/moves?period=never")).toContain(
      "Cannot read the parameter 'period'",
    );
  });
});
