import { type StageChange, type StandingChange } from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import { someAtATime } from "./_parts.ts";
import { standingChange } from "./_standing_change.ts";
import { idPart, type TenantKeys } from "./keys.ts";

/** Reads that are under way together. */
const AT_A_TIME = 10;

/** The newest changes of opportunities, the newest first. */
export async function* newestChanges(
  port: KvPort,
  k: TenantKeys,
  limit: number,
): AsyncGenerator<StandingChange> {
  const prefix = k.standingChanges("opportunities");
  const options = { limit, reverse: true };
  const list = port.list<StandingChange | StageChange>({ prefix }, options);
  for await (const { value } of list) yield standingChange(value);
}

/**
 * When the last note about each of these people was written, ISO 8601 UTC, as far as there is one with a date. One read
 * for each, some of them at a time.
 */
export async function lastNotesAt(
  port: KvPort,
  k: TenantKeys,
  contactIds: Iterable<string>,
): Promise<Map<string, string>> {
  const wanted = [...new Set(contactIds)];
  const found = await someAtATime(
    wanted,
    AT_A_TIME,
    (id) => lastNoteAt(port, k, id),
  );
  return new Map(
    found.flatMap((at, n) => at === null ? [] : [[wanted[n]!, at]]),
  );
}

async function lastNoteAt(
  port: KvPort,
  k: TenantKeys,
  contactId: string,
): Promise<string | null> {
  const prefix = [...k.notesByContact(), idPart(contactId)];
  const options = { limit: 1, reverse: true };
  const list = port.list<{ noteDate: string | null }>({ prefix }, options);
  for await (const { value } of list) return value.noteDate;
  return null;
}
