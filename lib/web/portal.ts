import { getLogger } from "@logtape/logtape";
import manifest from "../../deno.json" with { type: "json" };
import { createSecrets, type Secrets } from "../auth/mod.ts";
import { type Clock, ConflictError, systemClock } from "../domain/mod.ts";
import {
  markSyncDue,
  openStore,
  openStorePatiently,
  SCHEMA_VERSION,
  type Store,
  type Tenant,
} from "../store/mod.ts";
import {
  createSyncWorker,
  isProduction,
  type SyncDeps,
  type SyncWorker,
  watchFleet,
} from "../sync/mod.ts";
import { type Config, QUIET_TELEMETRY } from "./config.ts";
import { settled } from "./later.ts";
import { createMailer } from "./mail.ts";
import type { Services } from "./state.ts";
import { syncFeedOf } from "./sync_feed.ts";
import {
  createKvMeasure,
  createSyncObserver,
  isTracing,
  observeAges,
  quietFetch,
} from "./telemetry.ts";

const log = getLogger(["tetherboard", "sync"]);
const boot = getLogger(["tetherboard", "boot"]);

const ADDRESSES_TRACED =
  "Deno's own spans hold whole addresses, and with them people's ids and the tokens of links: " +
  "start the portal by deno task start, or set " +
  Object.entries(QUIET_TELEMETRY).map((pair) => pair.join("=")).join(" and ");

/** This release. */
export const VERSION: string = manifest.version;

/** Everything that main.ts and the command line work with, opened once. */
export interface Portal {
  config: Config;
  store: Store;
  clock: Clock;
  secrets: Secrets;
  sync: SyncDeps;
  worker: SyncWorker;
  /** Tells the webhook of tenants in trouble; absent where there is none. */
  watch?: () => Promise<void>;
  services: Services;
  /** Ends what the worker does, then closes the database. */
  close(): Promise<void>;
}

export interface PortalOptions {
  clock?: Clock;
  fetch?: SyncDeps["fetch"];
  /** For a server: a database that cannot be used is waited for, see `openStorePatiently()`. */
  patient?: boolean;
}

/**
 * Opens the database and ties the parts together.
 *
 * @throws {UsageError} when PORTAL_SECRET is missing.
 * @throws {TransientError} when the database cannot be opened or is locked.
 * @throws {TerminalError} when it is not the one that is meant.
 */
export async function openPortal(
  config: Config,
  { clock = systemClock, fetch: given = globalThis.fetch, patient = false }:
    PortalOptions = {},
): Promise<Portal> {
  const tracing = isTracing();
  if (tracing && config.tracesAddresses) boot.warn(ADDRESSES_TRACED);
  const secrets = createSecrets(config.secret, config.olderSecrets);
  const store = await openDatabase(config, clock, patient);
  const sync: SyncDeps = {
    store,
    clock,
    fetch: tracing ? quietFetch(given) : given,
    openKeys: (tenant) => openKeys(secrets, tenant, config.accessToken),
    baseUrl: config.clienttetherUrl,
    maxRps: config.maxRps,
    snapshotRetentionDays: config.snapshotRetentionDays,
    ...tracing
      ? { observer: createSyncObserver(ageOf(config, store, clock)) }
      : {},
  };
  const mail = config.mail ? createMailer(config.mail) : null;
  const worker = createSyncWorker(sync, {
    concurrency: config.syncConcurrency,
  });
  return {
    config,
    store,
    clock,
    secrets,
    sync,
    worker,
    ...watchOf(config, sync),
    services: {
      ...servicesOf(config, sync, secrets),
      ...mail ? { mail } : {},
      requestSync: (tenantId) => requestSync(config, sync, worker, tenantId),
    },
    close: async () => {
      syncFeedOf(store).close();
      await worker.stop();
      await settled(store);
      mail?.close();
      store.close();
    },
  };
}

function openDatabase(
  config: Config,
  clock: Clock,
  patient: boolean,
): Promise<Store> {
  const where = {
    ...(config.kvPath ? { path: config.kvPath } : {}),
    ...(config.storeId ? { expectedId: config.storeId } : {}),
    ...isTracing() ? { measure: createKvMeasure() } : {},
    clock,
  };
  return patient
    ? openStorePatiently({ ...where, ...bootLog(config) })
    : openStore(where);
}

/** What requests work with, as far as it is told by the configuration. */
function servicesOf(
  config: Config,
  { store, clock, fetch }: SyncDeps,
  secrets: Secrets,
): Omit<Services, "requestSync"> {
  return {
    store,
    clock,
    version: VERSION,
    secrets,
    upstream: {
      fetch,
      baseUrl: config.clienttetherUrl,
      accessToken: config.accessToken,
    },
    ...runsSchedule(config) ? { schedule: { since: clock.now() } } : {},
    isAlerting: config.alertWebhook !== null,
    role: config.role,
    ...config.portalUrl ? { publicUrl: config.portalUrl } : {},
  };
}

/** @throws {ConflictError} on a timeline that does not sync. */
async function requestSync(
  { timeline, role }: Config,
  { store, clock }: SyncDeps,
  worker: SyncWorker,
  tenantId: string,
): Promise<void> {
  if (!isProduction(timeline)) {
    throw new ConflictError(
      `Cannot sync here: this is the timeline '${timeline}', and only production syncs`,
    );
  }
  await markSyncDue(store, tenantId, clock);
  // A worker takes it up on its next tick.
  if (role === "web") return;
  // Nobody waits for it; the mark stands, and the next tick takes it up.
  worker.wake().catch((error) => {
    log.error("Cannot begin the sync that was asked for: {error}", {
      tenantId,
      error,
    });
  });
}

/** What a server logs of its start: which versions meet which database, or why none is used. */
function bootLog({ role, timeline }: Config) {
  const versions = {
    portal: VERSION,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    schema: SCHEMA_VERSION,
    role,
    timeline: timeline ?? null,
  };
  return {
    onOpened: (storeId: string) =>
      boot.info("Tetherboard {portal} uses the store {storeId}", {
        ...versions,
        storeId,
      }),
    onRefused: (error: Error) =>
      boot.error(
        "Serving nothing, syncing nothing, and trying again: {reason}",
        { ...versions, reason: error.message },
      ),
  };
}

/** Whether this process ticks. */
function runsSchedule({ timeline, role }: Config): boolean {
  return isProduction(timeline) && role !== "web";
}

/** One of several processes is enough to measure how old data is: the one that syncs. */
function ageOf(config: Config, store: Store, clock: Clock) {
  return runsSchedule(config) ? observeAges(store, clock) : undefined;
}

function watchOf(
  { alertWebhook: webhook, portalUrl }: Config,
  { store, clock, fetch }: SyncDeps,
): Pick<Portal, "watch"> {
  if (webhook === null) return {};
  return {
    watch: () => watchFleet({ store, clock, fetch, webhook, portalUrl }),
  };
}

async function openKeys(
  secrets: Secrets,
  { id, clienttetherWebKey, clienttetherAccessToken }: Tenant,
  shared: string | null,
): Promise<{ webKey: string; accessToken: string | null }> {
  return {
    webKey: clienttetherWebKey
      ? await secrets.open(id, "clienttetherWebKey", clienttetherWebKey)
      : "",
    accessToken: clienttetherAccessToken
      ? await secrets.open(
        id,
        "clienttetherAccessToken",
        clienttetherAccessToken,
      )
      : shared,
  };
}
