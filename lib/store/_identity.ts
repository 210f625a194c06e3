import { TerminalError, UsageError } from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import { keys } from "./keys.ts";
import { type DenoRelease, toDenoRelease } from "./serving.ts";

/** What a database says of itself; null where it says nothing. */
export interface Identity {
  storeId: string | null;
  schemaVersion: number | null;
  /** The Deno that serves the portal over it. */
  serving: DenoRelease | null;
  /** A restore of it was not finished. */
  isHalfRestored: boolean;
  isEmpty: boolean;
}

/** Two reads at the same time, and one more where they do not fit together. */
export async function readIdentity(port: KvPort): Promise<Identity> {
  const read = () =>
    port.getMany<unknown>([
      keys.storeId(),
      keys.schemaVersion(),
      keys.serving(),
      keys.restore(),
    ]);
  const [found, isEmpty] = await Promise.all([read(), hasNoRow(port)]);
  // Another process may have begun a new database between the two: it writes the schema's version first.
  const isBegun = !isEmpty && found[1]?.value === null;
  const [storeId, schemaVersion, serving, restore] = isBegun
    ? await read()
    : found;
  return {
    storeId: storeId?.value as string | null,
    schemaVersion: schemaVersion?.value as number | null,
    serving: toDenoRelease(serving?.value),
    isHalfRestored: restore?.value !== null,
    isEmpty,
  };
}

async function hasNoRow(port: KvPort): Promise<boolean> {
  const rows = port.list({ prefix: [] }, { limit: 1 });
  return (await rows.next()).done ?? false;
}

/** @throws {TerminalError} */
export function refuseHalfRestored({ isHalfRestored }: Identity): void {
  if (!isHalfRestored) return;
  throw new TerminalError(
    "Cannot use this database: a restore of it was not finished. Run: portal restore FILE again",
  );
}

/**
 * Refuses a Deno KV that another program has written: the portal's own has its schema's version before any other row.
 *
 * @throws {UsageError}
 */
export function refuseForeign({ isEmpty, schemaVersion }: Identity): void {
  if (isEmpty || schemaVersion !== null) return;
  throw new UsageError(
    "Cannot use this database: it holds data of another program; set DENO_KV_PATH to the portal's own, or a new file",
  );
}

/**
 * Refuses another database than PORTAL_STORE_ID names; one without an id yet is none.
 *
 * @throws {TerminalError}
 */
export function refuseOther(
  { storeId }: Pick<Identity, "storeId">,
  expectedId: string | undefined,
): void {
  if (!expectedId || storeId === null || expectedId === storeId) return;
  throw new TerminalError(
    `Cannot use this database: its id is '${storeId}', but PORTAL_STORE_ID asks for '${expectedId}'. ` +
      "Is the right database attached?",
  );
}
