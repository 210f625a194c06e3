import type {
  StageStart,
  StageStay,
  Standing,
  StandingChange,
  Trail,
} from "./history.ts";

/** A long history keeps its newest stays: so many, and so many characters of names beside the current one. */
const MOST_STAYS = 30;
const MOST_CHARS = 800;

/** A record as it was known before. */
export interface Known {
  /** Null: it had left. */
  standing: Standing | null;
  /** Null: it was stored before histories were kept. */
  trail: Trail | null;
}

/** What a sync sees of a record. */
export interface Sighting {
  id: string;
  standing: Standing;
  /** When the record says that it was created, ISO 8601 UTC. */
  createdAt: string | null;
  /** Start of the sync, ISO 8601 UTC. */
  at: string;
  run: string;
  /** When the last complete snapshot before was taken; null: there was none, so that what is new is no arrival. */
  lastSnapshotAt: string | null;
}

/** The trail to keep with a record, and the change to write down; null where there is none. */
export interface Followed {
  trail: Trail;
  change: StandingChange | null;
}

/**
 * Goes on with a record's history. A record that is seen a second time in the same state changes nothing, so that a
 * sync that is killed and run again neither doubles nor moves a change: what it has committed is known by then.
 *
 * @param before null: nothing is known of the record
 */
export function follow(before: Known | null, sighting: Sighting): Followed {
  const { id, standing, at, run } = sighting;
  if (!before) return firstSeen(sighting);
  const { trail } = before;
  const time = trail ? laterThan(trail.at, at) : at;
  if (!before.standing) {
    const stay = stayIn(standing, { at: time, atLeast: false });
    return {
      trail: { stays: capped([...trail?.stays ?? [], stay]), at: time },
      change: {
        ...{ id, from: null, to: standing, returned: true, since: null },
        ...{ at: time, run },
      },
    };
  }
  const stays = trail?.stays ?? [];
  const current = stays.at(-1);
  // The trail says where the record was: what somebody altered in the record alone is put right without a trace.
  const from: Standing = {
    stage: current?.stage ?? before.standing.stage,
    contactType: current?.contactType ?? before.standing.contactType,
    dealSizeCents: before.standing.dealSizeCents ?? null,
  };
  const moved = from.stage !== standing.stage ||
    from.contactType !== standing.contactType;
  const resized = from.dealSizeCents !== (standing.dealSizeCents ?? null);
  if (!moved && !resized) {
    return {
      trail: trail ?? {
        stays: [stayIn(standing, { at, atLeast: true })],
        at,
      },
      change: null,
    };
  }
  const next = moved
    ? capped([...stays, stayIn(standing, { at: time, atLeast: false })])
    : stays.length > 0
    ? stays
    : [stayIn(standing, { at, atLeast: true })];
  const since = current ? { at: current.at, atLeast: current.atLeast } : null;
  return {
    trail: { stays: next, at: time },
    change: { id, from, to: standing, since, at: time, run },
  };
}

function firstSeen(sighting: Sighting): Followed {
  const { id, standing, createdAt, at, run, lastSnapshotAt } = sighting;
  const atLeast = lastSnapshotAt === null ||
    (createdAt !== null && createdAt < lastSnapshotAt);
  return {
    trail: { stays: [stayIn(standing, { at, atLeast })], at },
    change: lastSnapshotAt === null
      ? null
      : { id, from: null, to: standing, since: null, at, run },
  };
}

/** The end of a record's history for now: it left. */
export function followGone(
  before: { id: string; standing: Standing; trail: Trail | null },
  { at, run }: Pick<Sighting, "at" | "run">,
): Followed {
  const { id, standing } = before;
  const trail = before.trail ?? { stays: [], at };
  const time = before.trail ? laterThan(trail.at, at) : at;
  const current = trail.stays.at(-1);
  const from: Standing = {
    stage: current?.stage ?? standing.stage,
    contactType: current?.contactType ?? standing.contactType,
    dealSizeCents: standing.dealSizeCents ?? null,
  };
  const since = current ? { at: current.at, atLeast: current.atLeast } : null;
  return {
    trail: { stays: trail.stays, at: time },
    change: { id, from, to: null, since, at: time, run },
  };
}

/** A record's history as it was known at an instant, ISO 8601 UTC; null where none was kept by then. */
export function trailAt(
  trail: Trail | null | undefined,
  instant: string,
): Trail | null {
  const stays = trail?.stays.filter(({ at }) => at <= instant) ?? [];
  const current = stays.at(-1);
  return current ? { stays, at: current.at } : null;
}

/** When a record entered the stage that it is in; null where no history was kept yet. */
export function stageSince(trail: Trail | null | undefined): StageStart | null {
  const stay = trail?.stays.at(-1);
  return stay ? { at: stay.at, atLeast: stay.atLeast } : null;
}

function stayIn(
  { stage, contactType }: Standing,
  { at, atLeast }: StageStart,
): StageStay {
  return { stage, contactType, at, atLeast };
}

/** `at`, or where a clock was set back the moment after `before`: the changes of a record have an order. */
function laterThan(before: string, at: string): string {
  return at > before ? at : new Date(Date.parse(before) + 1).toISOString();
}

function capped(stays: readonly StageStay[]): StageStay[] {
  let chars = 0;
  let first = stays.length - 1;
  for (; first > 0 && stays.length - first < MOST_STAYS; first--) {
    const { stage, contactType } = stays[first - 1]!;
    chars += stage.length + contactType.length;
    if (chars > MOST_CHARS) break;
  }
  return stays.slice(first);
}
