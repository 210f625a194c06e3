import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { definitionsOf } from "../../components/definitions.ts";
import { DashboardCards } from "../../components/DashboardCards.tsx";
import { HotListCard } from "../../components/HotListCard.tsx";
import { LeadList } from "../../components/LeadList.tsx";
import { PAGES } from "../../components/navigation.ts";
import { MovementCard } from "../../components/MovementCard.tsx";
import { NoFigures } from "../../components/NoFigures.tsx";
import { NotesCard } from "../../components/NotesCard.tsx";
import { PipelineCards } from "../../components/PipelineCards.tsx";
import { ReportArchive } from "../../components/ReportArchive.tsx";
import { ScheduleGroups } from "../../components/ScheduleGroups.tsx";
import { pipelineRemarks } from "../../components/sentences.ts";
import { StageLeadsCard } from "../../components/StageLeadsCard.tsx";
import { StagesCard } from "../../components/StagesCard.tsx";
import { UpcomingCard } from "../../components/UpcomingCard.tsx";
import {
  type ActivityRow,
  defaultView,
  HOT_LIST,
  type HotItem,
  hotTotals,
  type Kpis,
  LEAD_LIST,
  type ListView,
  movementOf,
  nextByContact,
  periodOf,
  sortOf,
  type StageChange,
} from "../../lib/domain/mod.ts";
import { leadMetrics, pipelineView } from "./_views.ts";
import { html, tableOf, text } from "./_render.ts";

const ZONE = "America/New_York";
/** Wednesday, 11:00 in New York. */
const NOW = Date.parse("2026-03-11T15:00:00.000Z");
const PERIOD = periodOf({ kind: "week" }, NOW, ZONE);
const BEFORE: Kpis = {
  day: "2026-03-08",
  computedAt: "2026-03-09T03:50:00.000Z",
  totalLeads: 5,
  inPipeline: 5,
  qualifiedLeads: null,
  pipelineValueCents: 100_000_000,
  weightedValueCents: null,
  unsized: 0,
  hotList: null,
};

function dashboardCards(
  leads = leadMetrics(),
  pipeline = pipelineView(),
  before: Kpis | null = null,
) {
  return text(
    <DashboardCards
      leads={leads}
      pipeline={pipeline}
      fresh={{ count: 1, comparison: 0 }}
      period={PERIOD}
      history={[]}
      before={before}
      newLeadsHref="/leads?w=a&created=period"
      trend={[]}
      workspace="a"
      timezone={ZONE}
      currency="USD"
    />,
  );
}

describe("DashboardCards", () => {
  it("has the four figures, the money short and weighted beneath", () => {
    const cards = dashboardCards();
    expect(cards).toContain("Leads in pipeline 4 of 5 leads (80%)");
    expect(cards).toContain("Qualified candidates 2 of 5 leads (40%)");
    expect(cards).toContain(
      "Pipeline value $1.25M $35K weighted 4 opportunities · 1 without a size · 2 without a likelihood",
    );
  });

  it("says how a figure has changed since before the period, where both are known", () => {
    const cards = dashboardCards(leadMetrics(), pipelineView(), BEFORE);
    expect(cards).toContain("Leads in pipeline 4 \u22121 on 8 Mar (5) of 5");
    expect(cards).toContain("Qualified candidates 2 of 5 leads (40%)");
    expect(cards).toContain("$35K weighted +$250K (+25%) on 8 Mar ($1M)");
  });

  it("says why a figure is unknown", () => {
    const reason = "The stage 'FA Sent' is not in ClientTether's sales cycle";
    const cards = dashboardCards(
      leadMetrics({
        qualifiedLeads: null,
        inPipeline: null,
        reasons: { qualified: reason },
      }),
      pipelineView({
        totalValueCents: null,
        weightedValueCents: null,
        reasons: { pipeline: reason, hot: null },
      }),
    );
    expect(cards).toContain(`Leads in pipeline – ${reason}`);
    expect(cards).toContain(`Qualified candidates – ${reason}`);
    expect(cards).toContain(`Pipeline value – ${reason}`);
  });
});

