import type { Period } from "./_periods.ts";
import type { Person } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, NOT_RECORDED, type State } from "./_state.ts";
import { counted, countText, deltaText, shareText } from "./_words.ts";
import type { Get } from "./_world.ts";
import { cityOf, dateTimeText } from "./_zone.ts";
import { UNKNOWN } from "./_words.ts";

const PAGE = 50;

/** The card of new leads, the same on two pages. */
export function newLeadsCard(state: State, period: Period): string[] {
  const count = state.createdIn(period).length;
  const base = state.createdIn(period.before).length;
  return [
    countText(count),
    deltaText(count, base, period.before.words),
    period.words,
  ];
}

/** Everything that the Leads page counts. */
export async function checkLeads(
  sheet: Sheet,
  get: Get,
  state: State,
  period: Period,
): Promise<void> {
  const page = await get("/leads", period.query);
  const { prospects, qualified } = state;
  const total = prospects.length;
  const undated = prospects.filter(({ created }) => created === null).length;
  const sources = state.bySource(prospects);
  const recorded = sources.filter(([name]) => name !== NOT_RECORDED).length;
  sheet.card(page, "New leads", newLeadsCard(state, period));
  sheet.card(page, "Total Leads", [
    countText(total),
    undated > 0
      ? `${countText(undated)} without a date`
      : "Each person counted once",
  ]);
  sheet.card(page, "Qualified Leads", [
    countText(qualified.length),
    `${shareText(qualified.length, total)} of all leads`,
  ]);
  sheet.card(page, "Lead Sources", [
    countText(recorded),
    "Different recorded sources",
  ]);

  const [first] = sources;
  sheet.says(
    page,
    "Leads by source",
    `${counted(recorded, "recorded source")}. Most leads: ${first![0]}, ${
      countText(first![1].length)
    } of ${countText(total)} (${shareText(first![1].length, total)}).`,
  );
  const fresh = new Set(state.createdIn(period));
  sheet.table(
    page,
    {
      caption: "Leads by source",
      heads: ["Source", "Leads", "Share", "Qualified", "New"],
    },
    sources.map(([name, people]) => [
      name,
      countText(people.length),
      shareText(people.length, total),
      countText(people.filter((one) => state.rules.isQualified(one)).length),
      countText(people.filter((one) => fresh.has(one)).length),
    ]),
  );
  checkStatuses(sheet, page, state);
  checkCharts(sheet, page, state);
  await checkNewLeads(sheet, get, state, period);
}

type Page = Awaited<ReturnType<Get>>;

/** The bars and the doughnut: the largest, and all others in one. */
function checkCharts(sheet: Sheet, page: Page, state: State): void {
  const { prospects, rules } = state;
  const statuses = rules.statuses(prospects).map((stage) => ({
    name: stage,
    count: prospects.filter((person) => person.stage === stage).length,
  })).sort((one, other) => other.count - one.count);
  const charts: Record<string, [most: number, items: typeof statuses]> = {
    "Leads by source": [
      10,
      state.bySource(prospects).map(([name, { length }]) => ({
        name,
        count: length,
      })),
    ],
    "Leads by status": [6, statuses],
  };
  for (const [label, [most, items]] of Object.entries(charts)) {
    const others = items.slice(most - 1);
    const count = others.reduce((sum, item) => sum + item.count, 0);
    sheet.same(
      `chart of ${label}`,
      page.chart(label)?.items.map(({ name, count }) => ({ name, count })),
      items.length <= most ? items : [
        ...items.slice(0, most - 1),
        { name: `Other (${others.length})`, count },
      ],
    );
  }
}

