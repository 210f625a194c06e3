import type { Command } from "commander";
import { NotFoundError, UsageError } from "../lib/domain/mod.ts";
import {
  createTenant,
  findTenant,
  getTenantStatus,
  listTenants,
  newId,
  setTenantStatus,
  type Tenant,
  type TenantPatch,
  type TenantStatus,
  updateTenant,
} from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { print, printJson, printTable, readSecret } from "./_io.ts";
import { withPortal } from "./_run.ts";

/** Options that `tenant add` and `tenant set` share. */
interface Settings {
  name?: string;
  slug?: string;
  timezone?: string;
  currency?: string;
  accent?: string;
  qualifiedFrom?: string;
  qualifiedTo?: string;
  hotFrom?: string;
  hotTo?: string;
  marketField?: string[];
  unitsField?: string[];
}

const settable: TenantStatus[] = ["active", "inactive", "suspended"];

export function tenantCommands(program: Command): void {
  const tenant = program.command("tenant").description("brands of the agency");

  settingsOptions(tenant.command("add"))
    .description(
      "add a brand; its keys come from PORTAL_WEB_KEY and PORTAL_ACCESS_TOKEN, a prompt or standard input",
    )
    .requiredOption("--name <name>", "name of the brand")
    .requiredOption("--timezone <zone>", "IANA zone, such as America/New_York")
    .option("--json", "print the tenant as JSON")
    .action((options: Settings & { json?: boolean }) =>
      withPortal((portal) => addTenant(portal, options))
    );

  tenant.command("list")
    .description("list the brands")
    .option("--json", "print JSON")
    .action(({ json }: { json?: boolean }) =>
      withPortal((portal) => printTenants(portal, json ?? false))
    );

  settingsOptions(tenant.command("set"))
    .description("change a brand")
    .argument("[tenant]", "slug or id")
    .option("--tenant <tenant>", "slug or id")
    .option("--name <name>", "name of the brand")
    .option("--timezone <zone>", "IANA zone, such as America/New_York")
    .option("--status <status>", settable.join(", "))
    .option("--web-key", "ask for a new web key (PORTAL_WEB_KEY)")
    .option(
      "--access-token",
      "ask for a new access token (PORTAL_ACCESS_TOKEN)",
    )
    .action((named: string | undefined, options: SetOptions) =>
      withPortal((portal) => setTenant(portal, named, options))
    );
}

function settingsOptions(command: Command): Command {
  return command
    .option(
      "--slug <slug>",
      "name in addresses; made from the name unless given",
    )
    .option("--currency <code>", "ISO 4217, USD unless given")
    .option("--accent <colour>", "the brand's colour, #rrggbb")
    .option("--qualified-from <stage>", "first stage that is qualified")
    .option("--qualified-to <stage>", "last stage that is qualified")
    .option("--hot-from <stage>", "first stage of the hot list")
    .option("--hot-to <stage>", "last stage of the hot list")
    .option(
      "--market-field <names...>",
      "ClientTether fields that hold the market",
    )
    .option(
      "--units-field <names...>",
      "ClientTether fields that hold the units",
    );
}

async function addTenant(
  portal: Portal,
  options: Settings & { json?: boolean },
): Promise<void> {
  const { store, clock } = portal;
  const { name, timezone } = options as { name: string; timezone: string };
  const id = newId();
  const keys = {
    ...await sealed(portal, id, "clienttetherWebKey"),
    ...await sealed(portal, id, "clienttetherAccessToken"),
  };
  const tenant = await createTenant(store, {
    id,
    name,
    timezone,
    ...patchOf(options),
    ...keys,
  }, clock);
  if (options.json) return printJson(toListed(tenant, "active", null));
  print(`Added '${tenant.slug}' (${tenant.id}).`);
  if (!tenant.webKeyLast4) {
    print(
      `It has no web key yet and will not be synced. Give it one: portal tenant set ${tenant.slug} --web-key`,
    );
  }
}

const SECRETS = {
  clienttetherWebKey: ["PORTAL_WEB_KEY", "ClientTether web key"],
  clienttetherAccessToken: [
    "PORTAL_ACCESS_TOKEN",
    "ClientTether access token (empty: the agency's own)",
  ],
} as const;

