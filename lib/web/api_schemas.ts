import * as z from "zod";
import { STREAMS } from "../domain/mod.ts";

// The answers of the JSON endpoints. The description at /api/openapi.json is made from these, the tests hold every
// endpoint to them, and the endpoints' own types come from them.

/** The schemas that the description names. */
export const apiSchemas = z.registry<{ id: string }>();

const count = () => z.int().min(0);
const cents = () => z.int().describe("Integer cents");
const time = () => z.iso.datetime().describe("ISO 8601 in UTC");
const percent = () => z.number().min(0).max(100).nullable();
const text = () => z.string().nullable();
const id = () => z.string();

function named<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  apiSchemas.add(schema, { id });
  return schema;
}

const sourceRow = named(
  "SourceRow",
  z.strictObject({
    name: z.string().describe("'Not recorded' for leads without a source"),
    leads: count(),
    qualified: count().nullable(),
  }),
);

const statusRow = named(
  "StatusRow",
  z.strictObject({
    name: z.string(),
    leads: count(),
    kind: z.enum(["active", "inactive", "unclassified"]),
  }),
);

/** The figures of the Leads page. */
export const leadsAnswer = named(
  "LeadsAnswer",
  z.strictObject({
    data: z.strictObject({
      totalLeads: count(),
      qualifiedLeads: count().nullable()
        .describe("Null where a boundary of 'qualified' is unknown"),
      inPipeline: count().nullable(),
      leadSources: count().describe("Distinct recorded sources"),
      bySource: z.array(sourceRow),
      byStatus: z.array(statusRow),
      inactive: count(),
      unclassified: count(),
      quarantined: count()
        .describe("Records that the latest sync could not read"),
    }),
  }),
);

const stageRow = named(
  "StageRow",
  z.strictObject({
    stage: z.string(),
    count: count(),
    valueCents: cents(),
    likelyPct: percent(),
  }),
);

/** The figures of the Pipeline page. */
export const pipelineAnswer = named(
  "PipelineAnswer",
  z.strictObject({
    data: z.strictObject({
      totalValueCents: cents().nullable(),
      weightedValueCents: cents().nullable(),
      opportunities: count().nullable(),
      unsized: count().nullable().describe("Opportunities without a deal size"),
      withoutLikelihood: count().nullable()
        .describe("Opportunities in a stage without a likelihood"),
      inactive: count(),
      unclassified: count(),
      stageCount: count().nullable(),
      averageDealCents: cents().nullable(),
      stages: z.array(stageRow).describe("Pipeline stages, in their order"),
      after: z.array(stageRow).describe("Active stages beyond the pipeline"),
    }),
  }),
);

const hotItem = named(
  "HotItem",
  z.strictObject({
    id: id(),
    candidateName: z.string(),
    market: text(),
    units: z.number().nullable(),
    weightedIffCents: cents().nullable()
      .describe("Deal size times likelihood, in integer cents"),
    stage: z.string(),
    likelyPct: percent(),
  }),
);

/** The hot list. */
export const hotListAnswer = named(
  "HotListAnswer",
  z.strictObject({
    data: z.array(hotItem),
    page: z.strictObject({
      limit: count(),
      offset: count(),
      total: count(),
      hasMore: z.boolean(),
    }),
  }),
);

const noteRow = named(
  "NoteRow",
  z.strictObject({
    id: id(),
    contactId: text(),
    noteDate: time().nullable(),
    author: text(),
    content: text().describe("Cut at 2 KiB"),
    truncated: z.boolean().describe("Whether the content was cut"),
  }),
);

/** A page of the notes. */
export const notesAnswer = named(
  "NotesAnswer",
  z.strictObject({
    data: z.array(noteRow),
    page: z.strictObject({
      limit: count(),
      offset: count().nullable().describe("Null where a cursor was given"),
      total: count(),
      hasMore: z.boolean(),
      cursor: text().describe("Asks for the next page; null on the last one"),
    }),
  }),
);

