import type { Deal, Person, Stage } from "./_records.ts";

/** Names of stages between which figures lie. */
export interface Boundaries {
  qualifiedFrom: string;
  qualifiedTo: string;
  hotFrom: string;
  hotTo: string;
}

/** Where a record stands among the stages of a brand. */
export type Standing =
  | "pipeline"
  | "after"
  | "inactive"
  | "unclassified"
  | "other";

/** product.md's rules about stages, for one state of the sales cycles. */
export class Rules {
  /** Pipeline stages of prospects in CRM order, and the active ones after them. */
  readonly pipeline: Stage[];
  readonly after: Stage[];
  readonly #stages: Map<string, Stage>;
  readonly #inactive: string[];

  constructor(stages: readonly Stage[], private readonly between: Boundaries) {
    const own = stages.filter(({ type }) => type === "1");
    this.#stages = new Map(own.map((stage) => [stage.name, stage]));
    const ordered = own.toSorted((one, other) =>
      (one.order ?? Infinity) - (other.order ?? Infinity) || 0
    );
    const end = this.#orderOf(between.qualifiedTo);
    const active = ordered.filter((stage) => stage.active);
    const isIn = ({ order }: Stage) => order !== null && order <= end;
    this.pipeline = active.filter(isIn);
    this.after = active.filter((stage) => !isIn(stage));
    this.#inactive = ordered.filter((stage) => !stage.active)
      .map(({ name }) => name);
  }

  standing({ type, stage }: { type: string; stage: string }): Standing {
    if (type !== "1") return "other";
    const known = this.#stages.get(stage);
    if (!known) return "unclassified";
    if (!known.active) return "inactive";
    return this.pipeline.includes(known) ? "pipeline" : "after";
  }

  isQualified({ type, stage }: { type: string; stage: string }): boolean {
    const { qualifiedFrom, qualifiedTo } = this.between;
    return type === "1" && this.#isBetween(stage, qualifiedFrom, qualifiedTo);
  }

  isHot({ type, stage }: { type: string; stage: string }): boolean {
    const { hotFrom, hotTo } = this.between;
    return type === "1" && this.#isBetween(stage, hotFrom, hotTo);
  }

  /** Per cent as it is written; null without one, and for a stage that is no active one of prospects. */
  likelihood(deal: { type: string; stage: string }): string | null {
    const counts = ["pipeline", "after"].includes(this.standing(deal));
    return counts ? this.#stages.get(deal.stage)!.likelihood : null;
  }

  /** Deal size times likelihood in cents, rounded half away from zero; null without either. */
  weighted(deal: Deal): number | null {
    const likelihood = this.likelihood(deal);
    if (deal.cents === null || likelihood === null) return null;
    const [whole = "", fraction = ""] = likelihood.split(".");
    const over = 100n * 10n ** BigInt(fraction.length);
    const product = BigInt(Math.abs(deal.cents)) * BigInt(whole + fraction);
    const rounded = Number((2n * product + over) / (2n * over));
    return deal.cents < 0 ? 0 - rounded : rounded;
  }

  /** Places of active stages in CRM order; undefined outside of them. */
  place({ type, stage }: { type: string; stage: string }): number | undefined {
    const place = [...this.pipeline, ...this.after].findIndex(({ name }) =>
      name === stage
    );
    return type !== "1" || place < 0 ? undefined : place;
  }

  /** Where a stage of prospects stands in the CRM's order: active ones, inactive ones, and last those that it lacks. */
  order(name: string): number {
    const all = [...this.pipeline, ...this.after].map((stage) => stage.name);
    const place = [...all, ...this.#inactive].indexOf(name);
    return place < 0 ? all.length + this.#inactive.length : place;
  }

  /** Stages that hold a prospect: active ones in CRM order, inactive ones, then those that nobody knows. */
  statuses(people: Iterable<Person>): string[] {
    const held = new Set([...people].map(({ stage }) => stage));
    const known = [
      ...[...this.pipeline, ...this.after].map(({ name }) => name),
      ...this.#inactive,
    ];
    const unknown = [...held].filter((name) => !this.#stages.has(name));
    return [...known.filter((name) => held.has(name)), ...unknown.toSorted()];
  }

  #orderOf(name: string): number {
    return this.#stages.get(name)!.order!;
  }

  #isBetween(stage: string, from: string, to: string): boolean {
    const known = this.#stages.get(stage);
    return known !== undefined && known.active && known.order !== null &&
      this.#orderOf(from) <= known.order && known.order <= this.#orderOf(to);
  }
}
