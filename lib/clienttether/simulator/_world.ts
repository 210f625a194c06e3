import { Calendar } from "./_calendar.ts";
import { Column } from "./_columns.ts";
import { hashText, mix, unit } from "./_random.ts";
import { type StageTable, stageTable } from "./_stages.ts";
import type { BrandConfig } from "./types.ts";

/** Salts of the hashes by which a record's unchanging facts are drawn. */
export const SALT = {
  customer: 1,
  base: 2,
  fee: 3,
  team: 4,
  hour: 5,
  populate: 6,
  lead: 100,
  opportunity: 200,
  note: 300,
  activity: 400,
} as const;

/** A lead's, an opportunity's or a note's place in its table. */
export type Row = number;

/**
 * What a brand's CRM holds, as numbers alone: tables of columns, one row per record ever
 * made. A record's text is worked out from its row and the seed whenever it is asked for.
 * Instants are whole seconds; `gone` is 1 for a deleted record; links are row + 1, 0 is none.
 */
export class World {
  readonly config: BrandConfig;
  readonly seed: number;
  readonly calendar: Calendar;
  readonly stages: StageTable;
  /** Model time: where the brand's life has got to. */
  now: number;
  /** Whole hours lived since the start. */
  hours = 0;
  /** Grows whenever a record comes or goes: what is derived from the tables is then stale. */
  revision = 0;

  readonly leads = {
    created: new Column(32),
    modified: new Column(32),
    stage: new Column(8),
    version: new Column(8),
    gone: new Column(8),
    lastOpportunity: new Column(32),
    lastNote: new Column(32),
  };
  readonly opportunities = {
    lead: new Column(32),
    created: new Column(32),
    modified: new Column(32),
    stage: new Column(8),
    version: new Column(8),
    gone: new Column(8),
    previous: new Column(32),
  };
  readonly notes = {
    lead: new Column(32),
    date: new Column(32),
    topic: new Column(8),
    version: new Column(8),
    gone: new Column(8),
    previous: new Column(32),
  };
  readonly activities = {
    lead: new Column(32),
    type: new Column(8),
    scheduled: new Column(32),
    cancelled: new Column(8),
    gone: new Column(8),
  };

  constructor(config: BrandConfig, simulatorSeed: number, start: number) {
    this.config = config;
    this.seed = config.seed === undefined
      ? mix(simulatorSeed, hashText(config.webKey))
      : mix(config.seed);
    this.calendar = new Calendar(config.timezone);
    this.stages = stageTable(config.stageSet, config.name);
    this.now = start;
  }

  /** The hash of one fact about one record. */
  hash(salt: number, row: Row, version = 0): number {
    return mix(this.seed, salt, row, version);
  }

  /** The hash of one fact as a number in [0, 1). */
  share(salt: number, row: Row, version = 0): number {
    return unit(this.hash(salt, row, version));
  }

  /** Two in a hundred are people who have bought already. */
  isCustomer(lead: Row): boolean {
    return this.stages.customers.length > 0 &&
      this.share(SALT.customer, lead) < 0.02;
  }

  /** How far along the steps a lead is, 0 to 1; -1 when it is not on a step. */
  depth(lead: Row): number {
    const { steps } = this.stages;
    return steps.indexOf(this.leads.stage.get(lead)) / (steps.length - 1);
  }

  addLead(created: number, stage: number, modified = created): Row {
    const t = this.leads;
    const row = t.created.push(created);
    t.modified.push(modified);
    t.stage.push(stage);
    t.version.push(0);
    t.gone.push(0);
    t.lastOpportunity.push(0);
    t.lastNote.push(0);
    this.revision++;
    return row;
  }

  addOpportunity(lead: Row, created: number, stage: number, modified: number) {
    const t = this.opportunities;
    const row = t.lead.push(lead);
    t.created.push(created);
    t.modified.push(modified);
    t.stage.push(stage);
    t.version.push(0);
    t.gone.push(0);
    t.previous.push(this.leads.lastOpportunity.get(lead));
    this.leads.lastOpportunity.set(lead, row + 1);
    this.revision++;
  }

  addNote(lead: Row, date: number, topic: number): void {
    const t = this.notes;
    const row = t.lead.push(lead);
    t.date.push(date);
    t.topic.push(topic);
    t.version.push(0);
    t.gone.push(0);
    t.previous.push(this.leads.lastNote.get(lead));
    this.leads.lastNote.set(lead, row + 1);
    this.revision++;
  }

  addActivity(lead: Row, type: number, scheduled: number): void {
    const t = this.activities;
    t.lead.push(lead);
    t.type.push(type);
    t.scheduled.push(scheduled);
    t.cancelled.push(0);
    t.gone.push(0);
    this.revision++;
  }

  /** A lead's opportunities, newest first, deleted ones too. */
  *opportunitiesOf(lead: Row): Generator<Row> {
    let link = this.leads.lastOpportunity.get(lead);
    for (; link > 0; link = this.opportunities.previous.get(link - 1)) {
      yield link - 1;
    }
  }

  /** A lead's notes, newest first, deleted ones too. */
  *notesOf(lead: Row): Generator<Row> {
    let link = this.leads.lastNote.get(lead);
    for (; link > 0; link = this.notes.previous.get(link - 1)) yield link - 1;
  }

  /** Deletes one record; what hangs on it stays. */
  remove(
    table: "leads" | "opportunities" | "notes" | "activities",
    row: Row,
  ): void {
    this[table].gone.set(row, 1);
    this.revision++;
  }
}