/** A key as it is stored, or nothing when none was given. */
async function sealed(
  { secrets }: Portal,
  tenantId: string,
  field: keyof typeof SECRETS,
): Promise<TenantPatch> {
  const [variable, question] = SECRETS[field];
  const text = await readSecret(variable, question);
  if (text === null) return {};
  const value = await secrets.seal(tenantId, field, text);
  return {
    [field]: value,
    ...(field === "clienttetherWebKey" ? { webKeyLast4: text.slice(-4) } : {}),
  };
}

function patchOf(options: Settings): TenantPatch {
  const { marketField, unitsField, ...given } = options;
  const names = [
    "name",
    "slug",
    "timezone",
    "currency",
    "accent",
    "qualifiedFrom",
    "qualifiedTo",
    "hotFrom",
    "hotTo",
  ] as const;
  const patch: TenantPatch = {};
  for (const name of names) {
    if (given[name] !== undefined) patch[name] = given[name];
  }
  if (marketField || unitsField) {
    patch.fieldAliases = {
      ...(marketField ? { market: marketField } : {}),
      ...(unitsField ? { units: unitsField } : {}),
    };
  }
  return patch;
}

interface SetOptions extends Settings {
  tenant?: string;
  status?: string;
  webKey?: boolean;
  accessToken?: boolean;
}

async function setTenant(
  portal: Portal,
  named: string | undefined,
  options: SetOptions,
): Promise<void> {
  const { store, clock } = portal;
  const who = named ?? options.tenant;
  if (!who) throw new UsageError("Which tenant? Name it: --tenant SLUG");
  const tenant = await findTenant(store, who);
  const status = settable.find((known) => known === options.status);
  if (options.status !== undefined && !status) {
    throw new UsageError(`--status must be ${settable.join(", ")}`);
  }
  const patch = patchOf(options);
  if (patch.fieldAliases) {
    patch.fieldAliases = { ...tenant.fieldAliases, ...patch.fieldAliases };
  }
  const wants = (flag: boolean | undefined, variable: string) =>
    flag || Deno.env.has(variable);
  if (wants(options.webKey, "PORTAL_WEB_KEY")) {
    Object.assign(patch, await sealed(portal, tenant.id, "clienttetherWebKey"));
  }
  if (wants(options.accessToken, "PORTAL_ACCESS_TOKEN")) {
    Object.assign(
      patch,
      await sealed(portal, tenant.id, "clienttetherAccessToken"),
    );
  }
  if (Object.keys(patch).length === 0 && !status) {
    throw new UsageError("Nothing to change: see portal tenant set --help");
  }
  const changed = await updateTenant(store, tenant.id, patch, clock);
  if (status) await setTenantStatus(store, tenant.id, status);
  print(
    `Changed '${changed.slug}': ${
      [...Object.keys(patch), ...(status ? ["status"] : [])].join(", ")
    }.`,
  );
}

async function printTenants({ store }: Portal, json: boolean): Promise<void> {
  const tenants = (await listTenants(store)).map((one) =>
    toListed(one.tenant, one.status, one.lastSyncAt)
  );
  if (json) return printJson(tenants);
  printTable(
    ["SLUG", "NAME", "ZONE", "STATUS", "KEY", "LAST SYNC"],
    tenants.map((one) => [
      one.slug,
      one.name,
      one.timezone,
      one.status,
      one.webKey ? `…${one.webKey}` : "none",
      one.lastSyncAt ?? "never",
    ]),
  );
}

/** What `tenant list --json` prints of a tenant. */
function toListed(
  { id, slug, name, timezone, webKeyLast4 }: Tenant,
  status: TenantStatus,
  lastSyncAt: string | null,
) {
  return { id, slug, name, timezone, status, webKey: webKeyLast4, lastSyncAt };
}

/** A tenant by slug or id that can be synced. */
export async function syncableTenant(
  { store }: Portal,
  who: string,
): Promise<Tenant> {
  const tenant = await findTenant(store, who);
  const status = await getTenantStatus(store, tenant.id);
  if (status === "purged") {
    throw new NotFoundError(`Cannot find tenant '${who}'`);
  }
  if (status !== "active") {
    throw new UsageError(
      `Cannot sync tenant '${tenant.slug}': it is ${status}`,
    );
  }
  if (!tenant.clienttetherWebKey) {
    throw new UsageError(
      `Cannot sync tenant '${tenant.slug}': it has no web key. Give it one: portal tenant set ${tenant.slug} --web-key`,
    );
  }
  return tenant;
}