describe("The pipeline page", () => {
  it("has its three cards", () => {
    const cards = text(
      <PipelineCards
        view={pipelineView()}
        before={null}
        workspace="a"
        currency="USD"
      />,
    );
    expect(cards).toBe(
      "Total Pipeline Value $1.25M $35K weighted 4 opportunities " +
        "Stage Count 2 of 3 pipeline stages in use " +
        "Average Deal Size $417K of 3 opportunities with a size",
    );
  });

  it("says how the value has changed since before the period", () => {
    const cards = text(
      <PipelineCards
        view={pipelineView()}
        before={BEFORE}
        workspace="a"
        currency="USD"
      />,
    );
    expect(cards).toContain("$35K weighted +$250K (+25%) on 8 Mar ($1M)");
  });

  it("says what moved between stages, and where nothing did", () => {
    const at = { at: "2026-03-10T15:00:00.000Z", run: "r" };
    const changes = [
      { opportunityId: "1", from: "New Lead", to: "QR Returned", ...at },
      { opportunityId: "2", from: "New Lead", to: "QR Returned", ...at },
      { opportunityId: "3", from: "FA Sent", to: "Lost", ...at },
    ];
    const card = (moved: StageChange[]) => (
      <MovementCard
        movement={movementOf(moved, pipelineView())}
        fresh={[]}
        period="9 to 11 Mar 2026 so far"
        hrefOf={() => "/pipeline/moves"}
      />
    );
    expect(text(card(changes))).toContain(
      "3 opportunities moved: 2 forward, 1 out of the active stages. 9 to 11 Mar 2026 so far.",
    );
    expect(tableOf(html(card(changes))).slice(1)).toEqual([
      ["New Lead → QR Returned", "", "forward", "2"],
      ["FA Sent → Lost", "", "out", "1"],
    ]);
    expect(text(card([]))).toContain("Nothing moved. No opportunity changed");
  });

  it("says how many moves came since the last visit, in each row and of those that it does not list", () => {
    const changes = Array.from({ length: 14 }, (_, n) => ({
      ...{ opportunityId: `${n}`, from: `Stage ${n}`, to: "Lost" },
      ...{ at: "2026-03-10T15:00:00.000Z", run: "r" },
    }));
    const fresh = changes.filter(({ opportunityId }) =>
      ["0", "13", "9"].includes(opportunityId)
    ).map(({ from, to }) => ({ from, to, count: 1 }));
    const card = text(
      <MovementCard
        movement={movementOf(changes, pipelineView())}
        fresh={fresh}
        period=""
        hrefOf={() => "/pipeline/moves"}
      />,
    );
    expect(card.match(/1 new/g)).toHaveLength(3);
    expect(card).toContain("Stage 0 → Lost 1 new");
    expect(card).toContain("2 more moves between other stages. 1 new");
  });

  it("lists the stages in CRM order, empty ones too, money in full", () => {
    const card = html(
      <StagesCard view={pipelineView()} workspace="a" currency="USD" />,
    );
    expect(tableOf(card).slice(1)).toEqual([
      ["New Lead", "", "1", "$0", "10%"],
      ["QR Returned", "", "3", "$1,250,000.50", "12.5%"],
      ["FA Sent", "", "0", "$0", "–"],
      ["Total", "", "4", "$1,250,000.50", ""],
    ]);
  });

  it("counts in sentences what its figures leave out", () => {
    expect(pipelineRemarks(pipelineView())).toEqual([
      "1 opportunity has no deal size and adds nothing to the value.",
      "2 opportunities are in stages without a likelihood and add nothing to the weighted value.",
      "1 opportunity is in an inactive stage and in no pipeline figure.",
    ]);
    const whole = {
      unsized: 0,
      withoutLikelihood: 0,
      inactive: 0,
      unclassified: 0,
    };
    expect(pipelineRemarks(whole)).toEqual([]);
  });

  it("says why there are no stages", () => {
    const view = pipelineView({
      stages: [],
      stageLeads: [],
      reasons: { pipeline: "The stage 'FA Sent' is unknown", hot: null },
    });
    expect(text(<StagesCard view={view} workspace="a" currency="USD" />))
      .toContain("The stage 'FA Sent' is unknown");
  });
});

