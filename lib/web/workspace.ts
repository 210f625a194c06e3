import { isAgencyAdmin, roleIn, type SignedIn } from "../auth/mod.ts";
import { type Clock, NotFoundError, type VisitMark } from "../domain/mod.ts";
import {
  forgetEntrance,
  getTenantIdBySlug,
  getTenants,
  listTenantNames,
  type Membership,
  openTenantBeside,
  rememberEntrance,
  type Role,
  type Store,
  type Tenant,
  type TenantListing,
  type TenantStore,
} from "../store/mod.ts";
import type { Workspace, WorkspaceLink, WorkspaceTenant } from "./state.ts";

/** No workspace has this slug, or none that is this user's: answers do not tell the two apart. */
export class WorkspaceNotFoundError extends NotFoundError {
  override name = "WorkspaceNotFoundError";

  /** @param tenantId The tenant that has the slug: for the audit log, and for nobody else. */
  constructor(readonly slug: string, readonly tenantId: string | null) {
    super(`Cannot open workspace '${slug}' for this user`);
  }
}

/** So many a menu names: each page would have to read and show all of them. */
const MOST_IN_MENU = 30;
/** Milliseconds for which an agency of more brands is not counted again. */
const MANY_FOR = 60_000;

/** What is wanted beside the workspace. */
export interface Wanted {
  /** The clock by which what the user may switch to is told; null where it is not wanted. */
  menu: Clock | null;
}

/** A workspace, with the menu of those that the user may switch to; null where they are more than it holds. */
export interface Entrance {
  workspace: Workspace;
  workspaces: WorkspaceLink[] | null;
}

/**
 * The workspace of a request: the one that the address names in `w`, else the one chosen in the
 * session, else the only one there is; null when the user has to choose first.
 *
 * @param wanted what beside it
 * @throws {NotFoundError} when the address names one that is not there for this user.
 */
export async function resolveWorkspace(
  store: Store,
  signedIn: SignedIn,
  url: URL,
  wanted: Wanted,
): Promise<Entrance | null> {
  const [slug, ...more] = url.searchParams.getAll("w");
  if (more.length > 0) throw new WorkspaceNotFoundError(slug ?? "", null);
  if (slug !== undefined) {
    return await enterBySlug(store, signedIn, slug, wanted);
  }
  const chosen = signedIn.session.tenantId;
  if (chosen !== null) {
    const entrance = await enter(store, signedIn, chosen, wanted);
    if (entrance) return entrance;
  }
  const [only, ...others] = await listWorkspaces(store, signedIn, 2);
  if (!only || others.length > 0) return null;
  // Null where the agency's only tenant is being purged: nobody has asked for it by name.
  const id = await getTenantIdBySlug(store, only.slug);
  return id === null ? null : await enter(store, signedIn, id, wanted);
}

/**
 * Opens the workspace with this slug for the user.
 *
 * @throws {NotFoundError} when there is none, or none for this user: the two look the same.
 */
export async function openWorkspace(
  store: Store,
  signedIn: SignedIn,
  slug: string,
): Promise<Workspace> {
  const wanted = { menu: null };
  return (await enterBySlug(store, signedIn, slug, wanted)).workspace;
}

async function enterBySlug(
  store: Store,
  signedIn: SignedIn,
  slug: string,
  wanted: Wanted,
): Promise<Entrance> {
  const { asked } = signedIn;
  const id = asked?.slug === slug
    ? asked.tenantId
    : await getTenantIdBySlug(store, slug);
  const entrance = id === null
    ? null
    : await enter(store, signedIn, id, wanted);
  const { tokenHash, user } = signedIn;
  if (id === null || !entrance) {
    forgetEntrance(store, tokenHash);
    throw new WorkspaceNotFoundError(slug, id);
  }
  rememberEntrance(store, tokenHash, { userId: user.id, slug, tenantId: id });
  return entrance;
}

/** The workspace of a tenant for whoever has these memberships; null when it is not there for them. */
export async function openForMember(
  store: Store,
  memberships: Membership[],
  tenantId: string,
): Promise<Workspace | null> {
  const wanted = { menu: null };
  const entrance = await enter(store, { memberships }, tenantId, wanted);
  return entrance && entrance.workspace;
}

