import { candidateOf } from "./_hot_list_page.ts";
import type { Activity, Deal, Note, Stage } from "./_records.ts";
import type { Sheet } from "./_sheet.ts";
import { compareText, type State, valueOf } from "./_state.ts";
import { weightedOf } from "./_dashboard_page.ts";
import type { Reader } from "./_world.ts";

const PAGE = 7;
const NOTES = 90;
/** Of a note in a list, in UTF-8. */
const SHOWN_BYTES = 2048;

/** What the JSON endpoints answer; they know no earlier day. */
export async function checkAnswers(
  sheet: Sheet,
  reader: Reader,
  state: State,
): Promise<void> {
  const answers = async (path: string, expected: unknown) =>
    sheet.same(path, await reader.json(`/api${path}`), expected);
  await answers("/dashboard/leads", { data: leadFigures(state) });
  await answers("/dashboard/pipeline", { data: pipelineFigures(state) });
  await checkHotList(sheet, reader, state);
  await checkNotes(sheet, reader, state);
  await checkSchedule(sheet, reader, state);
  await checkStatus(sheet, reader, state);
}

function leadFigures(state: State) {
  const { prospects, rules } = state;
  const sources = state.bySource(prospects);
  return {
    totalLeads: prospects.length,
    qualifiedLeads: state.qualified.length,
    inPipeline: state.people("pipeline").length,
    leadSources: new Set(prospects.flatMap(({ source }) => source ?? [])).size,
    bySource: sources.map(([name, people]) => ({
      name,
      leads: people.length,
      qualified: people.filter((one) => rules.isQualified(one)).length,
    })),
    byStatus: rules.statuses(prospects).map((stage) => {
      const people = prospects.filter((person) => person.stage === stage);
      const standing = rules.standing(people[0]!);
      const isActive = standing === "pipeline" || standing === "after";
      return {
        name: stage,
        leads: people.length,
        kind: isActive ? "active" : standing,
      };
    }),
    inactive: state.people("inactive").length,
    unclassified: state.people("unclassified").length,
    quarantined: 0,
  };
}

function pipelineFigures(state: State) {
  const { rules } = state;
  const deals = state.deals("pipeline");
  const sized = deals.filter(({ cents }) => cents !== null);
  const mean = valueOf(deals) / sized.length;
  const rowOf = ({ name, likelihood }: Stage) => {
    const own = state.deals("pipeline", "after")
      .filter(({ stage }) => stage === name);
    return {
      stage: name,
      count: own.length,
      valueCents: valueOf(own),
      likelyPct: likelihood === null ? null : Number(likelihood),
    };
  };
  return {
    totalValueCents: valueOf(deals),
    weightedValueCents: weightedOf(state),
    opportunities: deals.length,
    unsized: deals.length - sized.length,
    withoutLikelihood:
      deals.filter((deal) => rules.likelihood(deal) === null).length,
    inactive: state.deals("inactive").length,
    unclassified: state.deals("unclassified").length,
    stageCount: new Set(deals.map(({ stage }) => stage)).size,
    averageDealCents: Math.sign(mean) * Math.round(Math.abs(mean)),
    stages: rules.pipeline.map(rowOf),
    after: rules.after.map(rowOf),
  };
}

/** Page by page. */
async function checkHotList(sheet: Sheet, { json }: Reader, state: State) {
  const { hot, rules, look } = state;
  const publicOf = (deal: Deal) => {
    const likelihood = rules.likelihood(deal);
    const person = look.people.get(deal.clientId ?? "");
    return {
      id: deal.id,
      candidateName: candidateOf(state, deal),
      market: person?.market ?? null,
      units: person?.units ?? null,
      weightedIffCents: rules.weighted(deal),
      stage: deal.stage,
      likelyPct: likelihood === null ? null : Number(likelihood),
    };
  };
  for (let offset = 0; offset < hot.length + PAGE; offset += PAGE) {
    sheet.same(
      `/dashboard/hot-list from ${offset}`,
      await json("/api/dashboard/hot-list", {
        limit: String(PAGE),
        offset: String(offset),
      }),
      {
        data: hot.slice(offset, offset + PAGE).map(publicOf),
        page: {
          limit: PAGE,
          offset,
          total: hot.length,
          hasMore: offset + PAGE < hot.length,
        },
      },
    );
  }
}