describe("StageLeadsCard", () => {
  it("emphasises qualified stages and leads to their people", () => {
    const card = html(
      <StageLeadsCard
        view={pipelineView()}
        qualifiedLeads={2}
        currency="USD"
        workspace="a"
      />,
    );
    expect(tableOf(card)[2]).toEqual(["QR Returned", "", "1", "$1.25M"]);
    expect(card).toContain('href="/leads?w=a&amp;stage=QR+Returned#list"');
    expect(card.match(/fill-accent/g)).toHaveLength(2);
  });
});

describe("HotListCard", () => {
  const item = (id: string, fields: Partial<HotItem> = {}): HotItem => ({
    id,
    clientId: null,
    candidateName: `Robin ${id}`,
    market: "Tampa, FL",
    units: 2,
    weightedIffCents: 25_000_00,
    stage: "Deal Structure",
    likelyPct: 50,
    since: null,
    sinceIs: null,
    ...fields,
  });
  const card = (
    rows: HotItem[],
    view: Partial<ListView> = {},
    next: ReadonlyMap<string, ActivityRow> | null = null,
  ) => (
    <HotListCard
      frame={{
        list: HOT_LIST,
        view: { ...defaultView(HOT_LIST), ...view },
        workspace: "a",
        keep: {},
        counted: { day: "2026-03-11", timezone: "America/New_York" },
      }}
      page={{
        rows,
        total: rows.length,
        before: 0,
        isFirst: true,
        cursor: null,
        totals: hotTotals(rows),
        whole: rows.length,
        stages: [],
        markets: [],
      }}
      saved={{ views: [], query: "" }}
      reason={null}
      from="Deal Structure"
      to="FA Sent"
      next={next}
      timezone="America/New_York"
      currency="USD"
    />
  );

  it("sorted by another column it folds nobody, and its totals are of all", () => {
    const rows = [item("a"), item("b", { weightedIffCents: null, units: 3 })];
    const markup = html(
      card(rows, { sort: "name", columns: ["name", "units", "iff"] }),
    );
    expect(tableOf(markup)).toEqual([
      ["Candidate Name", "Units", "Weighted IFF"],
      ["Robin a", "2", "$25,000"],
      ["Robin b", "3", "–"],
      ["Total of 2 candidates", "5", "$25,000"],
    ]);
    expect(markup).not.toContain("without a deal size");
  });

  it("has the columns, their totals, and the schedule beside them", () => {
    const entered = "2026-03-01T15:00:00.000Z";
    const rows = [
      item("a", { clientId: "7", since: entered, sinceIs: "exact" }),
      item("b", {
        units: null,
        market: null,
        since: entered,
        sinceIs: "at least",
      }),
      item("c"),
    ];
    const call: ActivityRow = {
      id: "1",
      scheduledAt: "2026-03-12T13:30:00.000Z",
      activityType: "Call",
      contactName: null,
      contactId: "7",
      description: null,
      status: null,
    };
    const markup = html(card(rows, {}, nextByContact([call])));
    expect(tableOf(markup)).toEqual([
      [
        "Candidate Name",
        "Market",
        "Units",
        "Weighted IFF",
        "Stage",
        "Likely %",
        "Days in stage",
        "Next (New York)",
      ],
      [
        ...["Robin a", "Tampa, FL", "2", "$25,000", "Deal Structure", "50%"],
        ...["10", "Call, 12 Mar 2026, 09:30"],
      ],
      [
        ...["Robin b", "Not recorded", "–", "$25,000", "Deal Structure"],
        ...["50%", "at least 10", "Nothing scheduled"],
      ],
      [
        ...["Robin c", "Tampa, FL", "2", "$25,000", "Deal Structure", "50%"],
        ...["–", "Nothing scheduled"],
      ],
      ["Total of 3 candidates", "", "4", "$75,000", "", "", "", ""],
    ]);
  });

  it("has no column of the schedule where the account offers none", () => {
    expect(html(card([item("a")]))).not.toContain("Next (");
  });

  it("sorts by days the longest first", () => {
    const frame = { list: HOT_LIST, view: { sort: "-days" } };
    expect(sortOf(HOT_LIST, frame.view))
      .toEqual({ key: "days", field: "since", down: false, idsUp: true });
    expect(text(card([item("a")], { sort: "-days" })))
      .toContain("by days in stage, highest first");
  });

  it("folds candidates without a weighted IFF under a line that counts them", () => {
    const rows = [item("a"), item("b", { weightedIffCents: null })];
    expect(html(card(rows))).toMatch(/<details[^>]*>.*Robin b.*<\/details>/s);
    expect(text(card(rows))).toContain(
      "1 candidate without a deal size or a likelihood",
    );
  });

  it("says between which stages candidates appear where there is none", () => {
    expect(text(card([]))).toContain("a stage from Deal Structure to FA Sent");
  });
});

