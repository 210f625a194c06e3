import { mix, pick, unit } from "./_random.ts";
import { SOURCES, words } from "./_vocabulary.ts";
import { type Row, SALT, type World } from "./_world.ts";

const FEES = [39_900, 45_000, 49_500, 54_900] as const;

/** Facts of a lead, each with a salt of its own. */
export const FACT = {
  first: SALT.lead,
  last: SALT.lead + 1,
  company: SALT.lead + 2,
  place: SALT.lead + 3,
  street: SALT.lead + 4,
  phone: SALT.lead + 5,
  source: SALT.lead + 6,
  owner: SALT.lead + 7,
  size: SALT.lead + 8,
  units: SALT.lead + 9,
  market: SALT.lead + 10,
  odd: SALT.lead + 11,
  plan: SALT.lead + 12,
} as const;

/** What holds of a brand's people and deals, worked out from seed and row. */
export class Facts {
  protected readonly world: World;
  /** First ids: brands of one enterprise number their records apart. */
  readonly #base: number;
  readonly #fee: number;

  constructor(world: World) {
    this.world = world;
    this.#base = 1_000_000 * (1 + world.hash(SALT.base, 0) % 800);
    this.#fee = world.config.franchiseFee ??
      pick(FEES, world.hash(SALT.fee, 0));
  }

  /** The id of a row of any table. */
  id(row: Row): string {
    return String(this.#base + row);
  }

  /** The row that an id names, or -1. */
  row(id: string): Row {
    const row = /^\d{1,15}$/.test(id) ? Number(id) - this.#base : -1;
    return row >= 0 && this.id(row) === id ? row : -1;
  }

  /** Unique: the row's number is part of it. */
  email(lead: Row): string {
    const name = `${this.first(lead)}.${this.last(lead)}`.toLowerCase();
    return `${name.replace(/[^a-z.]/g, "")}.${lead}@example.com`;
  }

  /** An area code and one of the hundred numbers that are kept for fiction. */
  phone(lead: Row): string {
    const hash = this.hash(
      FACT.phone,
      lead,
      this.world.leads.version.get(lead),
    );
    const area = 201 + hash % 780;
    return `(${area}) 555-01${String((hash >>> 12) % 100).padStart(2, "0")}`;
  }

  /** First and last name of one of the brand's five franchise developers. */
  colleague(number: number): [first: string, last: string] {
    const n = number % 5;
    return [
      this.pick(words().firstNames, SALT.team, n),
      this.pick(words().lastNames, SALT.team, n),
    ];
  }

  /** The place of a lead's action plan among the brand's. */
  actionPlan(lead: Row): number {
    return this.hash(FACT.plan, lead);
  }

  /** First name, whether or not the CRM has it. */
  first(lead: Row): string {
    return this.pick(words().firstNames, FACT.first, lead);
  }

  /** Last name, whether or not the CRM has it. */
  last(lead: Row): string {
    return this.pick(words().lastNames, FACT.last, lead);
  }

  /** Whether somebody left a placeholder for the name. */
  isUnnamed(lead: Row): boolean {
    return this.share(FACT.first, lead) < 0.012;
  }

  /** Blank for most people. */
  company(lead: Row): string {
    const has = this.isUnnamed(lead) || this.share(FACT.company, lead) < 0.12;
    return has ? this.pick(words().companies, FACT.company, lead) : "";
  }

  /** Blank for a few people; the others' come with the brand's shares. */
  source(lead: Row): string {
    let point = this.share(FACT.source, lead) * 104;
    for (const [name, share] of SOURCES) {
      if (point < share) return name;
      point -= share;
    }
    return "";
  }

  /** Units wanted: mostly one. */
  units(lead: Row): number {
    const luck = unit(this.hash(FACT.units, lead));
    return luck < 0.68 ? 1 : luck < 0.86 ? 3 : luck < 0.95 ? 5 : 10;
  }

  /** The parts of a place that somebody filled in. */
  place(
    lead: Row,
    place: { city: string; state: string },
  ): { city: string | null; state: string | null } {
    const share = this.share(FACT.place, lead);
    return {
      city: share < 0.05 ? null : place.city,
      state: share < 0.02 || share > 0.98 ? null : place.state,
    };
  }

  /** The colleague in charge, or null. */
  assigned(lead: Row): [first: string, last: string] | null {
    return this.share(FACT.owner, lead) < 0.04
      ? null
      : this.colleague(this.hash(FACT.owner, lead));
  }

  protected sizeHash(table: "leads" | "opportunities", row: Row): number {
    return this.hash(
      table === "leads" ? FACT.size : SALT.opportunity + 1,
      row,
      table === "leads" ? 0 : this.world.opportunities.version.get(row),
    );
  }

  /** Integer cents; null where nobody filled a size in. */
  cents(table: "leads" | "opportunities", row: Row): number | null {
    const hash = this.sizeHash(table, row);
    const known = table === "leads" ? 0.35 : 0.92;
    if (unit(mix(hash, 2)) >= known) return null;
    const lead = table === "leads"
      ? row
      : this.world.opportunities.lead.get(row);
    // Each unit after the first costs a bit less, as multi-unit agreements have it.
    const units = this.units(lead) + (unit(mix(hash, 3)) < 0.1 ? 1 : 0);
    const dollars = this.#fee + (units - 1) * Math.round(this.#fee * 0.6);
    return dollars * 100 + (unit(mix(hash, 4)) < 0.03 ? 50 : 0);
  }

  protected hash(salt: number, row: Row, version = 0): number {
    return this.world.hash(salt, row, version);
  }

  protected share(salt: number, row: Row): number {
    // A second key keeps shares independent of picks by the same salt.
    return unit(mix(this.hash(salt, row), 1));
  }

  protected pick<T>(
    items: readonly T[],
    salt: number,
    row: Row,
    version = 0,
  ): T {
    return pick(items, this.hash(salt, row, version));
  }
}
