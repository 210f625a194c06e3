import {
  type Clock,
  ConflictError,
  isoNow,
  UsageError,
} from "../domain/mod.ts";
import { keys } from "./keys.ts";
import { kvOf, type Store } from "./_store.ts";
import type { User } from "./user.ts";

/** `["settings"]`: what holds for the whole portal. */
export interface Settings {
  /** Whether every admin, of the agency and of a brand, must have a second factor. */
  adminsNeedSecondFactor: boolean;
  /** ISO 8601 UTC; null before anything was set. */
  updatedAt: string | null;
}

/** What holds before anything was set. */
export const DEFAULT_PORTAL_SETTINGS: Settings = {
  adminsNeedSecondFactor: false,
  updatedAt: null,
};

/** What is set, and the defaults of what is not. */
export async function readSettings(store: Store): Promise<Settings> {
  const { value } = await kvOf(store).get<Settings>(keys.settings());
  return value ?? DEFAULT_PORTAL_SETTINGS;
}

/**
 * Demands a second factor of every admin, or does so no more.
 *
 * @param userId Who sets it: must have a second factor in the same moment, or nobody might be left to
 *     take it back.
 * @throws {UsageError} when the user has none.
 * @throws {ConflictError} when something was changed meanwhile.
 */
export async function setAdminsNeedSecondFactor(
  store: Store,
  needed: boolean,
  userId: string,
  clock: Clock,
): Promise<Settings> {
  const kv = kvOf(store);
  const [user, settings] = await kv.getMany<User | Settings>([
    keys.user(userId),
    keys.settings(),
  ]) as [Deno.KvEntryMaybe<User>, Deno.KvEntryMaybe<Settings>];
  if (needed && !user.value?.secondFactorAt) {
    throw new UsageError(
      "Cannot demand a second factor: turn on your own first, or you would lock yourself out",
    );
  }
  const value: Settings = {
    ...settings.value ?? DEFAULT_PORTAL_SETTINGS,
    adminsNeedSecondFactor: needed,
    updatedAt: isoNow(clock),
  };
  const { ok } = await kv.commit({
    checks: [user, settings].map(({ key, versionstamp }) => ({
      key,
      versionstamp,
    })),
    sets: [{ key: keys.settings(), value }],
  });
  if (!ok) {
    throw new ConflictError(
      "Cannot change the settings: somebody else changed them; try again",
    );
  }
  return value;
}
