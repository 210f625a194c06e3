import { ConflictError, NotFoundError } from "../domain/mod.ts";
import type { Commit, KvPort } from "./_kv.ts";
import type { Key } from "./keys.ts";

/** How often a change is tried on newer and newer versions before it gives up. */
const ATTEMPTS = 5;

/** The new value of a record and what changes with it, in the same atomic operation. */
export interface RecordChange<T> extends Commit {
  value: T;
  /** Milliseconds after which the record may go by itself; a set without it would keep it for good. */
  expireIn?: number;
}

/**
 * Reads a record, changes it and writes it where nobody else has written in between; else it starts
 * again from what is there now.
 *
 * @param what The record in words, for errors: "tenant '01J…'".
 * @param change May run several times; it gets what is stored.
 * @throws {NotFoundError} when the record is not there.
 * @throws {ConflictError} when others were faster every time.
 */
export async function updateRecord<T>(
  kv: KvPort,
  key: Key,
  what: string,
  change: (current: T) => RecordChange<T> | Promise<RecordChange<T>>,
): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const entry = await kv.get<T>(key);
    if (entry.versionstamp === null) {
      throw new NotFoundError(`Cannot change ${what}: it does not exist`);
    }
    const { value, expireIn, checks = [], sets = [], deletes = [] } =
      await change(entry.value);
    const set = expireIn === undefined
      ? { key, value }
      : { key, value, expireIn };
    const outcome = await kv.commit({
      checks: [{ key, versionstamp: entry.versionstamp }, ...checks],
      sets: [set, ...sets],
      deletes,
    });
    if (outcome.ok) return value;
  }
  throw new ConflictError(
    `Cannot change ${what}: somebody else changed it ${ATTEMPTS} times meanwhile; try again`,
  );
}
