import { ulid } from "ulid";
import { type Clock, systemClock, TerminalError } from "../domain/mod.ts";
import { refuseForeign } from "./_foreign.ts";
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
import { migrate } from "./migrations/migrations.ts";

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
    await refuseHalfRestored(port);
    await refuseForeign(port);
    await refuseOther(port, expectedId);
    await migrate(port);
    const id = await storeId(port, clock);
    refuseId(id, expectedId);
    if (serves) await noteServing(port);
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

/** Private to lib/store. @throws {TerminalError} */
export async function refuseHalfRestored(port: KvPort): Promise<void> {
  const { value } = await port.get(keys.restore());
  if (value === null) return;
  throw new TerminalError(
    "Cannot use this database: a restore of it was not finished. Run: portal restore FILE again",
  );
}

/** Before anything is migrated; private to lib/store. @throws {TerminalError} */
export async function refuseOther(
  port: KvPort,
  expectedId: string | undefined,
): Promise<void> {
  const { value } = await port.get<string>(keys.storeId());
  if (value !== null) refuseId(value, expectedId);
}

function refuseId(id: string, expectedId: string | undefined): void {
  if (!expectedId || expectedId === id) return;
  throw new TerminalError(
    `Cannot use this database: its id is '${id}', but PORTAL_STORE_ID asks for '${expectedId}'. ` +
      "Is the right database attached?",
  );
}

async function storeId(port: KvPort, clock: Clock): Promise<string> {
  const key = keys.storeId();
  const stored = await port.get<string>(key);
  if (stored.value !== null) return stored.value;
  const id = ulid(clock.now());
  const outcome = await port.commit({
    checks: [{ key, versionstamp: null }],
    sets: [{ key, value: id }],
  });
  return outcome.ok ? id : await storeId(port, clock);
}
