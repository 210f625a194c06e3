import type { Command } from "commander";
import { UsageError } from "../lib/domain/mod.ts";
import {
  createTenant,
  findTenant,
  listTenants,
  newId,
  setTenantStatus,
  type Tenant,
  type TenantPatch,
  type TenantStatus,
  updateTenant,
} from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { type Cli, printJson } from "./_cli.ts";
import { tableLines } from "./_io.ts";
import { withPortal } from "./_run.ts";
import {
  type KeyField,
  KEYS,
  patchOf,
  sealedKey,
  type Settings,
  settingsOptions,
} from "./_tenant_settings.ts";
import { keyHint, toListed } from "./_tenants.ts";
import { purgeCommand } from "./purge.ts";

interface AddOptions extends Settings {
  name: string;
  timezone: string;
  json?: boolean;
}

interface SetOptions extends Settings {
  tenant?: string;
  status?: string;
  webKey?: boolean;
  accessToken?: boolean;
}

/** A purge is not an operator's setting. */
const settable: TenantStatus[] = ["active", "inactive", "suspended"];

export function tenantCommands(program: Command, cli: Cli): void {
  const tenant = program.command("tenant").description("brands of the agency");

  settingsOptions(tenant.command("add"))
    .description(
      "add a brand; its keys come from PORTAL_WEB_KEY and PORTAL_ACCESS_TOKEN, a prompt or standard input",
    )
    .requiredOption("--name <name>", "name of the brand")
    .requiredOption("--timezone <zone>", "IANA zone, such as America/New_York")
    .option("--json", "print the tenant as JSON")
    .action((options: AddOptions) =>
      withPortal(cli, (portal) => addTenant(cli, portal, options))
    );

  tenant.command("list")
    .description("list the brands")
    .option("--json", "print JSON")
    .action(({ json }: { json?: boolean }) =>
      withPortal(cli, (portal) => printTenants(cli, portal, json ?? false))
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
      "ask for a new access token (PORTAL_ACCESS_TOKEN); empty: the agency's own",
    )
    .action((named: string | undefined, options: SetOptions) =>
      withPortal(cli, (portal) => setTenant(cli, portal, named, options))
    );

  purgeCommand(tenant, cli);
}

async function addTenant(
  cli: Cli,
  portal: Portal,
  { json, ...options }: AddOptions,
): Promise<void> {
  const { store, clock } = portal;
  const id = newId();
  const { name, timezone } = options;
  const tenant = await createTenant(store, {
    id,
    name,
    timezone,
    ...patchOf(options),
    ...await sealedKey(cli, portal, id, "clienttetherWebKey"),
    ...await sealedKey(cli, portal, id, "clienttetherAccessToken"),
  }, clock);
  if (json) return printJson(cli, toListed(tenant, "active", null));
  cli.print(`Added '${tenant.slug}' (${tenant.id}).`);
  if (!tenant.clienttetherWebKey) {
    cli.print(
      `It has no web key yet and will not be synced. ${keyHint(tenant.slug)}`,
    );
  }
}

async function printTenants(
  cli: Cli,
  { store }: Portal,
  json: boolean,
): Promise<void> {
  const tenants = (await listTenants(store)).map((one) =>
    toListed(one.tenant, one.status, one.lastSyncAt)
  );
  if (json) return printJson(cli, tenants);
  tableLines(
    ["SLUG", "NAME", "ZONE", "STATUS", "KEY", "LAST SYNC"],
    tenants.map((one) => [
      one.slug,
      one.name,
      one.timezone,
      one.status,
      one.webKey ? `…${one.webKey}` : "none",
      one.lastSyncAt ?? "never",
    ]),
  ).forEach((line) => cli.print(line));
}

async function setTenant(
  cli: Cli,
  portal: Portal,
  named: string | undefined,
  options: SetOptions,
): Promise<void> {
  const { store, clock } = portal;
  const tenant = await findTenant(store, theOneNamed(named, options.tenant));
  const status = statusOf(options.status);
  const patch = {
    ...patchOf(options),
    ...await keyPatch(cli, portal, tenant, options),
  };
  if (patch.fieldAliases) {
    patch.fieldAliases = { ...tenant.fieldAliases, ...patch.fieldAliases };
  }
  if (Object.keys(patch).length === 0 && !status) {
    throw new UsageError("Nothing to change: see portal tenant set --help");
  }
  const { slug } = await updateTenant(store, tenant.id, patch, clock);
  if (status) await setTenantStatus(store, tenant.id, status);
  const changed = [...Object.keys(patch), ...(status ? ["status"] : [])];
  cli.print(`Changed '${slug}': ${namesOf(changed).join(", ")}.`);
}

/** Not repeated in the message: what stands there may be a key that was typed after `--web-key`. */
function theOneNamed(first?: string, second?: string): string {
  if (first !== undefined && second !== undefined && first !== second) {
    throw new UsageError(
      "Name one tenant, and no key: keys come from PORTAL_WEB_KEY and PORTAL_ACCESS_TOKEN, a prompt or standard input",
    );
  }
  const who = first ?? second;
  if (!who) throw new UsageError("Which tenant? Name it: --tenant SLUG");
  return who;
}

function statusOf(text: string | undefined): TenantStatus | undefined {
  const status = settable.find((known) => known === text);
  if (text !== undefined && !status) {
    throw new UsageError(`--status must be ${settable.join(", ")}`);
  }
  return status;
}

/** The keys that were asked for by an option, or that the environment holds. */
async function keyPatch(
  cli: Cli,
  portal: Portal,
  tenant: Tenant,
  { webKey, accessToken }: SetOptions,
): Promise<TenantPatch> {
  const asked: Record<KeyField, boolean> = {
    clienttetherWebKey: webKey ?? false,
    clienttetherAccessToken: accessToken ?? false,
  };
  const patch: TenantPatch = {};
  for (const field of Object.keys(asked) as KeyField[]) {
    const { variable, name } = KEYS[field];
    if (!asked[field] && !cli.env(variable)?.trim()) continue;
    const sealed = await sealedKey(cli, portal, tenant.id, field);
    if (Object.keys(sealed).length > 0) Object.assign(patch, sealed);
    else if (field === "clienttetherAccessToken") patch[field] = null;
    else throw new UsageError(`No ${name} was given: set ${variable}`);
  }
  return patch;
}

/** Settings as people call them. */
function namesOf(changed: string[]): string[] {
  const names: Record<string, string> = {
    clienttetherWebKey: KEYS.clienttetherWebKey.name,
    clienttetherAccessToken: KEYS.clienttetherAccessToken.name,
    fieldAliases: "fields of market and units",
  };
  return changed.filter((name) => name !== "webKeyLast4")
    .map((name) => names[name] ?? name);
}
