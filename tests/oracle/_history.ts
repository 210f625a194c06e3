import type { Activity, Deal, Note, Person, Records } from "./_records.ts";
import { type Boundaries, Rules } from "./_rules.ts";
import { DAY_MS, dayOf, plusDays, startOf, wallOf } from "./_zone.ts";

/** What a sync saw, and what by then the portal should know. */
export interface Look extends Records {
  /** When the sync began, epoch milliseconds. */
  at: number;
  /** Its day in the brand's zone. */
  day: string;
  rules: Rules;
  /** Notes by what was asked for until then: those of the last days every hour, all of them once a day. */
  known: Map<string, Note>;
  /** What it found to be new, by kind. */
  news: News;
  stays: { people: Stays; deals: Stays };
  changes: Change[];
}

export interface News {
  leads: Person[];
  moves: Change[];
  notes: Note[];
  planned: Activity[];
  cancelled: Activity[];
}

/** A stay in a stage since the sync that saw it there first; `atLeast` where it may have begun before. */
export interface Stay {
  stage: string;
  type: string;
  at: number;
  atLeast: boolean;
}

type Stays = Map<string, Stay[]>;

/** A deal before and after: null where it was not there. */
export interface Change {
  id: string;
  at: number;
  from: Deal | null;
  to: Deal | null;
  /** It had been there before. */
  returned: boolean;
}

const NOTES_OVERLAP = 2 * DAY_MS;
const RECENT = 30 * DAY_MS;

/** The log that the oracle keeps of the states that it saw. */
export class Log {
  readonly looks: Look[] = [];
  #fullPass = "";

  constructor(readonly zone: string, readonly between: Boundaries) {}

  add(records: Records, at: number): void {
    const before = this.looks.at(-1) ?? null;
    const day = dayOf(at, this.zone);
    const known = this.#notes(records, before, at, day);
    const changes = before ? this.#changes(records, before, at) : [];
    this.looks.push({
      ...records,
      at,
      day,
      rules: new Rules(records.stages, this.between),
      known,
      news: before
        ? this.#news({ ...records, known }, before, changes, at)
        : { leads: [], moves: [], notes: [], planned: [], cancelled: [] },
      stays: {
        people: stays(records.people, before, "people", at),
        deals: stays(records.deals, before, "deals", at),
      },
      changes,
    });
  }

  /** The last look of each day until this one, newest first. */
  days(until: Look): Look[] {
    const last = new Map<string, Look>();
    for (const look of this.looks) {
      if (look.at <= until.at) last.set(look.day, look);
    }
    return [...last.values()].reverse();
  }

  /** Changes that looks saw in [from, to), until this look. */
  changes(from: number, to: number, until: Look): Change[] {
    return this.looks.filter(({ at }) =>
      at <= until.at && from <= at && at < to
    )
      .flatMap(({ changes }) => changes);
  }

  /** clienttether-api.md: the list since the last success less 48 hours; the first run after 03:00 reads it whole. */
  #notes(records: Records, before: Look | null, at: number, day: string) {
    const hour = new Date(wallOf(at, this.zone)).getUTCHours();
    if (!before || (this.#fullPass !== day && hour >= 3)) {
      this.#fullPass = day;
      return records.notes;
    }
    const since = [...records.notes].filter(([, { date }]) =>
      date >= before.at - NOTES_OVERLAP
    );
    return new Map([...before.known, ...since]);
  }

  #changes(records: Records, before: Look, at: number): Change[] {
    const ids = new Set([...before.deals.keys(), ...records.deals.keys()]);
    return [...ids].flatMap((id): Change[] => {
      const [from, to] = [before, records].map(({ deals }) =>
        deals.get(id) ?? null
      ) as [Deal | null, Deal | null];
      const same = from?.stage === to?.stage && from?.type === to?.type &&
        from?.cents === to?.cents;
      const returned = !from && before.stays.deals.has(id);
      return same ? [] : [{ id, at, from, to, returned }];
    });
  }

  #news(
    { people, activities, known }: Pick<
      Look,
      "people" | "activities" | "known"
    >,
    before: Look,
    changes: Change[],
    at: number,
  ): News {
    const today = dayOf(at, this.zone);
    const from = startOf(plusDays(today, -1), this.zone);
    const to = startOf(plusDays(today, 181), this.zone);
    const came = <T>(now: Map<string, T>, then: Map<string, T>) =>
      [...now].flatMap(([id, one]) => then.has(id) ? [] : [one]);
    const isToCome = (activity: Activity) =>
      activity.at > at && activity.at < to;
    const called = [...before.activities.values()].filter((was) => {
      if (!isOpen(was.status)) return false;
      const is = activities.get(was.id);
      if (!is) return was.at > at;
      return is.at >= from && /cancel/i.test(is.status);
    });
    return {
      leads: came(people, before.people)
        .filter(({ id, type }) => type === "1" && !before.stays.people.has(id)),
      moves: changes.filter(isMove),
      notes: came(known, before.known)
        .filter(({ date }) => at - date <= RECENT),
      planned: came(activities, before.activities)
        .filter((one) => isToCome(one) && isOpen(one.status)),
      cancelled: called.map((was) => activities.get(was.id) ?? was),
    };
  }
}

/** product.md: figures are about prospects and their opportunities. */
export function isMove({ from, to }: Change): boolean {
  return from !== null && to !== null && from.stage !== to.stage &&
    (from.type === "1" || to.type === "1");
}

/** Whether an activity is neither cancelled nor completed, however that is spelt. */
export function isOpen(status: string): boolean {
  return !/^(?:cancell?ed|completed?|done)$/i.test(status);
}

function stays(
  records: Map<string, Person | Deal>,
  before: Look | null,
  of: "people" | "deals",
  at: number,
): Stays {
  const known = new Map(before?.stays[of]);
  for (const [id, record] of records) {
    const { stage, type } = record;
    const earlier = known.get(id) ?? [];
    const last = earlier.at(-1);
    const isThere = before?.[of].has(id) ?? false;
    if (isThere && last?.stage === stage && last.type === type) continue;
    // It stood there before the first look, or came from before the last one without having been seen.
    const { created } = record;
    const atLeast = !before ||
      (earlier.length === 0 && created !== null && created < before.at);
    known.set(id, [...earlier, { stage, type, at, atLeast }]);
  }
  return known;
}
