import { candidateOf, daysInStage } from "./_hot_list_page.ts";
import { periodAt } from "./_periods.ts";
import type { Deal, Note, Person } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, NOT_RECORDED, type State } from "./_state.ts";
import type { Reader } from "./_world.ts";
import { wallOf } from "./_zone.ts";

/** What rows are sorted by; null is blank. */
type Key = string | number | null;

/** A column of a list: what addresses call it, its heading, its cell in a file, and what it is sorted by. */
interface Column<Row> {
  key: string;
  head: string;
  cell: (row: Row) => string;
  sort: (row: Row) => Key;
}

/** The files of all three lists, sorted by each column, narrowed, and with other columns. */
export async function checkFiles(
  sheet: Sheet,
  reader: Reader,
  state: State,
): Promise<void> {
  await checkLeads(sheet, reader, state);
  await checkHotList(sheet, reader, state);
  await checkNotes(sheet, reader, state);
}

async function checkLeads(sheet: Sheet, { file }: Reader, state: State) {
  const { prospects, zone } = state;
  const usual = ["name", "stage", "source", "market", "created"];
  const columns = leadColumns(state);
  const rowsOf = (people: Person[], sort: string, keys?: string[]) =>
    linesOf(columns, sorted(columns, people, sort), keys);
  const check = async (
    query: Record<string, string>,
    people: Person[],
    keys?: string[],
  ) =>
    compare(
      sheet,
      `leads.csv of ${JSON.stringify(query)}`,
      await file("/leads.csv", query),
      rowsOf(people, query.sort ?? "-created", keys),
    );
  await check({}, prospects, usual);
  const cols = columns.map(({ key }) => key).join();
  for (const [at, { key }] of columns.entries()) {
    await check({ sort: at % 2 ? `-${key}` : key, cols }, prospects);
  }
  const [, [source, ownSource]] = state.bySource(prospects) as [
    unknown,
    [string, Person[]],
  ];
  await check(
    { source, sort: "-size", cols: "size,assigned" },
    ownSource,
    ["name", "assigned", "size"],
  );
  await check(
    { source: NOT_RECORDED },
    prospects.filter((one) => one.source === null),
    usual,
  );
  const period = periodAt("28d", state.now, zone);
  await check(
    { kind: "qualified", created: "period", sort: "name", ...period.query },
    state.createdIn(period).filter((one) => state.rules.isQualified(one)),
    usual,
  );
}

function leadColumns({ zone, rules }: State): Column<Person>[] {
  const text = (
    key: string,
    head: string,
    value: (person: Person) => string | null,
  ): Column<Person> => ({
    key,
    head,
    cell: (person) => inert(value(person) ?? ""),
    sort: (person) => plain(value(person)),
  });
  const time = (
    key: string,
    head: string,
    value: (person: Person) => number | null,
  ): Column<Person> => ({
    key,
    head: `${head} (${zone})`,
    cell: (person) => timeText(value(person), zone),
    sort: value,
  });
  return [
    text("name", "Name", ({ name }) => name ?? "Unnamed"),
    {
      ...text("stage", "Stage", ({ stage }) => stage),
      sort: ({ stage }) => stageKey(rules, stage),
    },
    text("source", "Source", ({ source }) => source),
    text("market", "Market", ({ market }) => market),
    text("assigned", "Assigned to", ({ assigned }) => assigned),
    {
      key: "size",
      head: "Deal size",
      cell: ({ cents }) => decimal(cents),
      sort: ({ cents }) => cents,
    },
    time("updated", "Updated", ({ updated }) => updated),
    time("created", "Created", ({ created }) => created),
  ];
}

async function checkHotList(sheet: Sheet, { file }: Reader, state: State) {
  const { hot } = state;
  const columns = hotColumns(state);
  const check = async (query: Record<string, string>, deals: Deal[]) =>
    compare(
      sheet,
      `hot-list.csv of ${JSON.stringify(query)}`,
      await file("/hot-list.csv", query),
      linesOf(columns, sorted(columns, deals, query.sort ?? "-iff", true)),
    );
  await check({}, hot);
  for (const [at, { key }] of columns.entries()) {
    await check({ sort: at % 2 ? key : `-${key}` }, hot);
  }
  const [{ stage }] = hot as [Deal];
  await check({ stage }, hot.filter((deal) => deal.stage === stage));
}