function checkStatuses(sheet: Sheet, page: Page, state: State): void {
  const { prospects, rules } = state;
  const at = (stage: string) =>
    prospects.filter((person) => person.stage === stage);
  const words: Record<string, string> = {
    inactive: " · inactive",
    unclassified: " · unclassified",
  };
  sheet.table(
    page,
    { caption: "Leads by status", heads: ["Status", "Leads", "Share"] },
    rules.statuses(prospects).map((stage) => {
      const people = at(stage);
      const kind = rules.standing(people[0]!);
      return [
        stage + (words[kind] ?? ""),
        countText(people.length),
        shareText(people.length, prospects.length),
      ];
    }),
  );
  const inactive = state.people("inactive").length;
  const unknown = state.people("unclassified").length;
  const are = (count: number) =>
    `${counted(count, "lead")} ${count === 1 ? "is" : "are"} in`;
  sheet.same(
    "leads in inactive stages",
    page.text.includes(`${are(inactive)} an inactive stage and in no pipeline`),
    inactive > 0,
  );
  sheet.same(
    "unclassified leads",
    page.text.includes(`${are(unknown)} a stage that ClientTether's sales`),
    unknown > 0,
  );
}

/** A part of an address, and whom it leaves in the list. */
type Narrowed = [query: Record<string, string>, people: Person[]];

/** The list below of a period's new leads. */
async function checkNewLeads(
  sheet: Sheet,
  get: Get,
  state: State,
  period: Period,
): Promise<void> {
  const fresh = state.createdIn(period);
  const [, [source]] = state.bySource(state.prospects) as [unknown, [string]];
  const narrowed: Narrowed[] = [
    [{ created: "period" }, fresh],
    [
      { source, created: "period" },
      fresh.filter((one) => one.source === source),
    ],
  ];
  await checkLists(sheet, get, state, narrowed, period.query);
}

/** The list below, whole and narrowed in each way. */
export async function checkLeadList(
  sheet: Sheet,
  get: Get,
  state: State,
): Promise<void> {
  const { prospects, rules } = state;
  const [source, ownSource] = state.bySource(prospects)[1]!;
  const [stage] = rules.statuses(prospects);
  const market = prospects.find((one) => one.market)!.market!.slice(1, 5);
  const search = prospects[7]!.name!.slice(0, 3).toUpperCase();
  const within = (text: string | null, part: string) =>
    text?.toLowerCase().includes(part.toLowerCase()) ?? false;
  const narrowed: Narrowed[] = [
    [{}, prospects],
    [{ source }, ownSource],
    [{ source: NOT_RECORDED }, prospects.filter((one) => one.source === null)],
    [{ stage: stage! }, prospects.filter((one) => one.stage === stage)],
    [{ kind: "qualified" }, state.qualified],
    [{ kind: "pipeline" }, state.people("pipeline")],
    [{ kind: "inactive" }, state.people("inactive")],
    [{ kind: "unclassified" }, state.people("unclassified")],
    [{ market }, prospects.filter((one) => within(one.market, market))],
    [
      { search },
      prospects.filter((one) =>
        within(one.name ?? "Unnamed", search) || within(one.market, search)
      ),
    ],
  ];
  await checkLists(sheet, get, state, narrowed);
}

async function checkLists(
  sheet: Sheet,
  get: Get,
  { prospects, zone }: State,
  narrowed: Narrowed[],
  periodQuery: Record<string, string> = {},
): Promise<void> {
  for (const [query, people] of narrowed) {
    const page = await get("/leads", { ...periodQuery, ...query });
    const isWhole = Object.keys(query).length === 0;
    const count = countText(people.length);
    const all = counted(prospects.length, "lead");
    sheet.says(
      page,
      "All leads",
      isWhole ? `${all}, newest first.` : `${count} of ${all}, newest first.`,
    );
    sheet.table(page, {
      caption: "Leads, newest first",
      heads: [
        "Name",
        "Stage",
        "Source",
        "Market",
        `Created (${cityOf(zone)})`,
      ],
    }, rowsOf(people, zone));
  }
}

function rowsOf(people: Person[], zone: string): string[][] {
  return people.toSorted((one, other) =>
    (other.created ?? -Infinity) - (one.created ?? -Infinity) ||
    compareText(other.id, one.id)
  ).slice(0, PAGE).map(({ name, stage, source, market, created }) => [
    name ?? "Unnamed",
    stage,
    source ?? NOT_RECORDED,
    market ?? NOT_RECORDED,
    created === null ? UNKNOWN : dateTimeText(created, zone),
  ]);
}
