import type { Secrets } from "../auth/mod.ts";
import { ConflictError, TerminalError } from "../domain/mod.ts";
import {
  createTenant,
  newId,
  setTenantStatus,
  type Tenant,
  type TenantPatch,
  type TenantStatus,
  updateTenant,
} from "../store/mod.ts";
import { recordAudit } from "./audit.ts";
import { checkConnection, type ConnectionCheck } from "./connection.ts";
import type { SignedInRequest } from "./people.ts";
import {
  KEY_FIELDS,
  readTenantForm,
  type TenantProblems,
  type TenantValues,
  TEXT_SETTINGS,
  type TypedKeys,
} from "./tenant_form.ts";

// What the agency does to a tenant, each change with its entry in the audit log.

/** A tenant as it stands after a form, or what was wrong with the form. */
export type TenantSaved =
  | { tenant: Tenant; problems?: undefined }
  | { problems: TenantProblems };

/** Adds a tenant by the form; its keys are sealed before they are stored. */
export async function addTenant(
  ctx: SignedInRequest,
  form: TenantValues & TypedKeys,
): Promise<TenantSaved> {
  const { store, clock, secrets } = ctx.state.services;
  const { input, problems } = readTenantForm(form);
  if (Object.keys(problems).length > 0) return { problems };
  const id = newId();
  const keys = await sealedKeys(secrets, id, form);
  return await unlessTaken(async () => {
    const tenant = await createTenant(store, { ...input, ...keys, id }, clock);
    await recordAudit(ctx, "tenant.created", {
      tenantId: id,
      target: id,
      detail: { name: tenant.name, slug: tenant.slug },
    });
    await recordKeys(ctx, tenant, keys);
    return tenant;
  });
}

/**
 * Changes a tenant by the form. A key that is left blank stays as it is.
 *
 * @param removeToken Forgets the tenant's own access token, unless another was typed.
 */
export async function changeTenant(
  ctx: SignedInRequest,
  before: Tenant,
  form: TenantValues & TypedKeys,
  removeToken: boolean,
): Promise<TenantSaved> {
  const { store, clock, secrets } = ctx.state.services;
  const { input, problems } = readTenantForm(form);
  if (Object.keys(problems).length > 0) return { problems };
  const keys = {
    ...removeToken ? { clienttetherAccessToken: null } : {},
    ...await sealedKeys(secrets, before.id, form),
  };
  return await unlessTaken(async () => {
    const patch = { ...input, ...keys };
    const tenant = await updateTenant(store, before.id, patch, clock);
    const what = changed(before, tenant);
    if (what.length > 0) {
      await recordAudit(ctx, "tenant.changed", {
        tenantId: tenant.id,
        target: tenant.id,
        detail: { what: what.join(", "), slug: tenant.slug },
      });
    }
    await recordKeys(ctx, tenant, keys);
    return tenant;
  });
}

/** Makes a tenant active, or not: then it is neither synced nor shown to its members. */
export async function changeTenantStatus(
  ctx: SignedInRequest,
  { id }: Tenant,
  from: TenantStatus,
  to: "active" | "inactive",
): Promise<void> {
  if (from === to) return;
  await setTenantStatus(ctx.state.services.store, id, to);
  await recordAudit(ctx, "tenant.status_changed", {
    tenantId: id,
    target: id,
    detail: { from, to },
  });
}

/**
 * Asks ClientTether whether it takes the keys: those just typed, else those of the tenant. None of
 * them is in the answer.
 */
export async function testConnection(
  ctx: SignedInRequest,
  typed: TypedKeys,
  tenant: Tenant | null,
): Promise<ConnectionCheck> {
  const { upstream, clock, secrets } = ctx.state.services;
  const check = await withKeys(
    secrets,
    typed,
    tenant,
    (keys) => checkConnection(upstream, keys, clock),
  );
  await recordAudit(ctx, "tenant.connection_tested", {
    tenantId: tenant?.id ?? null,
    target: tenant?.id ?? null,
    outcome: check.accepted ? "done" : "failed",
    detail: { says: check.says },
  });
  return check;
}

async function withKeys(
  secrets: Secrets,
  typed: TypedKeys,
  tenant: Tenant | null,
  check: (
    keys: { webKey: string; accessToken: string | null },
  ) => Promise<ConnectionCheck>,
): Promise<ConnectionCheck> {
  const open = async (field: SealedField, given: string) => {
    const sealed = tenant?.[field];
    if (given.trim() !== "" || !tenant || !sealed) return given.trim();
    return await secrets.open(tenant.id, field, sealed);
  };
  try {
    const webKey = await open("clienttetherWebKey", typed.webKey);
    if (webKey === "") {
      return { accepted: false, says: "There is no web key to test with" };
    }
    const token = await open("clienttetherAccessToken", typed.accessToken);
    return await check({ webKey, accessToken: token || null });
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error;
    return {
      accepted: false,
      says: "The saved key cannot be opened any more: type it anew and save it",
    };
  }
}

type SealedField = "clienttetherWebKey" | "clienttetherAccessToken";
const SEALED = {
  webKey: "clienttetherWebKey",
  accessToken: "clienttetherAccessToken",
} as const satisfies Record<keyof TypedKeys, SealedField>;

/** The keys that were typed, as they are stored. */
async function sealedKeys(
  secrets: Secrets,
  tenantId: string,
  typed: TypedKeys,
): Promise<TenantPatch> {
  const patch: TenantPatch = {};
  for (const field of KEY_FIELDS) {
    const key = typed[field].trim();
    if (key === "") continue;
    const sealed = await secrets.seal(tenantId, SEALED[field], key);
    patch[SEALED[field]] = sealed;
    if (field === "webKey") patch.webKeyLast4 = lastFour(key);
  }
  return patch;
}

/** What may be shown of a key. Of a short one nothing: it would be most of it. */
function lastFour(key: string): string {
  return key.length >= 8 ? key.slice(-4) : "****";
}

async function recordKeys(
  ctx: SignedInRequest,
  { id, slug }: Tenant,
  keys: TenantPatch,
): Promise<void> {
  for (const field of KEY_FIELDS) {
    const value = keys[SEALED[field]];
    if (value === undefined) continue;
    await recordAudit(ctx, "tenant.key_changed", {
      tenantId: id,
      target: id,
      detail: {
        key: NAMES[field],
        ...value === null ? { removed: true } : {},
        slug,
      },
    });
  }
}

const NAMES: Record<keyof TypedKeys, string> = {
  webKey: "web key",
  accessToken: "access token",
};

/** The names of the settings that differ. */
function changed(before: Tenant, after: Tenant): string[] {
  const names = [...TEXT_SETTINGS, "fieldAliases"] as const;
  return names.filter((name) =>
    JSON.stringify(before[name]) !== JSON.stringify(after[name])
  );
}

async function unlessTaken(save: () => Promise<Tenant>): Promise<TenantSaved> {
  try {
    return { tenant: await save() };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return {
      problems: {
        slug:
          "This slug is taken, or the brand is being changed by somebody else",
      },
    };
  }
}