interface NotesPage {
  data: { id: string; createdAt?: string }[];
  page: { cursor: string | null; hasMore: boolean; total: number };
}

/** All of them by cursors, those of a search by an offset, one whole. */
async function checkNotes(sheet: Sheet, { json }: Reader, state: State) {
  const notes = state.notes.toSorted((one, other) =>
    other.date - one.date || compareText(other.id, one.id)
  );
  let cursor: string | null = "";
  for (let from = 0; cursor !== null; from += NOTES) {
    const { data, page } = await json("/api/dashboard/notes", {
      limit: String(NOTES),
      ...cursor ? { cursor } : {},
    }) as NotesPage;
    sheet.same(
      `/dashboard/notes from ${from}`,
      [data, page.total, page.hasMore],
      [
        notes.slice(from, from + NOTES).map(cutNote),
        notes.length,
        from + NOTES < notes.length,
      ],
    );
    cursor = page.hasMore ? page.cursor : null;
  }
  const found = notes.filter(({ author, content }) =>
    [author, content].some((text) => text.toLowerCase().includes("fdd"))
  );
  const search = { search: "fdd", limit: "10", offset: "5" };
  const { data, page } = await json(
    "/api/dashboard/notes",
    search,
  ) as NotesPage;
  sheet.same("/dashboard/notes of a search", [data, page.total], [
    found.slice(5, 15).map(cutNote),
    found.length,
  ]);
  const [first] = notes as [Note];
  const seen = state.log.looks.find(({ known }) => known.has(first.id))!;
  sheet.same(
    "/dashboard/notes/{id}",
    await json(`/api/dashboard/notes/${first.id}`),
    {
      data: {
        ...wholeNote(first),
        createdAt: new Date(seen.at).toISOString(),
      },
    },
  );
}

function wholeNote({ id, contactId, date, author, content }: Note) {
  const noteDate = new Date(date).toISOString();
  return { id, contactId, noteDate, author, content };
}

function cutNote(note: Note) {
  const bytes = new TextEncoder().encode(note.content);
  const isLong = bytes.length > SHOWN_BYTES;
  const cut = new TextDecoder().decode(bytes.slice(0, SHOWN_BYTES), {
    stream: true,
  });
  return {
    ...wholeNote(note),
    content: isLong ? cut : note.content,
    truncated: isLong,
  };
}

async function checkSchedule(sheet: Sheet, { json }: Reader, state: State) {
  const publicOf = (
    { id, at, type, contact, description, status }: Activity,
  ) => ({
    id,
    scheduledAt: new Date(at).toISOString(),
    activityType: type,
    contactName: contact,
    description,
    status,
  });
  const limit = 150;
  sheet.same(
    "/dashboard/schedule",
    await json("/api/dashboard/schedule", { limit: String(limit) }),
    {
      data: state.coming.slice(0, limit).map(publicOf),
      page: { limit, total: state.coming.length },
      connected: true,
    },
  );
}

/** What a sync read, and how long ago. */
async function checkStatus(sheet: Sheet, { json }: Reader, state: State) {
  const { look, now } = state;
  const { streams, lastSyncAt, status, isStale, ageSeconds, level } =
    await json("/api/sync/status") as {
      streams: Record<string, Record<string, unknown>>;
      [fact: string]: unknown;
    };
  const at = new Date(look.at).toISOString();
  sheet.same("/sync/status", {
    lastSyncAt,
    status,
    isStale,
    ageSeconds,
    level,
  }, {
    lastSyncAt: at,
    status: "success",
    isStale: false,
    ageSeconds: (now - look.at) / 1000,
    level: "fresh",
  });
  const whole = {
    cycles: look.stages.length,
    leads: look.people.size,
    opportunities: look.deals.size,
  };
  for (const [stream, count] of Object.entries(whole)) {
    const { status, fetched, written, unchanged, ...rest } = streams[stream]!;
    const { quarantined, lastSuccessAt, error } = rest;
    sheet.same(
      `/sync/status of ${stream}`,
      [
        status,
        fetched,
        Number(written) + Number(unchanged),
        quarantined,
        lastSuccessAt,
        error,
      ],
      ["success", count, count, 0, at, null],
    );
  }
}
