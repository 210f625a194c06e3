import { rulesKey } from "../clienttether/mod.ts";
import {
  type Clock,
  dayNumber,
  dayOfNumber,
  isoNow,
  STREAMS,
  type SyncState,
  UsageError,
} from "../domain/mod.ts";
import {
  openTenant,
  type RawManifest,
  RawReader,
  type Store,
  StoredReader,
  type TenantStore,
} from "../store/mod.ts";
import { isUnsettled } from "./_fold.ts";
import { ReplayCheck, type ReplayedDay } from "./_replay_check.ts";
import { type Difference } from "./_replay_findings.ts";
import { ReplayRebuild } from "./_replay_rebuild.ts";
import type { ReplayContext } from "./_replay_stream.ts";
import { underLease } from "./_under_lease.ts";

export type { Difference, ReplayedDay };

/** What a replay needs from the world around it. */
export interface ReplayDeps {
  store: Store;
  clock: Clock;
}

export interface ReplayOptions {
  /** Only compare. Reads alone, and takes no lease. */
  check?: boolean;
  /** First day whose frozen figures are looked at too, YYYY-MM-DD in the tenant's zone; only today's unless given. */
  from?: string | undefined;
  /** Last day of them, the newest unless given. */
  to?: string | undefined;
  signal?: AbortSignal;
  /** Told what is being looked at. */
  onProgress?: (what: string) => void;
}

/** What `portal replay --json` prints. */
export interface ReplayReport {
  /** Slug. */
  tenant: string;
  /**
   * `same` or `different` after a check, `rebuilt` after a replay. `busy`: a run of the tenant is under way, or came
   * in between. `unfinished`: a run ended on its way, so that raw alone does not say what is in place.
   */
  status: "same" | "different" | "rebuilt" | "busy" | "unfinished";
  /** Records that were looked at, and those of them that no raw covers. */
  records: number;
  notCovered: number;
  /** The first of them, and how many there are. Of a replay: what it has put right. */
  differences: Difference[];
  differenceCount: number;
  /** Records that the replay wrote, and removed. */
  written: number;
  removed: number;
  /** The earlier days that were asked for, oldest first. */
  days: ReplayedDay[];
  /** A sentence for people, where there is more to say. */
  message: string | null;
}

/**
 * Makes a tenant's records, hot list and figures again from the raw records that are kept, by today's rules and
 * settings; or only compares them with what is stored. When the data is from, is left as it is.
 *
 * @throws {NotFoundError} when there is no such tenant.
 * @throws {UsageError} when a day is none, or the tenant is not active and would be changed.
 * @throws {TerminalError} when a part of a raw chunk is missing.
 */
export async function replayTenant(
  deps: ReplayDeps,
  tenantId: string,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  assertRange(options);
  const reader = await openTenant(deps.store, tenantId);
  return options.check
    ? await check(deps, reader, options)
    : await rebuild(deps, reader, options);
}

async function check(
  { store, clock }: ReplayDeps,
  reader: TenantStore,
  options: ReplayOptions,
): Promise<ReplayReport> {
  const context = contextOf(store, reader);
  const before = await context.stored.standing(clock.now());
  const empty = emptyReport(reader);
  if (before.busy) return { ...empty, ...BUSY };
  const manifests = await context.raw.manifests();
  const hint = unfinished(before.state, manifests, reader);
  if (hint) return { ...empty, status: "unfinished", message: hint };
  const run = new ReplayCheck(context, reader, before.state, manifests);
  const found = await run.check(options);
  // What a run changed meanwhile is no difference: who waits for it looks again.
  const after = await context.stored.standing(clock.now());
  if (after.version !== before.version) return { ...empty, ...BUSY };
  return {
    ...empty,
    ...found,
    status: found.differenceCount === 0 ? "same" : "different",
  };
}

async function rebuild(
  deps: ReplayDeps,
  reader: TenantStore,
  options: ReplayOptions,
): Promise<ReplayReport> {
  const { store, clock } = deps;
  const { slug } = reader.tenant;
  if (reader.status !== "active") {
    throw new UsageError(
      `Cannot replay tenant '${slug}': it is ${reader.status}`,
    );
  }
  const empty = emptyReport(reader);
  const rebuilt = await underLease(deps, reader.id, async (leased) => {
    const { writer, runId, lost } = leased;
    const signal = AbortSignal.any([
      lost,
      ...(options.signal ? [options.signal] : []),
    ]);
    const context = contextOf(store, reader);
    const state = await reader.syncState();
    const manifests = await context.raw.manifests();
    const hint = unfinished(state, manifests, reader);
    if (hint) {
      await writer.finishReplay({ state: null, views: null, version: runId });
      return { ...empty, status: "unfinished" as const, message: hint };
    }
    const run = new ReplayRebuild(context, reader, state, manifests, {
      writer,
      runId,
      at: isoNow(clock),
    });
    const found = await run.rebuild({ ...options, signal });
    return { ...empty, ...found, status: "rebuilt" as const };
  });
  return rebuilt ?? { ...empty, ...BUSY };
}

function contextOf(store: Store, { id, tenant }: TenantStore): ReplayContext {
  return {
    raw: RawReader.of(store, id),
    stored: StoredReader.of(store, id),
    tenant,
    rules: rulesKey(tenant),
  };
}

function emptyReport({ tenant }: TenantStore): ReplayReport {
  return {
    tenant: tenant.slug,
    status: "same",
    records: 0,
    notCovered: 0,
    differences: [],
    differenceCount: 0,
    written: 0,
    removed: 0,
    days: [],
    message: null,
  };
}

const BUSY = {
  status: "busy",
  message: "A run of the tenant is under way; try again when it has ended",
} as const;

/** Why raw alone does not say what is in place, and what to do; null when it does. */
function unfinished(
  { status }: SyncState,
  manifests: readonly RawManifest[],
  { tenant: { slug } }: TenantStore,
): string | null {
  const streams = STREAMS.filter((stream) => isUnsettled(manifests, stream));
  if (status !== "running" && streams.length === 0) return null;
  const what = streams.length > 0 ? ` (${streams.join(", ")})` : "";
  return `A run did not come to its end${what}, so raw does not say what it has put in place. ` +
    `First run: portal sync --tenant ${slug}`;
}

function assertRange({ from, to }: ReplayOptions): void {
  for (const [name, day] of [["--from", from], ["--to", to]] as const) {
    if (day !== undefined && !isDay(day)) {
      throw new UsageError(
        `Cannot replay: ${name} must be a day such as 2026-03-01, and '${day}' is none`,
      );
    }
  }
  if (to !== undefined && from === undefined) {
    throw new UsageError("Cannot replay: --to needs --from");
  }
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError("Cannot replay: --from is later than --to");
  }
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const number = dayNumber(text);
  return !Number.isNaN(number) && dayOfNumber(number) === text;
}
