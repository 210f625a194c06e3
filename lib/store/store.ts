import { ulid } from "ulid";
import { type Clock, systemClock } from "../domain/mod.ts";
import {
  readIdentity,
  refuseForeign,
  refuseHalfRestored,
  refuseOther,
} from "./_identity.ts";
import {
  createKvPort,
  DEADLINE_MS,
  type KvOperation,
  type KvPort,
} from "./_kv.ts";
import { measuredPort, type MeasureKv } from "./_measured_port.ts";
import { isRemote, openKv } from "./_open_kv.ts";
import { guestPort, noteServing } from "./serving.ts";
import { bindPort, type Store } from "./_store.ts";
import { keys } from "./keys.ts";
import { ListCache } from "./list_cache.ts";
import { migrate, SCHEMA_VERSION } from "./migrations/migrations.ts";

export type { KvOperation, MeasureKv, Store };

export interface OpenStoreOptions {
  /** A file, `:memory:`, or the address of a remote database. Absent: the platform's own. */
  path?: string;
  /** An opened database, instead of `path`; closed with the store. */
  kv?: Deno.Kv;
  /**
   * The process serves the portal, or syncs for it. Any other one, a command, is a guest where the database is remote:
   * it writes nothing that the Deno of the portal could not read.
   */
  serves?: boolean;
  /** The id that the store must have (PORTAL_STORE_ID): notices a throwaway database. */
  expectedId?: string;
  /** Milliseconds for one database operation, 5,000 unless told. */
  deadlineMs?: number;
  /** Bytes of memory for lists that were read, of all tenants together; 64 MiB unless told. */
  listCacheBytes?: number;
  clock?: Clock;
  random?: () => number;
  /** Told of every operation, for counting. */
  observe?: (operation: KvOperation) => void;
  /** Told of every operation and of how it ended, for measuring; it costs the measuring of what is read. */
  measure?: MeasureKv;
}

/**
 * Opens the database, brings its schema up to date and notes its id.
 *
 * @throws {TransientError} when the database is locked or does not answer in time.
 * @throws {UsageError} when the path names no database of the portal; nothing is written then.
 * @throws {TerminalError} when its schema is newer than this code, its id is not the expected one, it is damaged, or
 * a restore of it was not finished.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { id, port } = await openChecked(options);
  return storeOver(options, port, { id, refusal: () => null });
}

/** A database that was found to be the portal's own. */
export interface CheckedPort {
  id: string;
  port: KvPort;
}

/** {@linkcode openStore} without the store around it; private to lib/store. */
export async function openChecked(
  options: OpenStoreOptions,
): Promise<CheckedPort> {
  const { expectedId, clock = systemClock, serves = false } = options;
  const port = await openPort(options);
  try {
    const found = await readIdentity(port);
    refuseHalfRestored(found);
    refuseForeign(found);
    refuseOther(found, expectedId);
    if (found.schemaVersion !== SCHEMA_VERSION) await migrate(port);
    const id = found.storeId ?? await newStoreId(port, clock);
    refuseOther({ storeId: id }, expectedId);
    if (serves) await noteServing(port, found.serving);
    return { id, port };
  } catch (error) {
    port.close();
    throw error;
  }
}

/** The store of a port; private to lib/store. */
export function storeOver(
  options: OpenStoreOptions,
  port: KvPort,
  standing: Pick<Store, "id" | "refusal">,
): Store {
  const { clock = systemClock } = options;
  return bindPort({
    get id() {
      return standing.id;
    },
    refusal: () => standing.refusal(),
    health: () =>
      port.get(keys.storeId()).then(
        (row) => row.value === standing.id,
        () => false,
      ),
    close: () => port.close(),
  }, { port, lists: new ListCache({ clock, ...listCache(options) }) });
}

function listCache({ listCacheBytes }: OpenStoreOptions) {
  return listCacheBytes === undefined ? {} : { maxBytes: listCacheBytes };
}

/** The database as it is, neither checked nor migrated; private to lib/store. */
export async function openPort(options: OpenStoreOptions): Promise<KvPort> {
  const { clock = systemClock } = options;
  const { reads, writes } = options.kv
    ? { reads: options.kv, writes: options.kv }
    : await openKv(options.path, options.deadlineMs ?? DEADLINE_MS);
  const port = createKvPort(reads, {
    clock,
    writes,
    ...(options.deadlineMs ? { deadlineMs: options.deadlineMs } : {}),
    ...(options.random ? { random: options.random } : {}),
    ...(options.observe ? { observe: options.observe } : {}),
  });
  const isGuest = !options.serves && isRemote(options.path);
  const own = isGuest ? guestPort(port) : port;
  return options.measure ? measuredPort(own, options.measure) : own;
}

/** Gives a database an id, unless another process has been faster. */
async function newStoreId(port: KvPort, clock: Clock): Promise<string> {
  const key = keys.storeId();
  const id = ulid(clock.now());
  const outcome = await port.commit({
    checks: [{ key, versionstamp: null }],
    sets: [{ key, value: id }],
  });
  if (outcome.ok) return id;
  const { value } = await port.get<string>(key);
  return value ?? await newStoreId(port, clock);
}
