import {
  type Activity,
  buildStageModel,
  type Clock,
  createLeadFigures,
  createPipelineFigures,
  emptySyncState,
  hotItemOf,
  isoNow,
  kpisOf,
  type Lead,
  localDay,
  type Note,
  type Opportunity,
  type RecordOf,
  type SalesCycle,
  type StreamName,
  type StreamResult,
  STREAMS,
  type SyncRun,
  type SyncState,
} from "../lib/domain/mod.ts";
import {
  createTenant,
  hashText,
  newId,
  type Store,
  SyncWriter,
  type Tenant,
} from "../lib/store/mod.ts";

/** The records of a brand, as they stand after a sync. */
export interface BrandRecords {
  cycles: SalesCycle[];
  leads: Lead[];
  opportunities: Opportunity[];
  notes: Note[];
  activities: Activity[];
}

export function testCycle(
  name: string,
  order: number | null,
  likelihoodPct: number | null,
  active = true,
): SalesCycle {
  return {
    id: `cycle-${name.toLowerCase().replaceAll(" ", "-")}`,
    name,
    contactType: "1",
    contactTypeName: "Prospect",
    active,
    order,
    likelihoodPct,
    remarks: [],
  };
}

export function testLead(id: string, fields: Partial<Lead> = {}): Lead {
  return {
    id,
    firstName: "Robin",
    lastName: id,
    company: null,
    email: `${id}@example.com`,
    phone: "212-555-0100",
    city: null,
    state: null,
    market: null,
    units: null,
    source: "Web",
    stage: "New Lead",
    contactType: "1",
    assignedTo: null,
    dealSizeCents: null,
    createdAt: "2026-03-10T15:00:00.000Z",
    updatedAt: null,
    remarks: [],
    ...fields,
  };
}

export function testOpportunity(
  id: string,
  fields: Partial<Opportunity> = {},
): Opportunity {
  return {
    id,
    clientId: null,
    firstName: "Robin",
    lastName: id,
    company: null,
    source: "Web",
    stage: "New Lead",
    contactType: "1",
    assignedTo: null,
    dealSizeCents: null,
    market: null,
    units: null,
    createdAt: "2026-03-10T15:00:00.000Z",
    updatedAt: null,
    remarks: [],
    ...fields,
  };
}

export function testNote(id: string, fields: Partial<Note> = {}): Note {
  return {
    id,
    contactId: null,
    noteDate: "2026-03-10T15:00:00.000Z",
    author: "Sam Example",
    content: `Note ${id}`,
    raw: `{"id":"${id}"}`,
    createdAt: "2026-03-10T15:00:00.000Z",
    remarks: [],
    ...fields,
  };
}

export function testActivity(
  id: string,
  fields: Partial<Activity> = {},
): Activity {
  return {
    id,
    activityType: "Call",
    scheduledAt: "2026-03-12T15:00:00.000Z",
    contactName: `Robin ${id}`,
    contactId: null,
    description: null,
    status: "Scheduled",
    raw: `{"id":"${id}"}`,
    createdAt: "2026-03-10T15:00:00.000Z",
    remarks: [],
    ...fields,
  };
}

/**
 * A brand small enough to work out by hand. `mark` stands in every text, so that a test can tell
 * whose data it sees.
 *
 * Leads: five prospects, of them l1, l2 New Lead, l3 QR Returned, l4 Deal Structure, l5 Lost (inactive);
 * sources Web (l1, l3), Expo (l4), none (l2, l5). Qualified l3 and l4; in the pipeline l1 to l4.
 * Opportunities: o1 QR Returned $40,000 at 25 %, o2 Deal Structure $50,000 at 50 %, o3 Deal Structure
 * unsized, o4 FA Signed $60,000 (after the pipeline). Pipeline value $90,000, weighted $35,000.
 */
export function smallBrand(mark: string): BrandRecords {
  return {
    cycles: [
      testCycle("New Lead", 1, 10),
      testCycle("QR Returned", 2, 25),
      testCycle("Deal Structure", 3, 50),
      testCycle("FA Sent", 4, 90),
      testCycle("FA Signed", 5, 100),
      testCycle("Lost", 6, 0, false),
    ],
    leads: [
      testLead(`${mark}-l1`),
      testLead(`${mark}-l2`, { source: null }),
      testLead(`${mark}-l3`, { stage: "QR Returned", market: `${mark} City` }),
      testLead(`${mark}-l4`, { stage: "Deal Structure", source: "Expo" }),
      testLead(`${mark}-l5`, { stage: "Lost", source: null }),
    ],
    opportunities: [
      testOpportunity(`${mark}-o1`, {
        clientId: `${mark}-l3`,
        stage: "QR Returned",
        dealSizeCents: 40_000_00,
      }),
      testOpportunity(`${mark}-o2`, {
        clientId: `${mark}-l4`,
        stage: "Deal Structure",
        dealSizeCents: 50_000_00,
        market: `${mark} City`,
        units: 3,
      }),
      testOpportunity(`${mark}-o3`, { stage: "Deal Structure" }),
      testOpportunity(`${mark}-o4`, {
        stage: "FA Signed",
        dealSizeCents: 60_000_00,
      }),
    ],
    notes: [
      testNote(`${mark}-n1`, { noteDate: "2026-03-08T15:00:00.000Z" }),
      testNote(`${mark}-n2`, {
        noteDate: "2026-03-09T15:00:00.000Z",
        content: `${mark} sent the FDD`,
      }),
      testNote(`${mark}-n3`, {
        noteDate: "2026-03-10T15:00:00.000Z",
        author: `${mark} Author`,
        content: `${mark} `.repeat(1000),
      }),
    ],
    activities: [
      testActivity(`${mark}-a1`, { scheduledAt: "2026-03-20T15:00:00.000Z" }),
      testActivity(`${mark}-a2`, { scheduledAt: "2026-03-12T15:00:00.000Z" }),
      testActivity(`${mark}-a3`, { scheduledAt: "2026-03-01T15:00:00.000Z" }),
      testActivity(`${mark}-a4`, { status: "Cancelled" }),
    ],
  };
}