describe("LeadList", () => {
  const list = (rows: number, view: Partial<ListView> = {}) => (
    <LeadList
      frame={{
        list: LEAD_LIST,
        view: { ...defaultView(LEAD_LIST), ...view },
        workspace: "a",
        keep: { period: "month" },
      }}
      page={{
        rows: Array.from({ length: rows }, (_, n) => ({
          id: `l${n}`,
          name: `Robin ${n}`,
          stage: "New Lead",
          source: null,
          market: null,
          contactType: "1",
          createdAt: "2026-03-10T15:00:00.000Z",
          updatedAt: null,
          assignedTo: null,
          dealSizeCents: null,
        })),
        total: 1234,
        before: 50,
        isFirst: false,
        cursor: rows > 0 ? "next" : null,
        markets: [],
        assignees: [],
      }}
      saved={{ views: [], query: "" }}
      whole={100_000}
      metrics={null}
      period="1 to 11 Mar 2026 so far"
      currency="USD"
      timezone={ZONE}
    />
  );
  const referrals = { filters: { source: ["Web", "Expo"] } };

  it("names the zone of its dates and keeps filters on the way to older leads", () => {
    const markup = html(list(2, referrals));
    expect(tableOf(markup)[0]?.at(-1)).toBe("Created (New York)");
    expect(markup).toContain(
      'href="?w=a&amp;period=month&amp;source=Web&amp;source=Expo&amp;cursor=next#list"',
    );
    expect(markup).toContain('name="source" value="Web"');
    expect(markup).toContain('name="w" value="a"');
  });

  it("counts what matches, and says where in the list the page stands", () => {
    const said = text(list(2, referrals));
    expect(said).toContain("1,234 of 100,000 leads, newest first.");
    expect(said).toContain("Leads 51 to 52 of 1,234.");
  });

  it("shows each filter as a part that can be taken away, and all of them at once", () => {
    const markup = html(list(2, { ...referrals, search: "ada" }));
    expect(text(list(2, referrals))).toContain(
      "Remove Source: Web × Remove Source: Expo × Clear filters",
    );
    expect(markup).toContain(
      'href="?w=a&amp;period=month&amp;source=Expo&amp;search=ada#list"',
    );
    expect(markup).toContain('href="?w=a&amp;period=month#list"');
  });

  it("marks the column that it is sorted by, whose heading turns it round", () => {
    const markup = html(list(2, { sort: "name" }));
    expect(markup).toMatch(/<th[^>]*aria-sort="ascending"[^>]*>.*?Name/s);
    expect(markup.match(/aria-sort=/g)).toHaveLength(1);
    expect(markup).toContain(
      'href="?w=a&amp;period=month&amp;sort=-name#list"',
    );
    expect(text(list(2, { sort: "name" }))).toContain("Leads, by name, A to Z");
  });

  it("has the columns that are asked for, and keeps them", () => {
    const markup = html(list(2, { columns: ["name", "assigned", "size"] }));
    expect(tableOf(markup)[0]).toEqual(["Name", "Assigned to", "Deal size"]);
    expect(markup).toContain(
      "cols=name%2Cassigned%2Csize&amp;cursor=next#list",
    );
  });

  it("says what did not match and how to see all", () => {
    const empty = text(list(0, { search: "fdd" }));
    expect(empty).toContain("No leads match 'fdd'. Clear search");
    expect(text(list(0, referrals))).toContain(
      "No leads match all of this. Clear filters",
    );
  });
});

