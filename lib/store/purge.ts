import {
  type Clock,
  ConflictError,
  isoNow,
  NotFoundError,
} from "../domain/mod.ts";
import { type AuditActor, type AuditEntry, auditRow } from "./_audit_row.ts";
import { Budget, type Change } from "./_batch.ts";
import type { Commit, KvPort } from "./_kv.ts";
import { kvOf, listsOf, type Store } from "./_store.ts";
import { auditEntries } from "./audit_log.ts";
import { type Key, keys, prefixes, tenantKeys } from "./keys.ts";
import type { Link } from "./links.ts";
import type { Membership } from "./roles.ts";
import type { Tenant, TenantStatus } from "./tenant.ts";

/** What a purge removed; kept in the audit log as `tenant.purged`. */
export interface PurgeCertificate {
  tenantId: string;
  slug: string;
  name: string;
  /** The database that it was removed from. */
  storeId: string;
  /** Both ISO 8601 UTC. Whatever was backed up before `finishedAt` may still hold the tenant. */
  startedAt: string;
  finishedAt: string;
  /** Rows removed, by the first part of their keys below the tenant, or the list that they stood in. */
  rows: Record<string, number>;
  /** All of `rows`. */
  total: number;
}

export interface PurgeOptions {
  clock: Clock;
  /** Who asked for it, for the audit log; an operator unless told. */
  actor?: AuditActor;
  requestId?: string | null;
  /** Called after every atomic operation. */
  onProgress?: (progress: { rows: number }) => void;
}

/** `["t", id, "purge"]`: what has been done; its rows went in the operation that counts them. */
interface PurgeMarker {
  slug: string;
  name: string;
  startedAt: string;
  rows: Record<string, number>;
}

const OPERATOR: AuditActor = { kind: "operator", id: null, name: null };
const PURGED: TenantStatus = "purged";
/** Rows read at a time: some hold as much as a value can. */
const PAGE = 100;
/** How often a step begins again because others changed the tenant meanwhile. */
const TRIES = 5;
const COUNT = "rows.";

/**
 * Removes a tenant: its keys, everything under its prefix, its members' roles, invitations into it, its API tokens,
 * and at the end its name. What stays is the word `purged` and the certificate in the audit log.
 *
 * The status changes first, so that a sync under way writes nothing more, nobody can open the tenant, and nobody can
 * be given a role in it. Cut off and run again it goes on and ends the same, with the same counts; run again after its
 * end it answers the same certificate.
 *
 * @throws {NotFoundError} when there is no such tenant and never was one that was purged.
 * @throws {ConflictError} when another purge of the tenant is under way.
 * @throws {TransientError} when the database does not answer.
 */
export async function purgeTenant(
  store: Store,
  tenantId: string,
  options: PurgeOptions,
): Promise<PurgeCertificate> {
  const port = kvOf(store);
  const begun = await begin(port, tenantId, options.clock);
  if (!begun) {
    const done = await findPurge(store, tenantId);
    if (done) return done;
    throw new NotFoundError(
      `Cannot purge tenant '${tenantId}': there is none`,
    );
  }
  const purge = new Purge(store, port, tenantId, begun, options);
  await purge.rows();
  return await purge.finish();
}

/** The certificate of a purge that is over, by the tenant's id or the slug that it had; the newest of several. */
export async function findPurge(
  store: Store,
  slugOrId: string,
): Promise<PurgeCertificate | null> {
  const query = { limit: 1, action: "tenant.purged" };
  for await (const entry of auditEntries(store, query)) {
    const { tenantId, detail } = entry;
    if (tenantId === slugOrId || detail.slug === slugOrId) {
      return certificateOf(entry);
    }
  }
  return null;
}

/** A marker under the version that it was read or written with. */
interface Begun {
  marker: PurgeMarker;
  versionstamp: string;
}

/** Puts the marker, or finds the one that stands; null where there is no tenant. */
async function begin(
  port: KvPort,
  id: string,
  clock: Clock,
): Promise<Begun | null> {
  const k = tenantKeys(id);
  const names = [k.purge(), keys.tenant(id), k.state()];
  for (let tries = 0; tries < TRIES; tries++) {
    const entries = await port.getMany<unknown>(names);
    const [standing, row] = entries;
    if (standing?.versionstamp) {
      const marker = standing.value as PurgeMarker;
      return { marker, versionstamp: standing.versionstamp };
    }
    if (!row?.value) return null;
    const tenant = row.value as Tenant;
    const { slug, name } = tenant;
    const startedAt = isoNow(clock);
    const marker: PurgeMarker = { slug, name, startedAt, rows: {} };
    const outcome = await port.commit({
      checks: entries.map(({ key, versionstamp }) => ({ key, versionstamp })),
      sets: [
        { key: k.purge(), value: marker },
        { key: k.state(), value: PURGED },
        { key: keys.tenant(id), value: withoutKeys(tenant) },
      ],
      deletes: [keys.syncDue(id)],
    });
    if (outcome.ok) return { marker, versionstamp: outcome.versionstamp };
  }
  throw new ConflictError(
    `Cannot purge tenant '${id}': others change it all the time; try again`,
  );
}

function withoutKeys(tenant: Tenant): Tenant {
  return {
    ...tenant,
    clienttetherWebKey: null,
    webKeyLast4: null,
    clienttetherAccessToken: null,
  };
}

/** One purge, whose marker stands. Every commit checks the marker and moves it on. */
class Purge {
  #marker: PurgeMarker;
  #versionstamp: string;
  #batch: Change = { sets: [], deletes: [] };
  #counted: Record<string, number>;
  #budget = new Budget();

