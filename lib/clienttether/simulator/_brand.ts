import { liveHour } from "./_life.ts";
import { People } from "./_people.ts";
import { populate } from "./_populate.ts";
import { type Generated, Table } from "./_table.ts";
import { ACTION_PLANS, SOURCES } from "./_vocabulary.ts";
import {
  type Dialect,
  wireActivity,
  wireCycle,
  wireHistoryNote,
  wireLead,
  wireNote,
  wireOpportunity,
  wireSource,
} from "./_wire.ts";
import { type Row, World } from "./_world.ts";
import {
  type BrandConfig,
  type ModelRowOf,
  type ModelStream,
  SIMULATED_STREAMS,
  type SimulatedStream,
  type Spelling,
  type WireRow,
} from "./types.ts";

/** Fields that may hold a record's id, by stream. */
export const ID_FIELDS: Record<SimulatedStream, readonly string[]> = {
  cycles: ["sales_cycle_id", "id"],
  leads: ["client_id", "id"],
  opportunities: ["opportunity_id", "id"],
  notes: ["note_id", "id"],
  activities: ["activity_id", "id"],
  sources: ["lead_source_id", "id"],
};

/** One brand: its world, and the tables in which the world can be read and edited. */
export class Brand {
  readonly config: BrandConfig;
  readonly world: World;
  readonly people: People;
  readonly dialect: Dialect;
  readonly tables: Record<SimulatedStream, Table>;

  constructor(
    config: BrandConfig,
    seed: number,
    start: number,
    spelling: Spelling,
  ) {
    this.config = config;
    this.world = new World(config, seed, start);
    populate(this.world);
    this.people = new People(this.world);
    this.dialect = {
      spelling,
      dateStyle: config.dateStyle ?? "local",
      calendar: this.world.calendar,
      marketField: config.marketField === undefined
        ? "market"
        : config.marketField,
      unitsField: config.unitsField === undefined ? "units" : config.unitsField,
    };
    this.tables = this.#tables();
    for (const stream of SIMULATED_STREAMS) {
      const rows = config.records?.[stream] ??
        (stream === "cycles" ? config.cycles : undefined);
      if (stream === "cycles" && rows !== undefined) this.tables.cycles.clear();
      for (const row of rows ?? []) this.tables[stream].put(row);
    }
  }

  /** Lives on to an instant: every whole hour that has passed by then happens. */
  liveUntil(start: number, instant: number): void {
    const hours = Math.floor((instant - start) / 3600);
    this.world.now = start + this.world.hours * 3600;
    while (this.world.hours < hours) liveHour(this.world);
    this.world.now = instant;
  }

  /** A generated note as the history of its person shows it. */
  historyNote(row: Row): WireRow {
    return wireHistoryNote(this.dialect, this.people.note(row));
  }

  /** What the model knows of the living generated records of a stream. */
  model<S extends ModelStream>(stream: S): ModelRowOf[S][] {
    const write: { [K in ModelStream]: (row: Row) => ModelRowOf[K] } = {
      leads: (row) => this.people.lead(row),
      opportunities: (row) => this.people.opportunity(row),
      notes: (row) => this.people.note(row),
      activities: (row) => this.people.activity(row),
    };
    const gone = this.world[stream].gone;
    const rows: ModelRowOf[S][] = [];
    for (let row = 0; row < gone.length; row++) {
      if (gone.get(row) === 0) rows.push(write[stream](row));
    }
    return rows;
  }

  #tables(): Record<SimulatedStream, Table> {
    const { people, dialect, world } = this;
    const plan = (lead: Row) =>
      ACTION_PLANS[people.actionPlan(lead) % ACTION_PLANS.length] ?? "";
    const stages = world.stages.all;
    return {
      cycles: this.#table(
        "cycles",
        fixed(stages, (stage, i) => wireCycle(dialect, stage, i + 1)),
      ),
      sources: this.#table(
        "sources",
        fixed(SOURCES, ([name], i) => wireSource(dialect, name, i + 1)),
      ),
      leads: this.#table(
        "leads",
        this.#living(
          "leads",
          (row) => wireLead(dialect, people.lead(row), plan(row)),
        ),
      ),
      opportunities: this.#table(
        "opportunities",
        this.#living("opportunities", (row) =>
          wireOpportunity(
            dialect,
            people.opportunity(row),
            plan(world.opportunities.lead.get(row)),
          )),
      ),
      notes: this.#table(
        "notes",
        this.#living("notes", (row) => wireNote(dialect, people.note(row))),
      ),
      activities: this.#table(
        "activities",
        this.#living(
          "activities",
          (row) => wireActivity(dialect, people.activity(row)),
        ),
      ),
    };
  }

  #table(stream: SimulatedStream, generated: Generated): Table {
    const newestFirst = this.config.listOrder === "newest";
    return new Table(generated, ID_FIELDS[stream], newestFirst);
  }

  #living(stream: ModelStream, wire: (row: Row) => WireRow): Generated {
    const { world, people } = this;
    const { gone } = world[stream];
    return {
      length: () => gone.length,
      revision: () => world.revision,
      id: (row) => people.id(row),
      row: (id) => people.row(id),
      isGone: (row) => gone.get(row) === 1,
      remove: (row) => world.remove(stream, row),
      wire,
    };
  }
}

/** A short list that only edits change; ids count from 1. */
function fixed<T>(
  items: readonly T[],
  wire: (item: T, index: number) => WireRow,
): Generated {
  const rows = items.map(wire);
  const gone = new Set<number>();
  return {
    length: () => rows.length,
    revision: () => gone.size,
    id: (row) => String(row + 1),
    row: (id) => /^[1-9]\d{0,5}$/.test(id) ? Number(id) - 1 : -1,
    isGone: (row) => gone.has(row),
    remove: (row) => void gone.add(row),
    wire: (row) => rows[row] ?? {},
  };
}
