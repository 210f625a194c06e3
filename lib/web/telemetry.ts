import {
  type Context as OtelContext,
  context,
  metrics,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import type { Context } from "fresh";
import type { Clock } from "../domain/mod.ts";
import type { MeasureKv, Store } from "../store/mod.ts";
import type { SyncDeps, SyncObserver } from "../sync/mod.ts";
import { type Fleet, readFleet } from "./fleet.ts";
import type { State } from "./state.ts";

// Names of tenants, routes, streams and endpoints are all that leaves here: no id of a person, no query, no text.

const NAME = "tetherboard";
/** The age of data is not read again before this, in milliseconds: it grows by itself. */
const FLEET_KEPT_MS = 5 * 60_000;

type Fetch = SyncDeps["fetch"];

/** Where Deno has put its OpenTelemetry when it was started with OTEL_DENO=true; else there is nothing to tell. */
export function isTracing(): boolean {
  return Symbol.for("opentelemetry.js.api.1") in globalThis;
}

const tracer = () => trace.getTracer(NAME);

type Facts = Record<string, string | number>;
type InSpan<T> = (span: Span) => Promise<T>;

async function inSpan<T>(
  name: string,
  facts: Facts,
  work: InSpan<T>,
  kind = SpanKind.INTERNAL,
): Promise<T> {
  return await tracer().startActiveSpan(name, { kind }, async (span) => {
    for (const [key, value] of Object.entries(facts)) {
      span.setAttribute(key, value);
    }
    try {
      return await work(span);
    } catch (error) {
      // Its message may hold what a record holds.
      const message = error instanceof Error ? error.name : "Error";
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The first span of a trace. */
async function inRootSpan<T>(
  name: string,
  facts: Facts,
  work: InSpan<T>,
  kind = SpanKind.INTERNAL,
): Promise<T> {
  const here = under(TraceFlags.SAMPLED);
  return await context.with(here, () => inSpan(name, facts, work, kind));
}

/**
 * Below a span that there is not, and that was sampled or not. Deno's sampler, as `deno task start` sets it, keeps what
 * is below a sampled span and nothing else: so none of the spans that Deno makes by itself leaves the process. They hold
 * whole addresses, and what stands in a span cannot be taken out again.
 */
function under(traceFlags: TraceFlags): OtelContext {
  const traceId = randomHex(16);
  const spanId = randomHex(8);
  const parent = trace.wrapSpanContext({ traceId, spanId, traceFlags });
  return trace.setSpan(ROOT_CONTEXT, parent);
}

function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}

/**
 * Spans of runs, streams and pages of ClientTether, and their counts.
 *
 * @param onSynced told of a tenant whose run was complete, by its slug
 */
export function createSyncObserver(
  onSynced: (tenant: string) => void = () => {},
): SyncObserver {
  const meter = metrics.getMeter(NAME);
  const runs = meter.createCounter("tetherboard.runs", {
    description: "Runs that ended",
  });
  const failures = meter.createCounter("tetherboard.run.failures", {
    description: "Runs that failed",
  });
  const quarantined = meter.createCounter("tetherboard.records.quarantined", {
    description: "Records that runs found in quarantine",
  });
  const requests = meter.createCounter("tetherboard.upstream.requests", {
    description: "Requests to ClientTether",
  });
  const latency = meter.createHistogram("tetherboard.upstream.duration", {
    description: "How long ClientTether took for an answer, its body included",
    unit: "ms",
  });
  return {
    run: (tenant, work) =>
      inRootSpan("run", { tenant }, async (span) => {
        const report = await work();
        const { status, recordsUpdated } = report;
        span.setAttribute("status", status);
        span.setAttribute("records", recordsUpdated);
        runs.add(1, { tenant, status });
        if (status === "success") onSynced(tenant);
        if (status === "failed") {
          failures.add(1, { tenant });
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        return report;
      }),
    stream: (tenant, stream, work) =>
      inSpan("stream", { tenant, stream }, async (span) => {
        const outcome = await work();
        const { result } = outcome;
        span.setAttribute("status", result.status);
        quarantined.add(result.quarantined, { tenant, stream });
        return outcome;
      }),
    request: ({ stream: endpoint, status, ms, bytes }) => {
      const facts = { endpoint, status: status ?? 0 };
      requests.add(1, facts);
      latency.record(ms, facts);
      const now = Date.now();
      const span = tracer().startSpan("page", {
        kind: SpanKind.CLIENT,
        startTime: now - ms,
      });
      span.setAttribute("endpoint", endpoint);
      span.setAttribute("status", facts.status);
      span.setAttribute("bytes", bytes);
      span.end(now);
    },
  };
}

/** Counts what happens at the database; each commit is a span. */
export function createKvMeasure(): MeasureKv {
  const meter = metrics.getMeter(NAME);
  const operations = meter.createCounter("tetherboard.kv.operations", {
    description: "Operations at the database",
  });
  const rows = meter.createCounter("tetherboard.kv.mutations", {
    description: "Rows set and deleted",
  });
  const bytes = meter.createCounter("tetherboard.kv.bytes", {
    description: "Bytes of keys and values read and written, about",
    unit: "By",
  });
  return ({ kind, mutations }) => {
    const span = kind === "commit" ? tracer().startSpan("kv commit") : null;
    span?.setAttribute("mutations", mutations);
    return (outcome) => {
      operations.add(1, { kind, ok: outcome.ok });
      bytes.add(outcome.bytes, { kind });
      if (kind === "commit" && outcome.ok) rows.add(mutations);
      span?.setAttribute("bytes", outcome.bytes);
      if (!outcome.ok) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    };
  };
}

/**
 * Has the age of each tenant's data measured whenever metrics are collected: as it was read some minutes ago at most, and
 * as the runs of this process have made it since.
 *
 * @returns to be told of a tenant whose run was complete, by its slug
 */
export function observeAges(
  store: Store,
  clock: Clock,
): (tenant: string) => void {
  const gauge = metrics.getMeter(NAME).createObservableGauge(
    "tetherboard.data.age",
    { description: "Age of a tenant's data", unit: "s" },
  );
  /** When each tenant's data was complete, epoch milliseconds. */
  let syncedAt = new Map<string, number>();
  let readAt = -Infinity;
  const read = async () => {
    readAt = clock.now();
    try {
      const { at, entries } = await readFleet(store, clock);
      syncedAt = agesOf(at, entries);
    } catch {
      // Nothing is known while the database does not answer; that it does not is said elsewhere.
      syncedAt = new Map();
      readAt = -Infinity;
    }
  };
  // What a collection does not find it finds the next time: Deno does not wait for what comes later.
  gauge.addCallback((result) => {
    const now = clock.now();
    if (now - readAt > FLEET_KEPT_MS) read();
    for (const [tenant, at] of syncedAt) {
      result.observe(Math.max(0, Math.floor((now - at) / 1000)), { tenant });
    }
  });
  return (tenant) => syncedAt.set(tenant, clock.now());
}

function agesOf(at: number, entries: Fleet["entries"]): Map<string, number> {
  const synced = new Map<string, number>();
  for (const { slug, standing, ageSeconds } of entries) {
    if (standing === "unwatched" || ageSeconds === null) continue;
    synced.set(slug, at - ageSeconds * 1000);
  }
  return synced;
}

/** A fetch of which Deno makes no span: its address may hold a person's id, and a webhook's is a secret. */
export function quietFetch(fetch: Fetch): Fetch {
  const quiet = under(TraceFlags.NONE);
  return (url, init) => context.with(quiet, () => fetch(url, init));
}

/** The span of a request, named after its route: what else its address holds is nobody's business. */
export async function inRequestSpan(
  ctx: Context<State>,
  answer: () => Promise<Response>,
): Promise<Response> {
  if (!isTracing()) return await answer();
  const { method } = ctx.req;
  const route = ctx.route ?? "unknown";
  const facts = {
    "http.request.method": method,
    "http.route": route,
    request_id: ctx.state.requestId,
  };
  return await inRootSpan(`${method} ${route}`, facts, async (span) => {
    const response = await answer();
    span.setAttribute("http.response.status_code", response.status);
    const tenant = ctx.state.workspace?.tenant.slug;
    if (tenant !== undefined) span.setAttribute("tenant", tenant);
    if (response.status >= 500) {
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    return response;
  }, SpanKind.SERVER);
}

/** The trace that what is done now belongs to, for the log; null where nothing is traced. */
export function traceId(): string | null {
  if (!isTracing()) return null;
  return trace.getActiveSpan()?.spanContext().traceId ?? null;
}