describe("NotesCard", () => {
  const card = (fields: { search?: string; hasSynced?: boolean }) => (
    <NotesCard
      rows={[]}
      total={0}
      filter={{ search: fields.search }}
      people={new Map()}
      here="/notes?w=a"
      fileHref="/notes.csv?w=a"
      isFirstPage
      hasSynced={fields.hasSynced ?? true}
      workspace="a"
      timezone={ZONE}
    >
      {null}
    </NotesCard>
  );

  it("tells a search without a match from a brand without notes and from a first import", () => {
    expect(text(card({ search: "fdd" })))
      .toContain("No notes match 'fdd'. Clear search");
    expect(text(card({}))).toContain("There are no notes yet. Notes that are");
    expect(text(card({ hasSynced: false }))).toContain(
      "First import is running.",
    );
  });
});

describe("ScheduleGroups", () => {
  const activity = (id: string, scheduledAt: string) => ({
    id,
    scheduledAt,
    activityType: "Call",
    contactName: null,
    contactId: null,
    description: "Bring the map",
    status: "Scheduled",
  });

  it("groups by today, this week and later, in the tenant's zone", () => {
    const markup = html(
      <ScheduleGroups
        rows={[
          activity("a", "2026-03-12T03:30:00.000Z"),
          activity("b", "2026-03-15T15:00:00.000Z"),
          activity("c", "2026-03-16T15:00:00.000Z"),
          activity("d", "2027-01-05T15:00:00.000Z"),
        ]}
        total={4}
        now={NOW}
        workspace="a"
        timezone={ZONE}
      />,
    );
    expect([...markup.matchAll(/<h2[^>]*>([^<]*)</g)].map(([, title]) => title))
      .toEqual(["Today", "This week", "Later"]);
    expect(tableOf(markup).map(([first]) => first)).toEqual([
      "Date and time (New York)",
      "23:30",
      "Date and time (New York)",
      "Sun 15 Mar, 11:00",
      "Date and time (New York)",
      "Mon 16 Mar, 11:00",
      "Tue 5 Jan 2027, 10:00",
    ]);
  });
});

describe("UpcomingCard", () => {
  const card = (connected: boolean) => (
    <UpcomingCard
      rows={[]}
      more={0}
      connected={connected}
      now={NOW}
      workspace="a"
      timezone={ZONE}
      href="/schedule?w=a"
    />
  );

  it("tells an empty week from a calendar that is not connected", () => {
    expect(text(card(true))).toContain("Nothing more is scheduled this week.");
    expect(text(card(false))).toContain("The calendar is not connected.");
  });
});

describe("ReportArchive", () => {
  it("lists reports by year and month, newest first", () => {
    const report = (week: string) => ({
      week,
      title: `Week of ${week}`,
      publishedAt: "2026-03-10T15:00:00.000Z",
      version: 1,
    });
    const markup = html(
      <ReportArchive
        reports={[
          report("2026-03-02"),
          report("2026-02-23"),
          report("2025-12-29"),
        ]}
        timezone={ZONE}
      />,
    );
    expect([...markup.matchAll(/<h2[^>]*>([^<]*)</g)].map(([, month]) => month))
      .toEqual(["March 2026", "February 2026", "December 2025"]);
  });
});

describe("NoFigures", () => {
  it("says what happens next, and does not call a failed import a running one", () => {
    expect(text(<NoFigures status="running" />))
      .toContain("They appear after the first complete update.");
    expect(text(<NoFigures status="failed" />))
      .toContain("The first import has not finished.");
  });
});

describe("definitionsOf()", () => {
  it("explains the figures of every page, with the tenant's own boundaries", () => {
    const settings = {
      timezone: ZONE,
      currency: "USD",
      qualifiedFrom: "Screening",
      qualifiedTo: "Closing",
      hotFrom: "Talks",
      hotTo: "Closing",
    };
    for (const { path } of PAGES) {
      expect(definitionsOf(path, settings).length).toBeGreaterThan(0);
    }
    const meanings = definitionsOf("/dashboard", settings)
      .map(({ meaning }) => meaning).join(" ");
    expect(meanings).toContain("from Screening to Closing");
    expect(meanings).toContain("New York");
  });
});
