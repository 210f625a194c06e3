import type { Brand } from "./_brand.ts";
import { parseRow } from "./_table.ts";
import {
  type LiteralRow,
  type ModelRowOf,
  type ModelStream,
  SIMULATED_STREAMS,
  type SimulatedStream,
  type WireRow,
} from "./types.ts";

/**
 * A test's hands in one brand. Each put adds a literal record, or replaces the one with its
 * id, and returns the id; each remove says whether there was such a record. Nothing else is
 * deleted along: a removed lead's notes and deals stay.
 */
export interface SimulatedBrand {
  putLead(record: LiteralRow): string;
  removeLead(id: string): boolean;
  putOpportunity(record: LiteralRow): string;
  removeOpportunity(id: string): boolean;
  putNote(record: LiteralRow): string;
  removeNote(id: string): boolean;
  putActivity(record: LiteralRow): string;
  removeActivity(id: string): boolean;
  putCycle(record: LiteralRow): string;
  removeCycle(id: string): boolean;
  /** Deletes every record of a stream. */
  clear(stream: SimulatedStream): void;
  /** How many records each list holds now. */
  counts(): Record<SimulatedStream, number>;
  /**
   * The records of a list as the API serves them now without faults: generated and literal
   * ones, in the list's order, every activity whatever its date.
   */
  rows(stream: SimulatedStream): WireRow[];
  /**
   * What the model itself knows of the generated records (literal ones are not among them):
   * the truth behind the odd spellings, for oracles. Numbers are cents, dates ISO in UTC.
   * Of the hour that clocks show twice, the date style "local" cannot tell which it was.
   */
  model<S extends ModelStream>(stream: S): ModelRowOf[S][];
}

/** The hooks of a brand. */
export function brandHooks(brand: Brand): SimulatedBrand {
  const { leads, opportunities, notes, activities, cycles } = brand.tables;
  return {
    putLead: (record) => leads.put(record),
    removeLead: (id) => leads.remove(id),
    putOpportunity: (record) => opportunities.put(record),
    removeOpportunity: (id) => opportunities.remove(id),
    putNote: (record) => notes.put(record),
    removeNote: (id) => notes.remove(id),
    putActivity: (record) => activities.put(record),
    removeActivity: (id) => activities.remove(id),
    putCycle: (record) => cycles.put(record),
    removeCycle: (id) => cycles.remove(id),
    clear: (stream) => brand.tables[stream].clear(),
    counts: () => counts(brand),
    rows: (stream) => {
      const view = brand.tables[stream].view();
      return Array.from(
        { length: view.length },
        (_, place) => parseRow(view.text(place)),
      );
    },
    model: (stream) => brand.model(stream),
  };
}

function counts(brand: Brand): Record<SimulatedStream, number> {
  const count = {
    cycles: 0,
    leads: 0,
    opportunities: 0,
    notes: 0,
    activities: 0,
    sources: 0,
  };
  for (const stream of SIMULATED_STREAMS) {
    count[stream] = brand.tables[stream].view().length;
  }
  return count;
}
