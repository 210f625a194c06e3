import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { BridgeCard } from "../../components/BridgeCard.tsx";
import { ConversionCard } from "../../components/ConversionCard.tsx";
import { StageTimesCard } from "../../components/StageTimesCard.tsx";
import { StalledCard } from "../../components/StalledCard.tsx";
import type {
  PipelineBridge,
  ShownStageTimes,
  StalledDeal,
} from "../../lib/domain/mod.ts";
import { html, tableOf, text } from "./_render.ts";

const BRIDGE: PipelineBridge = {
  opening: { day: "2026-03-04", cents: 100_000_00 },
  closing: { day: "2026-03-11", cents: 112_500_50 },
  steps: [
    { part: "new", cents: 20_000_00, count: 2 },
    { part: "in", cents: 0, count: 0 },
    { part: "resized", cents: -499_50, count: 1 },
    { part: "past", cents: 0, count: 1 },
    { part: "lost", cents: 0, count: 0 },
    { part: "removed", cents: 0, count: 0 },
    { part: "redefined", cents: -7_000_00, count: 0 },
  ],
};

const card = (bridge: PipelineBridge | string) => (
  <BridgeCard
    bridge={bridge}
    today="2026-03-11"
    currency="USD"
    workspace="acme"
    query={{ period: "28d" }}
  />
);

describe("BridgeCard", () => {
  it("tells every step that happened, with its count and its sign, between the two values", () => {
    expect(tableOf(html(card(BRIDGE)))).toEqual([
      ["What", "", "Count", "Value"],
      ["At the end of 4 Mar", "", "", "$100,000"],
      ["New opportunities", "", "2", "+$20,000"],
      ["Resized", "", "1", "−$499.50"],
      ["Moved past the pipeline", "", "1", "$0"],
      ["Stages or boundaries redefined", "", "", "−$7,000"],
      ["By the last update, 11 Mar", "", "", "$112,500.50"],
    ]);
  });

  it("leads from each level and each step to what it is made of, where anything tells it", () => {
    const markup = html(card(BRIDGE));
    const links = [...markup.matchAll(/<a[^>]*href="([^"]*)"/g)];
    expect(links.map(([, href]) => href)).toEqual([
      "/pipeline/opportunities?w=acme&amp;on=2026-03-04",
      ...["new", "resized", "past"].map((part) =>
        `/pipeline/value?w=acme&amp;part=${part}&amp;period=28d`
      ),
      "/pipeline/opportunities?w=acme",
    ]);
  });

  it("says in a sentence how the value went, and by what most", () => {
    expect(text(card(BRIDGE))).toContain(
      "From $100K to $113K, +$12.5K. The steps add up to the cent. Most of it: new opportunities, +$20K.",
    );
  });

  it("draws each step from where the one before it ended, without a style of its own", () => {
    const markup = html(card(BRIDGE));
    const starts = [
      ...markup.matchAll(/<rect x="([\d.]+)%" width="([\d.]+)%"/g),
    ]
      .map(([, x, width]) => [Number(x), Number(width)]);
    const end = ([x, width]: number[]) => x! + width!;
    expect(starts[1]![0]).toBeCloseTo(end(starts[0]!), 1);
    expect(end(starts[1]!)).toBeCloseTo(100, 1);
    expect(end(starts.at(-2)!)).toBeCloseTo(99.58, 1);
    expect(starts.at(-2)![0]).toBeCloseTo(end(starts.at(-1)!), 1);
    expect(markup).not.toContain("style=");
  });

  it("says why there is none", () => {
    expect(text(card("There are no figures of this period.")))
      .toContain("There are no figures of this period.");
  });
});

describe("ConversionCard", () => {
  const rows = [
    { stage: "QR Sent", entered: 10, wentOn: 4, left: 1, percent: 40 },
    { stage: "FA Sent", entered: 2, wentOn: 2, left: 0, percent: null },
  ];
  const shown = (some: typeof rows) => (
    <ConversionCard
      rows={some}
      period="9 to 11 Mar 2026 so far"
      hrefOf={({ stage = "", fate = "" }) => `?stage=${stage}&fate=${fate}`}
    />
  );

  it("has every stage that was entered, in CRM order; a share where enough were", () => {
    const none = { entered: 0, wentOn: 0, left: 0, percent: null };
    const all = [{ stage: "New Lead", ...none }, ...rows];
    expect(text(shown(rows))).not.toContain("none came");
    expect(text(shown(all))).toContain("Into 1 other stage none came.");
    expect(tableOf(html(shown(all)))).toEqual([
      ["Stage entered", "", "Count", "Went on", "Share"],
      ["QR Sent", "", "10", "4", "40%"],
      ["FA Sent", "", "2", "2", "–"],
    ]);
    expect(text(shown(rows)))
      .toContain("Fewest went on from QR Sent: 4 opportunities of 10.");
  });

  it("leads from each number to who is counted", () => {
    const markup = html(shown(rows));
    const links = [...markup.matchAll(/<a[^>]*href="([^"]*)"[^>]*>([^<]*)</g)];
    expect(links.map(([, href, text]) => [text, href])).toEqual([
      ["QR Sent", "?stage=QR Sent&amp;fate="],
      ["10", "?stage=QR Sent&amp;fate="],
      ["4", "?stage=QR Sent&amp;fate=went-on"],
      ["FA Sent", "?stage=FA Sent&amp;fate="],
      ["2", "?stage=FA Sent&amp;fate="],
      ["2", "?stage=FA Sent&amp;fate=went-on"],
      ["1", "?stage=&amp;fate=left"],
    ]);
  });

  it("says so where nobody entered a stage", () => {
    const none = rows.map((row) => ({ ...row, entered: 0 }));
    expect(text(shown(none))).toContain("No opportunity entered a stage.");
  });
});

