import { Rng } from "./_random.ts";
import { ACTIVITY_TYPES, NOTE_TOPICS } from "./_vocabulary.ts";
import { type Row, SALT, type World } from "./_world.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** The share of leads that get as far as a depth x of the funnel is exp(-FUNNEL * x). */
const FUNNEL = 4.4;
/** A person at this depth or beyond is one whom a deal is opened for. */
export const DEAL_DEPTH = 0.25;
/** More leads than this do not fit the sort keys below. */
const MAX_LEADS = 1_000_000;

/** Fills a new world with what the brand has lived through in the weeks before its start. */
export function populate(world: World): void {
  const { config } = world;
  const count = config.leads;
  if (!Number.isInteger(count) || count < 0 || count > MAX_LEADS) {
    throw new RangeError(
      `Cannot create brand '${config.name}': leads must be a whole number from 0 to ${MAX_LEADS}`,
    );
  }
  if (count === 0) return;
  const rng = new Rng(world.hash(SALT.populate, 0));
  for (const created of arrivals(world, count, rng)) {
    addAgedLead(world, created, rng);
  }
  const deep = deepLeads(world);
  openDeals(world, config.opportunities ?? Math.round(count * 0.3), deep);
  writeNotes(world, config.notes ?? Math.round(count * 1.5), deep, rng);
  planActivities(world, config.activities ?? Math.round(count / 2), deep, rng);
}

/** Instants at which leads came in: more by day than by night, more on weekdays. */
function* arrivals(world: World, count: number, rng: Rng): Generator<number> {
  const hours = (world.config.weeks ?? 26) * 7 * 24;
  const start = world.now - hours * HOUR;
  const cumulative = new Float64Array(hours);
  let total = 0;
  for (let h = 0; h < hours; h++) {
    total += world.calendar.busyness(start + h * HOUR);
    cumulative[h] = total;
  }
  let hour = 0;
  for (let i = 0; i < count; i++) {
    const point = (i + rng.unit()) / count * total;
    while (hour < hours - 1 && (cumulative[hour] ?? total) < point) hour++;
    yield start + hour * HOUR + rng.below(HOUR);
  }
}

/** A lead that has moved through the funnel as far as its age and its luck let it. */
function addAgedLead(world: World, created: number, rng: Rng): void {
  const { steps, parked, lost, customers } = world.stages;
  const row = world.leads.created.length;
  const age = world.now - created;
  const destiny = Math.floor(-Math.log(1 - rng.unit()) / FUNNEL * steps.length);
  const target = Math.min(steps.length - 1, destiny);
  let reached = 0;
  let modified = created;
  while (reached < target) {
    const next = modified + Math.round((0.2 + rng.unit() ** 2 * 12) * DAY);
    if (next >= world.now) break;
    modified = workday(world, next, modified);
    reached++;
  }
  let stage = steps[reached] ?? 0;
  const fate = rng.unit();
  if (world.isCustomer(row)) {
    stage = customers[rng.below(customers.length)] ?? stage;
  } else if (age > 40 * DAY && reached < steps.length - 1 && fate < 0.4) {
    const ends = fate < 0.1 && parked.length > 0 ? parked : lost;
    const end = ends[rng.below(ends.length)];
    if (end !== undefined) {
      stage = end;
      const left = modified + rng.below(world.now - modified);
      modified = workday(world, left, modified);
    }
  }
  world.addLead(created, stage, modified);
}

/** The rows of leads that are far enough for deals, calls and long notes. */
function deepLeads(world: World): Row[] {
  const deep: Row[] = [];
  for (let row = 0; row < world.leads.created.length; row++) {
    if (world.depth(row) >= DEAL_DEPTH) deep.push(row);
  }
  return deep;
}

/** Opens deals: for those who are far first, then for others, then second ones. */
function openDeals(world: World, count: number, deep: Row[]): void {
  const people = world.leads.created.length;
  const held = new Uint8Array(people);
  let open = 0;
  const give = (row: Row) => {
    if (open >= count) return;
    held[row] = (held[row] ?? 0) + 1;
    open++;
  };
  for (const row of deep) {
    give(row);
    if (world.share(SALT.opportunity, row) < 0.06) give(row);
  }
  for (let row = 0; row < people && open < count; row++) {
    if (held[row] === 0) give(row);
  }
  for (let row = 0; open < count; row = (row + 1) % people) give(row);
  for (let row = 0; row < people; row++) {
    for (let k = 0; k < (held[row] ?? 0); k++) openDeal(world, row, k);
  }
}

