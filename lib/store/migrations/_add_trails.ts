import {
  enteredAt,
  type Kpis,
  PROSPECT,
  type StageChange,
  type StageStart,
  type StandingChange,
  type SyncState,
  type Trail,
} from "../../domain/mod.ts";
import { Budget, type Change } from "../_batch.ts";
import type { KvPort } from "../_kv.ts";
import {
  rowsOf,
  type StoredLead,
  type StoredOf,
  type StoredOpportunity,
} from "../_records.ts";
import { prefixes, type TenantKeys, tenantKeys } from "../keys.ts";

/**
 * Schema version 5: leads and opportunities get their history. Of an opportunity it begins with the moves that were
 * kept so far; one that never moved is in its stage at least since the first figures or since it was created, a lead,
 * of whose moves nothing was kept, at least since the latest complete sync. Records that have a history are left
 * alone, so that this may be killed anywhere and run again. No sync may be under way.
 */
export async function addTrails(port: KvPort): Promise<void> {
  const tenants = port.list({ prefix: prefixes.tenants() });
  for await (const { key } of tenants) {
    const k = tenantKeys(String(key.at(-1)));
    const state = (await port.get<SyncState>(k.syncState())).value;
    const known = state?.lastSyncAt ?? state?.startedAt;
    if (!known) continue;
    await addToOpportunities(port, k, known);
    await addToLeads(port, k, known);
  }
}

async function addToOpportunities(
  port: KvPort,
  k: TenantKeys,
  known: string,
): Promise<void> {
  const trails = await movesSoFar(port, k);
  const first = await firstFigures(port, k) ?? known;
  const pending = new Pending(port);
  const list = port.list<StoredOpportunity>({ prefix: k.opportunities() });
  for await (const { key, value } of list) {
    if (value.trail) continue;
    const { createdAt, hot } = value;
    // In the future lies a date that is wrong.
    const created = createdAt !== null && createdAt < known ? createdAt : known;
    const at = created > first ? created : first;
    const moved = trails.get(String(key.at(-1)));
    const trail = moved
      ? endingIn(value, moved)
      : beginning(value, { at, atLeast: true });
    const item = hot && { ...hot.item, ...enteredAt(trail) };
    await pending.add("opportunities", k, {
      ...value,
      hot: hot && item && { ...hot, item },
      trail,
    });
  }
  await pending.commit();
}

async function addToLeads(
  port: KvPort,
  k: TenantKeys,
  known: string,
): Promise<void> {
  const pending = new Pending(port);
  for await (const { value } of port.list<StoredLead>({ prefix: k.leads() })) {
    if (value.trail) continue;
    const trail = beginning(value, { at: known, atLeast: true });
    await pending.add("leads", k, { ...value, trail });
  }
  await pending.commit();
}

/** By encoded id, the history of the opportunities that moved. */
async function movesSoFar(
  port: KvPort,
  k: TenantKeys,
): Promise<Map<string, Trail>> {
  const trails = new Map<string, Trail>();
  const list = port.list<StageChange | StandingChange>({
    prefix: k.standingChanges("opportunities"),
  });
  for await (const { key, value } of list) {
    if (!("opportunityId" in value)) continue;
    const part = String(key.at(-1));
    const stay = { stage: value.to, contactType: PROSPECT, at: value.at };
    const { stays = [] } = trails.get(part) ?? {};
    trails.set(part, {
      stays: [...stays, { ...stay, atLeast: false }].slice(-30),
      at: value.at,
    });
  }
  return trails;
}

/** When the oldest figures were computed. */
async function firstFigures(
  port: KvPort,
  k: TenantKeys,
): Promise<string | null> {
  const list = port.list<Kpis>({ prefix: k.kpiDays() }, { limit: 1 });
  for await (const { value } of list) return value.computedAt;
  return null;
}

function beginning(
  { stage, contactType }: StoredLead | StoredOpportunity,
  { at, atLeast }: StageStart,
): Trail {
  return { stays: [{ stage, contactType, at, atLeast }], at };
}

/** Moves did not name the contact type. */
function endingIn(
  { stage, contactType }: StoredOpportunity,
  { stays, at }: Trail,
): Trail {
  const current = stays.at(-1)!;
  return {
    stays: [...stays.slice(0, -1), { ...current, stage, contactType }],
    at,
  };
}

/** Records that are written together, each with its index rows. */
class Pending {
  #sets: Change["sets"] = [];
  #budget = new Budget();

  constructor(private readonly port: KvPort) {}

  async add<S extends "leads" | "opportunities">(
    stream: S,
    k: TenantKeys,
    stored: StoredOf[S],
  ): Promise<void> {
    const sets = rowsOf(k, stream, stored);
    if (!this.#budget.take({ sets, deletes: [] })) {
      await this.commit();
      this.#budget.take({ sets, deletes: [] });
    }
    this.#sets.push(...sets);
  }

  async commit(): Promise<void> {
    if (this.#sets.length > 0) await this.port.commit({ sets: this.#sets });
    this.#sets = [];
    this.#budget = new Budget();
  }
}