function hotColumns(state: State): Column<Deal>[] {
  const { rules, look } = state;
  const person = ({ clientId }: Deal) => look.people.get(clientId ?? "");
  const likely = (deal: Deal) => {
    const percent = rules.likelihood(deal);
    return percent === null ? null : Number(percent);
  };
  const number = (value: number | null | undefined) => `${value ?? ""}`;
  return [
    {
      key: "name",
      head: "Candidate Name",
      cell: (deal) => inert(candidateOf(state, deal)),
      sort: (deal) => plain(candidateOf(state, deal)),
    },
    {
      key: "market",
      head: "Market",
      cell: (deal) => inert(person(deal)?.market ?? ""),
      sort: (deal) => plain(person(deal)?.market ?? null),
    },
    {
      key: "units",
      head: "Units",
      cell: (deal) => number(person(deal)?.units),
      sort: (deal) => person(deal)?.units ?? null,
    },
    {
      key: "iff",
      head: "Weighted IFF",
      cell: (deal) => decimal(rules.weighted(deal)),
      sort: (deal) => rules.weighted(deal),
    },
    {
      key: "stage",
      head: "Stage",
      cell: ({ stage }) => inert(stage),
      sort: ({ stage }) => stageKey(rules, stage),
    },
    {
      key: "likely",
      head: "Likely %",
      cell: (deal) => number(likely(deal)),
      sort: likely,
    },
    {
      key: "days",
      head: "Days in stage",
      cell: (deal) => daysInStage(state, deal),
      // The more days, the earlier the instant.
      sort: ({ id }) => -look.stays.deals.get(id)!.at(-1)!.at,
    },
  ];
}

async function checkNotes(sheet: Sheet, { file }: Reader, state: State) {
  const { notes, zone } = state;
  const check = async (query: Record<string, string>, some: Note[]) => {
    const newest = some.toSorted((one, other) =>
      other.date - one.date || compareText(other.id, one.id)
    );
    compare(
      sheet,
      `notes.csv of ${JSON.stringify(query)}`,
      await file("/notes.csv", query),
      [
        [`Date (${zone})`, "Author", "Note"],
        ...(query.sort === "date" ? newest.reverse() : newest)
          .map(({ date, author, content }) => [
            timeText(date, zone),
            inert(author),
            inert(content),
          ]),
      ],
    );
  };
  await check({}, notes);
  const has = (text: string) => text.toLowerCase().includes("fdd");
  await check(
    { search: "FDD", sort: "date" },
    notes.filter(({ content, author }) => has(content) || has(author)),
  );
}

/** Line by line, each a figure. */
function compare(
  sheet: Sheet,
  what: string,
  shown: string[][],
  expected: string[][],
): void {
  sheet.same(`${what}, lines`, shown.length, expected.length);
  expected.forEach((line, at) =>
    sheet.same(`${what}, line ${at + 1}`, shown[at] ?? null, line)
  );
}

/** All columns where none are named. */
function linesOf<Row>(
  columns: Column<Row>[],
  rows: Row[],
  keys?: string[],
): string[][] {
  const shown = columns.filter(({ key }) => keys?.includes(key) ?? true);
  return [
    shown.map(({ head }) => head),
    ...rows.map((row) => shown.map(({ cell }) => cell(row))),
  ];
}

/** By a column, blank ones last either way; by id in the list's own direction, or upwards always. */
function sorted<Row extends { id: string }>(
  columns: Column<Row>[],
  rows: Row[],
  sort: string,
  idsUp = false,
): Row[] {
  const down = sort.startsWith("-") ? -1 : 1;
  const { sort: keyOf } = columns.find(({ key }) =>
    key === sort.replace("-", "")
  )!;
  return rows.toSorted((one, other) => {
    const [a, b] = [keyOf(one), keyOf(other)];
    return Number(a === null) - Number(b === null) ||
      down * compareKeys(a, b) ||
      (idsUp ? 1 : down) * compareText(one.id, other.id);
  });
}

function compareKeys(one: Key, other: Key): number {
  if (one === null || other === null) return 0;
  return one < other ? -1 : Number(one > other);
}

/** As the CRM has them, those that it lacks by name. */
function stageKey(rules: State["rules"], stage: string): string {
  return `${100 + rules.order(stage)} ${plain(stage)}`;
}

/** As people sort texts: accents and capitals do not count. */
function plain(text: string | null): string | null {
  return text === null
    ? null
    : text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** A text that a spreadsheet would compute has an apostrophe before it. */
function inert(text: string): string {
  return /^\s*[=+@-]/.test(text) ? `'${text}` : text;
}

function decimal(cents: number | null): string {
  return cents === null ? "" : (cents / 100).toFixed(2);
}

function timeText(instant: number | null, zone: string): string {
  if (instant === null) return "";
  return new Date(wallOf(instant, zone)).toISOString().slice(0, 19)
    .replace("T", " ");
}