  constructor(
    private readonly store: Store,
    private readonly port: KvPort,
    private readonly tenantId: string,
    { marker, versionstamp }: Begun,
    private readonly options: PurgeOptions,
  ) {
    this.#marker = marker;
    this.#versionstamp = versionstamp;
    this.#counted = { ...marker.rows };
  }

  /** Removes every row but those that say what is going on. */
  async rows(): Promise<void> {
    const { port, tenantId } = this;
    const k = tenantKeys(tenantId);
    const stays = [k.state(), k.purge()].map((key) => String(key[2]));
    const own = port.list({ prefix: k.all() }, { pageSize: PAGE });
    for await (const { key } of own) {
      const kind = String(key[2]);
      if (!stays.includes(kind)) await this.#remove(kind, [key]);
    }
    const members = port.list<Membership>({
      prefix: prefixes.membershipsByTenant(tenantId),
    });
    for await (const { key, value: { userId } } of members) {
      const both = [key, keys.membership(userId, tenantId)];
      await this.#remove("memberships", both);
    }
    const tokens = port.list({ prefix: prefixes.apiTokensByTenant(tenantId) });
    for await (const { key } of tokens) {
      const both = [key, keys.apiToken(String(key.at(-1)))];
      await this.#remove("api_tokens", both);
    }
    const links = port.list<Link>({ prefix: prefixes.links() });
    for await (const { key, value: link } of links) {
      const leadsHere = link.purpose === "invite" && link.scope === tenantId;
      if (leadsHere) await this.#remove("links", [key]);
    }
    await this.#flush();
  }

  /** `deletes` go together and count as one row. */
  async #remove(kind: string, deletes: Key[]): Promise<void> {
    const change: Change = { sets: [], deletes };
    if (!this.#budget.take(change)) {
      await this.#flush();
      this.#budget.take(change);
    }
    this.#batch.deletes.push(...deletes);
    this.#counted[kind] = (this.#counted[kind] ?? 0) + 1;
  }

  async #flush(): Promise<void> {
    const { deletes } = this.#batch;
    if (deletes.length === 0) return;
    const marker = { ...this.#marker, rows: { ...this.#counted } };
    const key = tenantKeys(this.tenantId).purge();
    const outcome = await this.port.commit({
      checks: [{ key, versionstamp: this.#versionstamp }],
      sets: [{ key, value: marker }],
      deletes,
    });
    if (!outcome.ok) throw this.#anotherRuns();
    this.#marker = marker;
    this.#versionstamp = outcome.versionstamp;
    this.#batch = { sets: [], deletes: [] };
    this.#budget = new Budget();
    this.options.onProgress?.({ rows: sum(marker.rows) });
  }

  /** The tenant's name and slug and the marker go, and the certificate comes, in one atomic operation. */
  async finish(): Promise<PurgeCertificate> {
    const { port, tenantId, options } = this;
    const entry = auditRow({
      actor: options.actor ?? OPERATOR,
      action: "tenant.purged",
      tenantId,
      target: tenantId,
      requestId: options.requestId ?? null,
      detail: {
        slug: this.#marker.slug,
        name: this.#marker.name,
        storeId: this.store.id,
        startedAt: this.#marker.startedAt,
        ...Object.fromEntries(
          Object.entries(this.#marker.rows).map((
            [kind, count],
          ) => [COUNT + kind, count]),
        ),
      },
    }, options.clock);
    const mark = tenantKeys(tenantId).purge();
    for (let tries = 0; tries < TRIES; tries++) {
      const [standing, tenant] = await port.getMany<unknown>([
        mark,
        keys.tenant(tenantId),
      ]);
      if (standing?.versionstamp !== this.#versionstamp) {
        throw this.#anotherRuns();
      }
      const { ok } = await port.commit({
        checks: [standing, tenant!].map(({ key, versionstamp }) => ({
          key,
          versionstamp,
        })),
        sets: [entry],
        deletes: [
          mark,
          keys.syncDue(tenantId),
          ...this.#directoryKeys(tenant?.value as Tenant | null),
        ],
      });
      if (!ok) continue;
      listsOf(this.store).forget(tenantId);
      return certificateOf(entry.value);
    }
    throw this.#anotherRuns();
  }

  /** A slug may have been changed meanwhile, so it is read from the row. */
  #directoryKeys(tenant: Tenant | null): NonNullable<Commit["deletes"]> {
    return tenant
      ? [keys.tenant(this.tenantId), keys.tenantBySlug(tenant.slug)]
      : [];
  }

  #anotherRuns(): ConflictError {
    return new ConflictError(
      `Cannot purge tenant '${this.#marker.slug}': another purge of it is under way`,
    );
  }
}

function certificateOf({ tenantId, at, detail }: AuditEntry): PurgeCertificate {
  const rows: Record<string, number> = {};
  for (const [name, fact] of Object.entries(detail)) {
    if (name.startsWith(COUNT)) rows[name.slice(COUNT.length)] = Number(fact);
  }
  return {
    tenantId: tenantId ?? "",
    slug: String(detail.slug),
    name: String(detail.name),
    storeId: String(detail.storeId),
    startedAt: String(detail.startedAt),
    finishedAt: at,
    rows,
    total: sum(rows),
  };
}

function sum(rows: Record<string, number>): number {
  return Object.values(rows).reduce((total, count) => total + count, 0);
}