describe("StageTimesCard", () => {
  const row = (fields: Partial<ShownStageTimes>): ShownStageTimes => ({
    ...{ stage: "QR Sent", ended: 8, medianDays: 4.5, middleDays: [2, 9] },
    ...{ count: 3, stalled: 1, longestDays: 30 },
    ...fields,
  });
  const few = row({
    ...{ stage: "FA Sent", ended: 2, medianDays: null, middleDays: null },
  });

  it("has the median and the middle half of each stage, where enough stays have ended", () => {
    const none = row({ stage: "New Lead", ended: 0, medianDays: null });
    const all = [none, row({}), few];
    expect(text(<StageTimesCard times={{ stages: all, medianDays: 5 }} />))
      .toContain("In 1 other stage none has.");
    expect(
      tableOf(html(<StageTimesCard times={{ stages: all, medianDays: 5 }} />)),
    ).toEqual([
      ["Stage", "", "Median", "Half between", "Ended"],
      ["QR Sent", "", "4.5", "2 and 9 days", "8"],
      ["FA Sent", "", "–", "–", "2"],
      ["Total", "", "5", "", "10"],
    ]);
    expect(text(<StageTimesCard times={{ stages: all, medianDays: 5 }} />))
      .toContain("of 10 stays that ended. Slowest: QR Sent, 4.5 days");
  });

  it("says why where nobody has left a stage yet", () => {
    const none = [[], [row({ ended: 0 })]].map((stages) => ({
      stages,
      medianDays: null,
    }));
    for (const times of [null, ...none]) {
      expect(text(<StageTimesCard times={times} />))
        .toContain("No opportunity has left a stage yet.");
    }
  });
});

describe("StalledCard", () => {
  const deal: StalledDeal = {
    ...{ id: "1", clientId: "7", name: "Robin a", dealSizeCents: 500_00 },
    ...{ since: "2026-02-01T15:00:00.000Z", atLeast: true, stage: "QR Sent" },
    ...{ lastNoteAt: "2026-03-02T15:00:00.000Z", days: 38, medianDays: 4.5 },
  };
  const card = (
    stalled: StalledDeal[] | null,
    count = stalled?.length ?? 0,
  ) => (
    <StalledCard
      stalled={stalled}
      count={count}
      workspace="a"
      timezone="America/New_York"
      currency="USD"
    />
  );

  it("names each deal with its stage, days, median, size and last note, and leads to its person", () => {
    const other = { ...deal, id: "2", clientId: null, lastNoteAt: null };
    const markup = html(card([deal, { ...other, medianDays: null }]));
    expect(tableOf(markup)).toEqual([
      [
        ...["Deal", "Stage", "Days in stage", "Usual (median)", "Size"],
        "Last note",
      ],
      [
        ...["Robin a", "QR Sent", "at least 38", "4.5", "$500", "2 Mar 2026"],
      ],
      ["Robin a", "QR Sent", "at least 38", "–", "$500", "–"],
    ]);
    expect(markup).toContain('href="/leads/7?w=a');
  });

  it("folds all but the ten longest", () => {
    const many = Array.from({ length: 13 }, (_, n) => ({
      ...deal,
      id: `${n}`,
      name: `Robin ${n}`,
    }));
    expect(text(card(many))).toContain("3 more deals");
    expect(html(card(many))).toMatch(/<details[^>]*>.*Robin 10<.*<\/details>/s);
  });

  it("counts those that it does not name", () => {
    expect(text(card([deal], 12))).toContain("1 of 12.");
    expect(text(card([deal], 12))).toContain("12 deals in a stage for more");
  });

  it("says what would be here, or that older figures do not tell", () => {
    expect(text(card([]))).toContain("No deal is stalled.");
    expect(text(card(null))).toContain("from the next update on");
  });
});
