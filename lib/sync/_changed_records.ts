import { parseRawLine } from "../clienttether/mod.ts";
import type { RecordOf, StreamName } from "../domain/mod.ts";
import {
  giveWay,
  idPart,
  isTimeToGiveWay,
  type SyncWriter,
} from "../store/mod.ts";
import { type Collected, hashOf, normalize } from "./_collect.ts";
import type { RunContext } from "./_run.ts";

/** Records, and characters of raw text, that are normalized and written at a time. */
const WRITE_RECORDS = 5_000;
const WRITE_CHARS = 8 * 1024 * 1024;

/**
 * Reads the changed records back from the raw chunks and gives them normalized, many at a time: the more are written
 * together, the fewer times each bucket of the sync index is. Of a record that the list held twice the newer is taken.
 */
export async function* changedRecords<S extends StreamName>(
  run: RunContext,
  writer: SyncWriter,
  stream: S,
  { changed, raw, newest }: Collected,
): AsyncGenerator<{ record: RecordOf[S]; hash: string }[]> {
  const given = new Set<string>();
  let some: { record: RecordOf[S]; hash: string }[] = [];
  let chars = 0;
  for (const chunk of raw.marked) {
    for (const line of await writer.readRaw(chunk)) {
      if (isTimeToGiveWay()) await giveWay();
      const row = parseRawLine(stream, line);
      const part = row.id === null ? null : idPart(row.id);
      const known = part === null ? undefined : changed.get(part);
      if (part === null || known === undefined || given.has(part)) continue;
      const newer = newest.get(part);
      const result = normalize(run, stream, newer ?? row);
      if (!result.ok) continue;
      given.add(part);
      const hash = newer ? hashOf(run, newer) : known;
      some.push({ record: result.record, hash });
      chars += line.length;
      if (some.length < WRITE_RECORDS && chars < WRITE_CHARS) continue;
      yield some;
      some = [];
      chars = 0;
    }
  }
  if (some.length > 0) yield some;
}
