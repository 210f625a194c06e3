import {
  type Clock,
  ConflictError,
  isoNow,
  NotFoundError,
  UsageError,
} from "../domain/mod.ts";
import type { Commit } from "./_kv.ts";
import { kvOf, type Store } from "./_store.ts";
import { keys, tenantKeys } from "./keys.ts";
import { EVERY_TENANT } from "./roles.ts";
import { newId } from "./tenants.ts";

/** A way to look at a list that somebody has given a name; theirs alone. */
export interface SavedView {
  id: string;
  userId: string;
  /** The list's name in addresses. */
  list: string;
  /** Unique among the user's views of the list, in any case of its letters. */
  name: string;
  /** The part of an address that asks for it, without the workspace. */
  query: string;
  createdAt: string;
  updatedAt: string;
}

export type NewSavedView = Pick<SavedView, "list" | "name" | "query">;

/** Views that one user may have in a tenant. */
export const MAX_SAVED_VIEWS = 50;
export const MAX_VIEW_NAME = 60;
const MAX_QUERY = 4000;

/** The user's views in a tenant, by name. One read. */
export async function listSavedViews(
  store: Store,
  tenantId: string,
  userId: string,
): Promise<SavedView[]> {
  const prefix = tenantKeys(tenantId).savedViews(userId);
  const views: SavedView[] = [];
  for await (const { value } of kvOf(store).list<SavedView>({ prefix })) {
    views.push(value);
  }
  return views.sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/**
 * Keeps a view for a user.
 *
 * @throws {UsageError} when the name is blank or too long, or the view itself is.
 * @throws {ConflictError} when the name is taken, or the user has as many views as one may have.
 * @throws {NotFoundError} when the user has no role in the tenant any more.
 */
export async function createSavedView(
  store: Store,
  tenantId: string,
  userId: string,
  { list, name, query }: NewSavedView,
  clock: Clock,
): Promise<SavedView> {
  if (query.length > MAX_QUERY) {
    throw new UsageError("Cannot save this view: it has too many filters");
  }
  const views = await listSavedViews(store, tenantId, userId);
  if (views.length >= MAX_SAVED_VIEWS) {
    throw new ConflictError(
      `Cannot save this view: you have ${MAX_SAVED_VIEWS} views, which is as many as one can have. Delete one first`,
    );
  }
  const at = isoNow(clock);
  const view: SavedView = {
    id: newId(),
    userId,
    list,
    name: freeName(name, list, views),
    query,
    createdAt: at,
    updatedAt: at,
  };
  await put(store, tenantId, view, null);
  return view;
}

/**
 * Gives a view another name.
 *
 * @throws {UsageError} when the name is blank or too long.
 * @throws {ConflictError} when the name is taken, or the view was changed meanwhile.
 * @throws {NotFoundError} when the user has no such view.
 */
export async function renameSavedView(
  store: Store,
  tenantId: string,
  userId: string,
  { id, name }: Pick<SavedView, "id" | "name">,
  clock: Clock,
): Promise<SavedView> {
  const views = await listSavedViews(store, tenantId, userId);
  const others = views.filter((view) => view.id !== id);
  const key = tenantKeys(tenantId).savedView(userId, id);
  const { value, versionstamp } = await kvOf(store).get<SavedView>(key);
  if (!value) throw noSuchView(id);
  const view: SavedView = {
    ...value,
    name: freeName(name, value.list, others),
    updatedAt: isoNow(clock),
  };
  await put(store, tenantId, view, versionstamp);
  return view;
}

/** @throws {NotFoundError} when the user has no such view. */
export async function deleteSavedView(
  store: Store,
  tenantId: string,
  userId: string,
  id: string,
): Promise<SavedView> {
  const kv = kvOf(store);
  const key = tenantKeys(tenantId).savedView(userId, id);
  const { value } = await kv.get<SavedView>(key);
  if (!value) throw noSuchView(id);
  await kv.commit({ deletes: [key] });
  return value;
}

/** Writes a view where the user still has a role, so that none is left of somebody who has gone. */
async function put(
  store: Store,
  tenantId: string,
  view: SavedView,
  versionstamp: string | null,
): Promise<void> {
  const kv = kvOf(store);
  const k = tenantKeys(tenantId);
  const [state, ...roles] = await kv.getMany<unknown>([
    k.state(),
    keys.membership(view.userId, tenantId),
    keys.membership(view.userId, EVERY_TENANT),
  ]);
  const open = state?.value && state.value !== "purged";
  if (!open || roles.every(({ value }) => value === null)) {
    throw new NotFoundError(
      `Cannot keep a view of tenant '${tenantId}' for user '${view.userId}': there is no role`,
    );
  }
  const key = k.savedView(view.userId, view.id);
  const checks: Commit["checks"] = [state!, ...roles].map((entry) => ({
    key: entry.key,
    versionstamp: entry.versionstamp,
  }));
  const { ok } = await kv.commit({
    checks: [...checks, { key, versionstamp }],
    sets: [{ key, value: view }],
  });
  if (!ok) {
    throw new ConflictError("Cannot save this view: it was changed meanwhile");
  }
}

function freeName(
  text: string,
  list: string,
  others: readonly SavedView[],
): string {
  const name = text.trim().normalize("NFC");
  if (name === "" || !name.isWellFormed() || name.includes("\0")) {
    throw new UsageError("Cannot save this view: give it a name");
  }
  if (name.length > MAX_VIEW_NAME) {
    throw new UsageError(
      `Cannot save this view: its name must have at most ${MAX_VIEW_NAME} characters`,
    );
  }
  const folded = name.toLowerCase();
  const taken = others.some((view) =>
    view.list === list && view.name.toLowerCase() === folded
  );
  if (taken) {
    throw new ConflictError(
      `Cannot save this view: you have one of the name '${name}'`,
    );
  }
  return name;
}

function noSuchView(id: string): NotFoundError {
  return new NotFoundError(`Cannot find view '${id}'`);
}
