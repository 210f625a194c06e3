import { Rng } from "./_random.ts";
import { DEAL_DEPTH, noteTopic, openDeal, planActivity } from "./_populate.ts";
import { type Row, SALT, type World } from "./_world.ts";

const HOUR = 3600;
/** Hours in a week at full weight: 50 + 25 * 0.35 + 45 * 0.05 and the weekend's. */
const BUSY_HOURS = 67;

/** A cycle of so many steps sees PER_WEEK.moves; a shorter one sees fewer. */
const USUAL_STEPS = 17;

/** Things that happen per hundred leads (of the start) in a week. */
const PER_WEEK = {
  moves: 14,
  notes: 12,
  noteEdits: 0.8,
  noteRemovals: 0.2,
  activities: 6,
  cancellations: 0.6,
  reschedulings: 0.4,
  leadEdits: 1.5,
  dealEdits: 0.6,
  removals: 0.4,
} as const;

/**
 * Lives one hour. What happens follows from the seed, the hour's number and the state the
 * hour began in, so that n hours are the same in one call or in n.
 */
export function liveHour(world: World): void {
  const { config } = world;
  const rng = new Rng(world.hash(SALT.hour, world.hours));
  const start = world.now;
  const busy = world.calendar.busyness(start) / BUSY_HOURS;
  const instant = () => start + rng.below(HOUR);
  const times = (perWeek: number, act: () => void) => {
    for (let n = rng.poisson(perWeek * busy); n > 0; n--) act();
  };
  const weekly = (event: keyof typeof PER_WEEK) =>
    PER_WEEK[event] * config.leads / 100;

  times(config.leads / (config.weeks ?? 26), () => arrive(world, instant()));
  const pace = world.stages.steps.length / USUAL_STEPS;
  times(weekly("moves") * pace, () => move(world, instant(), rng));
  times(weekly("notes"), () => writeNote(world, instant(), rng));
  times(weekly("noteEdits"), () => editNote(world, rng));
  times(weekly("noteRemovals"), () => removeNote(world, rng));
  times(weekly("activities"), () => plan(world, instant(), rng));
  times(weekly("cancellations"), () => cancel(world, rng));
  times(weekly("reschedulings"), () => reschedule(world, rng));
  times(weekly("leadEdits"), () => editLead(world, instant(), rng));
  times(weekly("dealEdits"), () => editDeal(world, instant(), rng));
  times(weekly("removals"), () => removePerson(world, rng));
  world.hours++;
  world.now = start + HOUR;
}

function arrive(world: World, at: number): void {
  const row = world.leads.created.length;
  const stages = world.isCustomer(row)
    ? world.stages.customers
    : world.stages.steps;
  world.addLead(at, stages[0] ?? 0);
}

/** A row, newer ones more often; null when it is deleted or there is none. */
function recent(gone: { length: number; get(row: Row): number }, rng: Rng) {
  const age = Math.floor(gone.length * rng.unit() ** 2);
  const row = gone.length - 1 - age;
  return row >= 0 && gone.get(row) === 0 ? row : null;
}

/** A person who has a next step, or null when three tries find none. */
function underway(world: World, rng: Rng): Row | null {
  for (let tries = 0; tries < 3; tries++) {
    const lead = recent(world.leads.gone, rng);
    const depth = lead === null ? -1 : world.depth(lead);
    if (depth >= 0 && depth < 1) return lead;
  }
  return null;
}

/** One step on (mostly), one back, or out of the funnel. The person's deals go along. */
function move(world: World, at: number, rng: Rng): void {
  const { steps, parked, lost } = world.stages;
  const lead = underway(world, rng);
  if (lead === null) return;
  const step = steps.indexOf(world.leads.stage.get(lead));
  const luck = rng.unit();
  const to = luck < 0.78
    ? steps[step + 1]
    : luck < 0.93
    ? lost[rng.below(lost.length)]
    : luck < 0.97
    ? parked[rng.below(parked.length)]
    : steps[step - 1];
  if (to === undefined) return;
  setStage(world, lead, to, at);
  const hasDeal = world.leads.lastOpportunity.get(lead) > 0;
  if (world.depth(lead) >= DEAL_DEPTH && !hasDeal) openDeal(world, lead, 1);
  if (rng.chance(0.4)) world.addNote(lead, at, noteTopic(world, lead, rng));
}

function setStage(world: World, lead: Row, stage: number, at: number): void {
  world.leads.stage.set(lead, stage);
  world.leads.modified.set(lead, at);
  for (const deal of world.opportunitiesOf(lead)) {
    world.opportunities.stage.set(deal, stage);
    world.opportunities.modified.set(deal, at);
  }
}

function writeNote(world: World, at: number, rng: Rng): void {
  const lead = recent(world.leads.gone, rng);
  if (lead !== null) world.addNote(lead, at, noteTopic(world, lead, rng));
}

function editNote(world: World, rng: Rng): void {
  const note = recent(world.notes.gone, rng);
  if (note === null) return;
  world.notes.version.set(note, (world.notes.version.get(note) + 1) % 256);
}

function removeNote(world: World, rng: Rng): void {
  const note = recent(world.notes.gone, rng);
  if (note !== null) world.remove("notes", note);
}

function plan(world: World, at: number, rng: Rng): void {
  const lead = recent(world.leads.gone, rng);
  if (lead !== null) planActivity(world, lead, at, rng);
}

/** A recent activity that is still to come, or null. */
function upcoming(world: World, rng: Rng): Row | null {
  const t = world.activities;
  const row = recent(t.gone, rng);
  if (row === null || t.cancelled.get(row) === 1) return null;
  return t.scheduled.get(row) > world.now + HOUR ? row : null;
}

function cancel(world: World, rng: Rng): void {
  const row = upcoming(world, rng);
  if (row !== null) world.activities.cancelled.set(row, 1);
}

function reschedule(world: World, rng: Rng): void {
  const row = upcoming(world, rng);
  const days = 1 + rng.below(10);
  const slot = rng.below(18);
  if (row === null) return;
  const { scheduled } = world.activities;
  scheduled.set(
    row,
    world.calendar.workingTime(scheduled.get(row), days, slot),
  );
}

/** A phone number or an address is corrected. */
function editLead(world: World, at: number, rng: Rng): void {
  const lead = recent(world.leads.gone, rng);
  if (lead === null) return;
  world.leads.version.set(lead, (world.leads.version.get(lead) + 1) % 256);
  world.leads.modified.set(lead, at);
}

/** A deal gets another size. */
function editDeal(world: World, at: number, rng: Rng): void {
  const t = world.opportunities;
  const deal = recent(t.gone, rng);
  if (deal === null) return;
  t.version.set(deal, (t.version.get(deal) + 1) % 256);
  t.modified.set(deal, at);
}

/** A person is deleted with everything that hangs on it, or a deal alone. */
function removePerson(world: World, rng: Rng): void {
  if (rng.chance(0.4)) {
    const deal = recent(world.opportunities.gone, rng);
    if (deal !== null) world.remove("opportunities", deal);
    return;
  }
  const lead = recent(world.leads.gone, rng);
  if (lead === null) return;
  world.remove("leads", lead);
  for (const row of world.opportunitiesOf(lead)) {
    world.remove("opportunities", row);
  }
  for (const row of world.notesOf(lead)) world.remove("notes", row);
  for (let row = 0; row < world.activities.lead.length; row++) {
    if (world.activities.lead.get(row) === lead) {
      world.remove("activities", row);
    }
  }
}
