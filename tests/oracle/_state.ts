import type { Log, Look } from "./_history.ts";
import type { Period, Span } from "./_periods.ts";
import type { Activity, Deal, Note, Person } from "./_records.ts";
import { isOpen } from "./_history.ts";
import { dayOf, mondayOf, plusDays, startOf } from "./_zone.ts";

export const NOT_RECORDED = "Not recorded";

/** What is known of a brand at a moment, and the plain counts of product.md's table. */
export class State {
  readonly prospects: Person[];

  constructor(
    readonly log: Log,
    readonly look: Look,
    /** Epoch milliseconds. */
    readonly now: number,
  ) {
    this.prospects = [...look.people.values()].filter(({ type }) =>
      type === "1"
    );
  }

  get zone(): string {
    return this.log.zone;
  }

  get rules() {
    return this.look.rules;
  }

  /** Whether it is an earlier day's. */
  get isPast(): boolean {
    return this.look !== this.log.looks.at(-1);
  }

  /** Opportunities that stand so. */
  deals(...standings: string[]): Deal[] {
    return [...this.look.deals.values()].filter((deal) =>
      standings.includes(this.rules.standing(deal))
    );
  }

  people(...standings: string[]): Person[] {
    return this.prospects.filter((person) =>
      standings.includes(this.rules.standing(person))
    );
  }

  get qualified(): Person[] {
    return this.prospects.filter((person) => this.rules.isQualified(person));
  }

  createdIn({ from, to }: Pick<Span, "from" | "to">): Person[] {
    return this.prospects.filter(({ created }) =>
      created !== null && from <= created && created < to
    );
  }

  /** Opportunities of the hot list: highest weighted IFF first, then by id; those without one last. */
  get hot(): Deal[] {
    return [...this.look.deals.values()].filter((deal) =>
      this.rules.isHot(deal)
    )
      .sort((one, other) => {
        const [a, b] = [one, other].map((deal) =>
          this.rules.weighted(deal) ?? -Infinity
        ) as [number, number];
        return a === b ? compareText(one.id, other.id) : b - a;
      });
  }

  /** Open activities later than now, soonest first. */
  get coming(): Activity[] {
    return [...this.look.activities.values()]
      .filter(({ at, status }) => at > this.now && isOpen(status))
      .sort((one, other) => one.at - other.at || compareText(one.id, other.id));
  }

  /** Of notes one version is kept: those that were known by then, as they are now. */
  get notes(): Note[] {
    const now = this.log.looks.at(-1)!.known;
    return [...now.values()].filter(({ id }) => this.look.known.has(id));
  }

  /** The states of each day that there are figures of, oldest first. */
  get days(): State[] {
    return this.log.days(this.look).reverse()
      .map((look) => new State(this.log, look, look.at));
  }

  /** The state of the last look before a day; null where there is none. */
  before({ firstDay }: Pick<Period, "firstDay">): State | null {
    const look = this.log.days(this.look).find(({ day }) => day < firstDay);
    return look ? new State(this.log, look, look.at) : null;
  }

  /** New leads by week, oldest first. */
  weeks(count: number): { monday: string; count: number }[] {
    const current = mondayOf(dayOf(this.now, this.zone));
    return Array.from({ length: count }, (_, at) => {
      const monday = plusDays(current, 7 * (at + 1 - count));
      const end = startOf(plusDays(monday, 7), this.zone);
      const span = {
        from: startOf(monday, this.zone),
        to: Math.min(end, this.now + 1),
      };
      return { monday, count: this.createdIn(span).length };
    });
  }

  /** Some people by source, most first, then by name. */
  bySource(people: readonly Person[]): [source: string, people: Person[]][] {
    return [...Map.groupBy(people, ({ source }) => source ?? NOT_RECORDED)]
      .sort(([a, one], [b, other]) =>
        other.length - one.length || compareText(a, b)
      );
  }
}

export function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Sum of the sizes that there are. */
export function valueOf(deals: readonly Deal[]): number {
  return deals.reduce((sum, { cents }) => sum + (cents ?? 0), 0);
}