/** One deal of a person; it stands where the person stands. */
export function openDeal(world: World, lead: Row, nth: number): void {
  const created = world.leads.created.get(lead);
  const modified = world.leads.modified.get(lead);
  const opened = created +
    Math.floor((modified - created) * (nth === 0 ? 0.5 : 0.9));
  world.addOpportunity(lead, opened, world.leads.stage.get(lead), modified);
}

/** Instants and leads in the order of time, so that ids grow with it. */
function* sortedPairs(
  count: number,
  draw: () => [instant: number, lead: Row],
): Generator<[instant: number, lead: Row]> {
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [instant, lead] = draw();
    keys[i] = instant * 2 ** 20 + lead;
  }
  for (const key of keys.sort()) {
    yield [Math.floor(key / 2 ** 20), key % 2 ** 20];
  }
}

/** Anyone half of the time, else someone who is far in the funnel. */
function someone(world: World, deep: Row[], rng: Rng): Row {
  const anyone = rng.below(world.leads.created.length);
  return rng.chance(0.5) ? anyone : deep[rng.below(deep.length)] ?? anyone;
}

function writeNotes(world: World, count: number, deep: Row[], rng: Rng): void {
  const pairs = sortedPairs(count, () => {
    const lead = someone(world, deep, rng);
    const created = world.leads.created.get(lead);
    const date = created + rng.below(world.now - created);
    return [workday(world, date, created), lead];
  });
  for (const [date, lead] of pairs) {
    world.addNote(lead, date, pastTopic(world, lead, date, rng));
  }
}

/** An instant moved into its day's working hours, if it then is after `from` and past. */
function workday(world: World, instant: number, from: number): number {
  const moved = world.calendar.workday(instant);
  return moved >= from && moved < world.now ? moved : instant;
}

/** What a note was about when its person had come only part of the way. */
function pastTopic(world: World, lead: Row, date: number, rng: Rng): number {
  const created = world.leads.created.get(lead);
  const modified = world.leads.modified.get(lead);
  if (date >= modified) return noteTopic(world, lead, rng);
  const way = (date - created) / (modified - created);
  return topicAt(Math.max(0, world.depth(lead)) * way, rng);
}

/** What a note of today about a person is about. */
export function noteTopic(world: World, lead: Row, rng: Rng): number {
  const depth = world.depth(lead);
  if (depth < 0) return NOTE_TOPICS.length - 1;
  return topicAt(depth, rng);
}

/** The topic of a depth in the funnel, now and then the one before. */
function topicAt(depth: number, rng: Rng): number {
  const last = NOTE_TOPICS.length - 2;
  const step = Math.floor(depth * (last + 1)) - (rng.chance(0.3) ? 1 : 0);
  return Math.max(0, Math.min(last, step));
}

function planActivities(
  world: World,
  count: number,
  deep: Row[],
  rng: Rng,
): void {
  const pairs = sortedPairs(count, () => {
    const lead = someone(world, deep, rng);
    // Three in ten are made now: the calendar has a future from the first hour on.
    const recent = deep[rng.below(deep.length)];
    if (rng.chance(0.3) && recent !== undefined) return [world.now, recent];
    const created = world.leads.created.get(lead);
    return [created + rng.below(world.now - created), lead];
  });
  for (const [made, lead] of pairs) planActivity(world, lead, made, rng);
}

/** Puts an activity that suits the person into the calendar, one to five weeks ahead. */
export function planActivity(
  world: World,
  lead: Row,
  made: number,
  rng: Rng,
): void {
  const depth = Math.max(0, world.depth(lead));
  const suitable = ACTIVITY_TYPES.flatMap(([, from], type) =>
    from <= depth ? [type] : []
  );
  const type = suitable[
    Math.max(rng.below(suitable.length), rng.below(suitable.length))
  ] ?? 0;
  const days = 1 + Math.floor(rng.unit() ** 2 * 35);
  world.addActivity(
    lead,
    type,
    world.calendar.workingTime(made, days, rng.below(18)),
  );
}
