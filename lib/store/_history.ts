import { type StageChange, type StandingChange } from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import { standingChange } from "./_standing_change.ts";
import { idPart, type TenantKeys } from "./keys.ts";

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

/** When the last note about a person was written, ISO 8601 UTC; null where there is none, or none with a date. */
export async function lastNoteAt(
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