/** One note. */
export const noteAnswer = named(
  "NoteAnswer",
  z.strictObject({
    data: z.strictObject({
      id: id(),
      contactId: text(),
      noteDate: time().nullable(),
      author: text(),
      content: text(),
      createdAt: time().describe("When the portal stored it first"),
    }),
  }),
);

const activityRow = named(
  "ActivityRow",
  z.strictObject({
    id: id(),
    scheduledAt: time().nullable(),
    activityType: text(),
    contactName: text(),
    description: text(),
    status: text(),
  }),
);

/** Activities that lie ahead. */
export const scheduleAnswer = named(
  "ScheduleAnswer",
  z.strictObject({
    data: z.array(activityRow),
    page: z.strictObject({ limit: count(), total: count() }),
    connected: z.boolean()
      .describe("False where ClientTether offers no activities"),
  }),
);

/** The published reports. */
export const reportsAnswer = named(
  "ReportsAnswer",
  z.strictObject({
    data: z.array(z.strictObject({
      week: z.iso.date().describe("The Monday of the week"),
      title: z.string(),
      publishedAt: time(),
      version: z.int().min(1),
    })),
  }),
);

const streamStatus = named(
  "StreamStatus",
  z.strictObject({
    status: z.enum([
      "success",
      "failed",
      "refused",
      "not_asked",
      "not_connected",
    ]),
    fetched: count(),
    written: count(),
    unchanged: count(),
    removed: count(),
    quarantined: count(),
    lastSuccessAt: time().nullable(),
    error: text(),
  }),
);

/** How old the data is. */
export const statusAnswer = named(
  "StatusAnswer",
  z.strictObject({
    lastSyncAt: time().nullable()
      .describe("The latest sync in which everything succeeded"),
    status: z.enum(["running", "success", "failed"]).nullable(),
    isStale: z.boolean().describe("No complete sync within two hours"),
    ageSeconds: count().nullable(),
    level: z.enum(["fresh", "stale", "late", "critical", "never"]),
    dataVersion: count()
      .describe("Grows with every sync that changed something"),
    streams: z.strictObject(
      Object.fromEntries(
        STREAMS.map((name) => [name, streamStatus.optional()]),
      ) as Record<typeof STREAMS[number], z.ZodOptional<typeof streamStatus>>,
    ),
  }),
);

/** That a sync was asked for. */
export const triggerAnswer = named(
  "TriggerAnswer",
  z.strictObject({
    status: z.literal("accepted"),
    tenant: z.string().describe("The workspace's slug"),
  }),
);

/** Whether the portal answers. */
export const healthAnswer = named(
  "HealthAnswer",
  z.strictObject({
    ok: z.boolean(),
    version: z.string(),
    kv: z.boolean(),
    reason: z.string().optional()
      .describe("Why the database cannot be used, since the start"),
  }),
);

/** Whether a process of the portal can do its work. */
export const readyAnswer = named(
  "ReadyAnswer",
  z.strictObject({
    ok: z.boolean().describe("All of the others are true"),
    kv: z.boolean().describe("The database answers"),
    schema: z.boolean().describe("Its schema is this release's"),
    storeId: z.boolean().describe("It is the database that was opened"),
    tick: z.boolean().optional().describe(
      "The last hourly tick came; only where the process runs the schedule",
    ),
  }),
);

/** An error, RFC 9457. */
export const problemSchema = named(
  "Problem",
  z.strictObject({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("A sentence for people"),
    parameter: z.string().optional()
      .describe("The query parameter that is wrong"),
    requestId: z.string().describe("Names the request in the portal's log"),
  }),
);

export type LeadsAnswer = z.output<typeof leadsAnswer>;
export type PipelineAnswer = z.output<typeof pipelineAnswer>;
export type HotListAnswer = z.output<typeof hotListAnswer>;
export type NotesAnswer = z.output<typeof notesAnswer>;
export type NoteAnswer = z.output<typeof noteAnswer>;
export type ScheduleAnswer = z.output<typeof scheduleAnswer>;
export type ReportsAnswer = z.output<typeof reportsAnswer>;
export type StatusAnswer = z.output<typeof statusAnswer>;
