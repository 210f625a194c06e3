import { NotFoundError } from "../lib/domain/mod.ts";
import {
  checkDirectory,
  type Findings,
  findTenant,
  getTenantStatus,
  listTenants,
  type Tenant,
} from "../lib/store/mod.ts";
import { verifyTenant } from "../lib/sync/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import type { Cli } from "./_cli.ts";
import { messageOf } from "./_run.ts";
import { whileBusy } from "./_waiting.ts";

/** What `doctor --deep --json` prints of a tenant, or of what belongs to none. */
export interface DeepCheck {
  /** Slug; null: users, memberships, sessions and slugs. */
  tenant: string | null;
  records: number;
  indexRows: number;
  /** How many differences there are in all. */
  found: number;
  /** The first of them, a line each. */
  differences: string[];
  remarks: string[];
  /** Why it could not be checked, or null. */
  error: string | null;
}

/** Whether everything was compared and nothing differs. */
export function isWhole({ found, error }: DeepCheck): boolean {
  return found === 0 && error === null;
}

/**
 * Checks one tenant, or everything: what belongs to no tenant first, then every tenant but the purged ones. What
 * goes wrong with one does not keep the others from being checked.
 *
 * @throws {NotFoundError} for an unknown tenant, or one whose data was purged.
 */
export async function* deepChecks(
  cli: Cli,
  portal: Portal,
  who: string | undefined,
): AsyncGenerator<DeepCheck> {
  const { store } = portal;
  if (who !== undefined) {
    const tenant = await findUnpurged(portal, who);
    yield await deepCheck(tenant.slug, () => verified(cli, portal, tenant));
    return;
  }
  yield await deepCheck(null, () => checkDirectory(store));
  for (const { tenant, status } of await listTenants(store)) {
    if (status === "purged") continue;
    yield await deepCheck(tenant.slug, () => verified(cli, portal, tenant));
  }
}

async function findUnpurged({ store }: Portal, who: string): Promise<Tenant> {
  const tenant = await findTenant(store, who);
  if (await getTenantStatus(store, tenant.id) !== "purged") return tenant;
  throw new NotFoundError(`Cannot find tenant '${who}': its data was purged`);
}

function verified(
  cli: Cli,
  { store, clock }: Portal,
  { id, slug }: Tenant,
): Promise<Findings> {
  return whileBusy(cli, clock, { verb: "check", slug }, async () => {
    const progress = cli.progress();
    try {
      return await verifyTenant({ store, clock }, id, {
        onStep: (what) => progress.step(`${slug}: ${what}`),
      });
    } finally {
      progress.end();
    }
  });
}

async function deepCheck(
  tenant: string | null,
  check: () => Promise<Findings>,
): Promise<DeepCheck> {
  try {
    return { tenant, ...await check(), error: null };
  } catch (error) {
    return {
      tenant,
      records: 0,
      indexRows: 0,
      found: 0,
      differences: [],
      remarks: [],
      error: messageOf(error),
    };
  }
}
