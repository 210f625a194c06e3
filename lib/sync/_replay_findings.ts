import { canonicalJson } from "../clienttether/mod.ts";
import type { StreamName } from "../domain/mod.ts";
import type { DayViews, RecordForm } from "../store/mod.ts";

/** Where what is stored is not what raw and today's rules say. */
export interface Difference {
  stream: StreamName | "views";
  /** Id of the record (in its encoded form where KV could not hold it), or the day of the views. */
  id: string;
  /** Null: the record is there on one side alone. */
  field: string | null;
  /** Null where raw has no such record. */
  raw: unknown;
  /** Null where nothing is stored. */
  stored: unknown;
}

/** Differences that are kept; further ones are counted. */
export const MAX_DIFFERENCES = 50;

/** Collects differences: the first of them, and how many there are. */
export class Findings {
  readonly differences: Difference[] = [];
  count = 0;

  add(difference: Difference): void {
    this.count++;
    if (this.differences.length < MAX_DIFFERENCES) {
      this.differences.push(difference);
    }
  }

  /** Compares a record field by field. */
  addRecord(
    stream: StreamName,
    id: string,
    raw: RecordForm | null,
    stored: RecordForm | null,
  ): void {
    if (raw === null || stored === null) {
      this.add({ stream, id, field: null, raw, stored });
    } else this.#addFields({ stream, id }, raw, stored, "");
  }

  /** Compares the view documents of a day field by field; whether they are the same. */
  addViews(
    day: string,
    raw: DayViews,
    stored: { [V in keyof DayViews]: DayViews[V] | null },
  ): boolean {
    const before = this.count;
    const at = { stream: "views", id: day } as const;
    for (const name of ["leads", "pipeline", "kpis"] as const) {
      const [right, is] = [raw[name], stored[name]];
      if (is === null) {
        this.add({ ...at, field: name, raw: right, stored: null });
      } else {
        const expected: RecordForm = { ...right };
        // An earlier release did not write down by which settings it had counted.
        if (!("settings" in is)) delete expected.settings;
        this.#addFields(at, expected, { ...is }, `${name}.`);
      }
    }
    return this.count === before;
  }

  #addFields(
    at: Pick<Difference, "stream" | "id">,
    raw: RecordForm,
    stored: RecordForm,
    prefix: string,
  ): void {
    for (const name of new Set([...Object.keys(raw), ...Object.keys(stored)])) {
      const [right = null, is = null] = [raw[name], stored[name]];
      if (canonicalJson(right) === canonicalJson(is)) continue;
      this.add({ ...at, field: prefix + name, raw: right, stored: is });
    }
  }
}