/** What is said of a stream that was read without a fault. */
export function streamSuccess(count: number, at: string): StreamResult {
  return {
    status: "success",
    fetched: count,
    written: count,
    unchanged: 0,
    removed: 0,
    quarantined: 0,
    lastSuccessAt: at,
    error: null,
  };
}

/** A tenant with the records of {@linkcode smallBrand}, its slug as the mark. */
export async function createTestBrand(
  store: Store,
  slug: string,
  clock: Clock,
  fields: Partial<Tenant> = {},
): Promise<Tenant> {
  const tenant = await createTenant(store, {
    slug,
    name: `Brand ${slug}`,
    timezone: "America/New_York",
    ...fields,
  }, clock);
  await installRecords(store, tenant, smallBrand(slug), clock);
  return tenant;
}

/**
 * Stores records and figures as a sync at the clock's time leaves them, without ClientTether.
 *
 * @param change Has the last word on the state of the sync.
 */
export async function installRecords(
  store: Store,
  tenant: Tenant,
  records: BrandRecords,
  clock: Clock,
  change: (state: SyncState) => SyncState = (state) => state,
): Promise<void> {
  const runId = newId();
  const at = isoNow(clock);
  const writer = await SyncWriter.open(store, tenant.id, clock, {
    owner: "test",
    runId,
  });
  if (!writer) {
    throw new Error(`Cannot install records: ${tenant.slug} is busy`);
  }
  const model = buildStageModel(records.cycles, tenant);
  const clients = new Map(records.leads.map((lead) => [lead.id, lead]));
  const hotOf = (opportunity: Opportunity) =>
    hotItemOf(
      opportunity,
      clients.get(opportunity.clientId ?? "") ?? null,
      model,
    );
  for (const stream of STREAMS) {
    await applyStream(writer, stream, records[stream], {
      runId,
      at,
      hotOf: () => Promise.resolve(hotOf),
    });
  }
  const day = localDay(clock.now(), tenant.timezone);
  const leads = createLeadFigures(model, tenant);
  const pipeline = createPipelineFigures(model);
  for (const lead of records.leads) {
    leads.add(lead);
    pipeline.addLead(lead);
  }
  for (const opportunity of records.opportunities) pipeline.add(opportunity);
  const figures = {
    leads: leads.result({ day, computedAt: at }),
    pipeline: pipeline.result({ day, computedAt: at }),
  };
  const hotCount = records.opportunities.filter(hotOf).length;
  const state = change(stateAfter(records, { runId, at, day }));
  await writer.finish({
    run: runOf(state, runId, at),
    state,
    views: {
      ...figures,
      kpis: kpisOf(figures.leads, figures.pipeline, hotCount),
    },
    manifest: null,
    keepDue: false,
  });
}

async function applyStream<S extends StreamName>(
  writer: SyncWriter,
  stream: S,
  records: RecordOf[S][],
  options: Parameters<SyncWriter["apply"]>[3],
): Promise<void> {
  const hash = hashText(new Uint8Array(16));
  const upserts = records.map((record) => ({ record, hash }));
  const index = await writer.readIndex(stream);
  await writer.apply<S>(Object.assign(index, { stream }), upserts, [], options);
}

function stateAfter(
  records: BrandRecords,
  { runId, at, day }: { runId: string; at: string; day: string },
): SyncState {
  const sizes = STREAMS.map((stream) => [stream, records[stream].length]);
  const counts = Object.fromEntries(sizes) as Record<StreamName, number>;
  const streams = Object.fromEntries(
    STREAMS.map((stream) => [stream, streamSuccess(counts[stream], at)]),
  );
  const prospects = records.leads.filter(({ contactType }) =>
    contactType === "1"
  );
  return {
    ...emptySyncState(),
    lastSyncAt: at,
    runId,
    status: "success",
    startedAt: at,
    finishedAt: at,
    streams,
    dataVersion: 1,
    viewDay: day,
    firstViewDay: day,
    counts,
    prospects: prospects.length,
  };
}

function runOf(state: SyncState, runId: string, at: string): SyncRun {
  return {
    id: runId,
    startedAt: at,
    finishedAt: at,
    status: state.status ?? "success",
    recordsUpdated: 0,
    errorMessage: state.errorMessage,
    streams: state.streams,
  };
}
