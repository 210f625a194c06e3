import { monotonicFactory } from "ulid";
import {
  type Clock,
  ConflictError,
  DEFAULT_SETTINGS,
  isoNow,
  isValidZone,
  NotFoundError,
  type SyncState,
  UsageError,
} from "../domain/mod.ts";
import { keys, prefixes, tenantKeys } from "./keys.ts";
import { listingKeys, listingsOf } from "./_listings.ts";
import type {
  NewTenant,
  Tenant,
  TenantListing,
  TenantPatch,
  TenantStatus,
} from "./tenant.ts";
import { kvOf, type Store } from "./_store.ts";
import { updateRecord } from "./_update.ts";

/** An id as newId() makes it, or one of a restored or older store. */
const ID = /^[\w-]{1,64}$/;
const SLUG = /^[a-z0-9](?:-?[a-z0-9])*$/;
const MAX_SLUG_LENGTH = 63;
const ACCENT = /^#[0-9a-f]{6}$/i;

const random = new Uint8Array(1024);
let drawn = random.length;

/** From 0 to 1. Drawn in bulk: each request has an id, of sixteen random characters. */
function nextRandom(): number {
  if (drawn === random.length) {
    crypto.getRandomValues(random);
    drawn = 0;
  }
  return random[drawn++]! / 256;
}

/** Keeps ids apart in order that are made in the same millisecond. */
const nextId = monotonicFactory(nextRandom);

/** A new id: 26 characters that sort by the order of their making. */
export function newId(): string {
  return nextId();
}

/** Whether the text could be a tenant's slug at all, so that nothing else is looked up. */
export function isSlug(text: string): boolean {
  return text.length <= MAX_SLUG_LENGTH && SLUG.test(text);
}

/** "Café Olé & Sons" becomes "cafe-ole-sons"; empty when the name has no Latin letter or digit. */
export function slugify(name: string): string {
  return name.normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, "-").slice(0, MAX_SLUG_LENGTH)
    .replace(/^-|-$/g, "");
}

/**
 * Makes a tenant, its slug's index row and its status `active` in one atomic operation.
 *
 * @throws {UsageError} for a blank name, a malformed slug or accent, or an unknown time zone.
 * @throws {ConflictError} when the slug or the id is taken.
 */
export async function createTenant(
  store: Store,
  input: NewTenant,
  clock: Clock,
): Promise<Tenant> {
  const now = isoNow(clock);
  const tenant: Tenant = {
    ...DEFAULT_SETTINGS,
    accent: null,
    clienttetherWebKey: null,
    webKeyLast4: null,
    clienttetherAccessToken: null,
    ...input,
    id: input.id ?? newId(),
    slug: input.slug ?? slugify(input.name),
    name: input.name.trim(),
    createdAt: now,
    updatedAt: now,
  };
  assertValid(tenant);
  const status: TenantStatus = "active";
  const row = keys.tenant(tenant.id);
  const bySlug = keys.tenantBySlug(tenant.slug);
  const state = tenantKeys(tenant.id).state();
  const { ok } = await kvOf(store).commit({
    checks: [row, bySlug, state].map((key) => ({ key, versionstamp: null })),
    sets: [
      { key: row, value: tenant },
      { key: bySlug, value: tenant.id },
      { key: state, value: status },
    ],
  });
  if (!ok) throw slugTaken("create", tenant);
  return tenant;
}

/** @throws {NotFoundError} */
export async function getTenant(store: Store, id: string): Promise<Tenant> {
  const { value } = await kvOf(store).get<Tenant>(keys.tenant(id));
  if (!value) throw unknownTenant(id);
  return value;
}

/** The id of the tenant with this slug, or null. */
export async function getTenantIdBySlug(
  store: Store,
  slug: string,
): Promise<string | null> {
  if (!isSlug(slug)) return null;
  return (await kvOf(store).get<string>(keys.tenantBySlug(slug))).value;
}

/**
 * The tenant with this slug or else this id.
 *
 * @throws {NotFoundError}
 */
export async function findTenant(
  store: Store,
  slugOrId: string,
): Promise<Tenant> {
  const id = await getTenantIdBySlug(store, slugOrId) ?? slugOrId;
  if (!ID.test(id)) throw unknownTenant(slugOrId);
  const { value } = await kvOf(store).get<Tenant>(keys.tenant(id));
  if (!value) throw unknownTenant(slugOrId);
  return value;
}

/** The tenants of these ids in the same order; those that do not exist are left out. */
export async function getTenants(
  store: Store,
  ids: readonly string[],
): Promise<Array<Pick<TenantListing, "tenant" | "status">>> {
  return listingsOf(ids, await kvOf(store).getMany<unknown>(listingKeys(ids)));
}