/**
 * What the user may choose from, by name. Members see active tenants only.
 *
 * @param limit of an agency admin's: so many of them are enough
 */
export async function listWorkspaces(
  store: Store,
  { memberships }: Pick<SignedIn, "memberships">,
  limit?: number,
): Promise<WorkspaceLink[]> {
  if (isAgencyAdmin(memberships)) {
    const tenants = await listTenantNames(store, limit);
    return toLinks(tenants);
  }
  const ids = memberships.map(({ scope }) => scope);
  return toMenu(await getTenants(store, ids));
}

/** When a store was seen to hold more tenants than a menu, epoch milliseconds. */
const many = new WeakMap<Store, number>();

/** Every tenant by name; null where they are more than a menu holds, which is looked at once in a minute. */
async function agencyMenu(
  store: Store,
  clock: Clock,
): Promise<WorkspaceLink[] | null> {
  const now = clock.now();
  const seenAt = many.get(store);
  if (seenAt !== undefined && now - seenAt < MANY_FOR) return null;
  const tenants = await listTenantNames(store, MOST_IN_MENU + 1);
  if (tenants.length <= MOST_IN_MENU) return toLinks(tenants);
  many.set(store, now);
  return null;
}

function toLinks(tenants: readonly WorkspaceLink[]): WorkspaceLink[] {
  return tenants.map(({ slug, name }) => ({ slug, name }));
}

function toMenu(
  listings: ReadonlyArray<Pick<TenantListing, "tenant" | "status">>,
): WorkspaceLink[] {
  return listings
    .filter(({ status }) => status === "active")
    .map(({ tenant: { slug, name } }) => ({ slug, name }))
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/**
 * The one way from a tenant's id to its data; null when it is not there for this user. Nothing of the tenant is looked
 * at before the membership says so: rows that were read ahead, for a session that has been let in before, are closed
 * until then. A member's menu comes by the same read.
 */
async function enter(
  store: Store,
  signedIn:
    & Pick<SignedIn, "memberships">
    & Partial<Pick<SignedIn, "user" | "asked">>,
  tenantId: string,
  { menu }: Wanted,
): Promise<Entrance | null> {
  const { memberships } = signedIn;
  const role = roleIn(tenantId, memberships);
  if (!role) return null;
  const isMember = role !== "agency_admin";
  const beside = menu && isMember && memberships.length <= MOST_IN_MENU
    ? memberships.map(({ scope }) => scope).filter((id) => id !== tenantId)
    : [];
  const [{ data, others, visit }, all] = await Promise.all([
    openTenantBeside(store, tenantId, beside, {
      userId: signedIn.user?.id,
      ahead: signedIn.asked?.ahead,
    }),
    menu && !isMember ? agencyMenu(store, menu) : null,
  ]);
  if (!isOpenTo(role, data)) return null;
  return {
    workspace: workspaceOf(data, role, visit),
    workspaces: !menu
      ? []
      : isMember
      ? memberships.length > MOST_IN_MENU ? null : toMenu([data, ...others])
      : all,
  };
}

/** The workspace of a tenant that has been opened for somebody who may have it. */
export function workspaceOf(
  store: TenantStore,
  role: Role,
  visit: VisitMark | null = null,
): Workspace {
  const { tenant, opened: sync } = store;
  return { tenant: toWorkspaceTenant(tenant), store, sync, role, visit };
}

/** The agency works on tenants that are not active too; nobody on one that was purged. */
function isOpenTo(role: Role, { status }: TenantStore): boolean {
  return status === "active" ||
    (role === "agency_admin" && status !== "purged");
}

function toWorkspaceTenant(tenant: Tenant): WorkspaceTenant {
  const { id, slug, name, timezone, currency, accent, logo = null } = tenant;
  const { qualifiedFrom, qualifiedTo, hotFrom, hotTo } = tenant;
  return {
    id,
    slug,
    name,
    timezone,
    currency,
    accent,
    logo,
    qualifiedFrom,
    qualifiedTo,
    hotFrom,
    hotTo,
  };
}
