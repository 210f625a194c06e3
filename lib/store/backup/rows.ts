import { ConflictError } from "../../domain/mod.ts";
import { keyText } from "./_codec.ts";
import type { KvPort } from "../_kv.ts";
import { type Key, keys, tenantKeys } from "../keys.ts";

/**
 * What no backup holds, by the first part of its keys. A session that was ended, a link that was used, an API token that
 * was revoked, or a count of attempts that is over, must not come back with a restore; the schema's version and the
 * store's id stand in the first line.
 */
const LEFT_OUT = new Set<Deno.KvKeyPart | undefined>([
  keys.session("")[0],
  keys.sessionByUser("", "")[0],
  keys.link("")[0],
  keys.apiToken("")[0],
  keys.apiTokenByTenant("", "")[0],
  keys.challenge("")[0],
  keys.throttle("", "")[0],
  keys.schemaVersion()[0],
  keys.storeId()[0],
  keys.serving()[0],
  keys.restore()[0],
]);

/** Rows that name each other and are therefore read as they stood at one moment. */
const DIRECTORY: Key[] = [
  keys.tenant(""),
  keys.tenantBySlug(""),
  keys.user(""),
  keys.userByEmail(""),
  keys.membership("", ""),
  keys.membershipByTenant("", ""),
].map((key) => key.slice(0, 1));

/** The prefix of all tenants' own rows. */
export const TENANT_ROWS: Key = tenantKeys("").all().slice(0, 1);

/** How often the directory is read until it holds still. */
const ATTEMPTS = 5;

type Row = Deno.KvEntry<unknown>;

/** Of a tenant's own rows: an address that was ended must not come back either. */
const [TENANT, , CALENDAR_FEEDS] = tenantKeys("").calendarFeeds();
/** Nor what was to be told when it was written: a restored portal looks for itself. */
const [, , ALERT] = tenantKeys("").alert();

/** Nor what is packed of notes: it names versions of rows, which are others in the next database. */
const [, , NOTES_TEXT] = tenantKeys("").notesTexts();
const TENANT_LEFT_OUT = new Set([CALENDAR_FEEDS, ALERT, NOTES_TEXT]);

export function isLeftOut(key: Key): boolean {
  return LEFT_OUT.has(key[0]) ||
    (key[0] === TENANT && TENANT_LEFT_OUT.has(key[2]));
}

/**
 * The parts that follow a prefix, each once and in order, by skipping from one to the next: reads a few rows a part,
 * whatever lies below.
 */
export async function* partsBelow(
  port: KvPort,
  prefix: Key,
): AsyncGenerator<Deno.KvKeyPart> {
  let next = await firstPart(port, { prefix }, prefix.length);
  while (next !== undefined) {
    yield next;
    // `true` sorts after every other part, so that nearly all below `next` lies before it.
    const start = [...prefix, next, true];
    next = await firstPart(port, { prefix, start }, prefix.length, next);
  }
}

/** The first part at a depth that is not `but`. */
async function firstPart(
  port: KvPort,
  selector: Deno.KvListSelector,
  depth: number,
  but?: Deno.KvKeyPart,
): Promise<Deno.KvKeyPart | undefined> {
  const known = but === undefined ? null : keyText([but]);
  for await (const { key } of port.list(selector, { pageSize: 1 })) {
    const part = key[depth]!;
    if (keyText([part]) !== known) return part;
  }
  return undefined;
}

/** The row of a key, if there is one, and all below it that a backup holds. */
export async function* rowsFrom(port: KvPort, key: Key): AsyncGenerator<Row> {
  const own = await port.get(key);
  if (own.versionstamp !== null) yield own;
  for await (const row of port.list({ prefix: key })) {
    if (!isLeftOut(row.key)) yield row;
  }
}

/** Rows that belong to no tenant and stand each by itself. */
export async function* looseRows(port: KvPort): AsyncGenerator<Row> {
  const elsewhere = [...DIRECTORY, TENANT_ROWS].map(([part]) => part);
  for await (const part of partsBelow(port, [])) {
    if (elsewhere.includes(part) || isLeftOut([part])) continue;
    yield* rowsFrom(port, [part]);
  }
}

/**
 * Tenants, users and memberships with their indexes, as they stood at one moment: two reads in a row found the same
 * versions. Held in memory, since an agency has some hundreds.
 *
 * @throws {ConflictError} when they do not hold still.
 */
export async function directoryRows(port: KvPort): Promise<Row[]> {
  let rows = await readDirectory(port);
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    const again = await readDirectory(port);
    if (versions(rows) === versions(again)) return again;
    rows = again;
  }
  throw new ConflictError(
    "Cannot back up: brands or users were changed again and again while they were read; try again",
  );
}

async function readDirectory(port: KvPort): Promise<Row[]> {
  const rows: Row[] = [];
  for (const key of DIRECTORY) {
    for await (const row of rowsFrom(port, key)) rows.push(row);
  }
  return rows;
}

function versions(rows: Row[]): string {
  return rows.map(({ key, versionstamp }) => keyText(key) + versionstamp)
    .join("\n");
}