/** Every tenant, or so many of them, by name; one list and no more, for menus. */
export async function listTenantNames(
  store: Store,
  limit = Infinity,
): Promise<Array<Pick<Tenant, "id" | "slug" | "name">>> {
  const names = [];
  const selector = { prefix: prefixes.tenants() };
  const rows = kvOf(store).list<Tenant>(selector, { limit });
  for await (const { value: { id, slug, name } } of rows) {
    names.push({ id, slug, name });
  }
  return names.sort(byName);
}

/** Every tenant with its status and the time of its last complete sync, by name. */
export async function listTenants(store: Store): Promise<TenantListing[]> {
  const kv = kvOf(store);
  const tenants: Tenant[] = [];
  const rows = kv.list<Tenant>({ prefix: prefixes.tenants() });
  for await (const { value } of rows) tenants.push(value);
  const entries = await kv.getMany<unknown>(
    tenants.flatMap(({ id }) => [
      tenantKeys(id).state(),
      tenantKeys(id).syncState(),
    ]),
  );
  return tenants.map((tenant, at) => {
    const status = entries[2 * at]?.value as TenantStatus | null;
    const sync = entries[2 * at + 1]?.value as SyncState | null;
    return {
      tenant,
      status: status ?? "purged",
      lastSyncAt: sync?.lastSyncAt ?? null,
    };
  }).sort((a, b) => byName(a.tenant, b.tenant));
}

/**
 * Changes a tenant; a new slug moves its index row in the same atomic operation.
 *
 * @throws {NotFoundError} for an unknown id.
 * @throws {UsageError} when the tenant would no longer be valid.
 * @throws {ConflictError} when the slug is taken, or others changed the tenant all the time.
 */
export function updateTenant(
  store: Store,
  id: string,
  patch: TenantPatch,
  clock: Clock,
): Promise<Tenant> {
  const kv = kvOf(store);
  return updateRecord<Tenant>(
    kv,
    keys.tenant(id),
    `tenant '${id}'`,
    async (current) => {
      const value = { ...current, ...patch, id, updatedAt: isoNow(clock) };
      assertValid(value);
      if (value.slug === current.slug) return { value };
      const bySlug = keys.tenantBySlug(value.slug);
      const taken = await kv.get(bySlug);
      if (taken.versionstamp !== null) throw slugTaken("change", value);
      return {
        value,
        checks: [{ key: bySlug, versionstamp: null }],
        sets: [{ key: bySlug, value: id }],
        deletes: [keys.tenantBySlug(current.slug)],
      };
    },
  );
}

/** The status of a tenant; one that never existed counts as purged. */
export async function getTenantStatus(
  store: Store,
  id: string,
): Promise<TenantStatus> {
  const key = tenantKeys(id).state();
  return (await kvOf(store).get<TenantStatus>(key)).value ?? "purged";
}

/**
 * Sets the status; a sync in progress stops at its next commit when the tenant is no longer active.
 *
 * @throws {NotFoundError} for an unknown id.
 * @throws {ConflictError} when it was purged, which has no way back, or others changed it all the time.
 */
export async function setTenantStatus(
  store: Store,
  id: string,
  status: TenantStatus,
): Promise<void> {
  // Rewriting the same status would stop a sync that has done nothing wrong.
  if (await getTenantStatus(store, id) === status) return;
  await updateRecord<TenantStatus>(
    kvOf(store),
    tenantKeys(id).state(),
    `the status of tenant '${id}'`,
    (current) => {
      if (current !== "purged") return { value: status };
      throw new ConflictError(
        `Cannot make tenant '${id}' ${status}: its data was purged`,
      );
    },
  );
}

function assertValid({ id, name, slug, timezone, accent }: Tenant): void {
  const refuse = (why: string) =>
    new UsageError(`Cannot keep tenant '${name}': ${why}`);
  if (!ID.test(id)) throw refuse(`the id '${id}' is not one`);
  if (name === "") throw refuse("its name is blank");
  if (!isSlug(slug)) {
    throw refuse(
      `the slug '${slug}' must be small letters and digits, with single hyphens between them, ${MAX_SLUG_LENGTH} at most`,
    );
  }
  if (!isValidZone(timezone)) {
    throw refuse(
      `'${timezone}' is not a time zone such as 'America/New_York'`,
    );
  }
  if (accent !== null && !ACCENT.test(accent)) {
    throw refuse(`the accent '${accent}' must be a colour such as '#0f6b5c'`);
  }
}

function byName(
  a: Pick<Tenant, "name" | "id">,
  b: Pick<Tenant, "name" | "id">,
): number {
  return a.name.localeCompare(b.name, "en") || (a.id < b.id ? -1 : 1);
}

function slugTaken(verb: string, { name, slug }: Tenant): ConflictError {
  return new ConflictError(
    `Cannot ${verb} tenant '${name}': the slug '${slug}' is taken; choose another`,
  );
}

function unknownTenant(slugOrId: string): NotFoundError {
  return new NotFoundError(
    `Cannot find tenant '${slugOrId}': no tenant has this slug or id`,
  );
}
