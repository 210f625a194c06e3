import type { Command } from "commander";
import { isSound, probeEndpoints } from "../lib/clienttether/mod.ts";
import { freshness, UsageError } from "../lib/domain/mod.ts";
import {
  canRead,
  listTenants,
  listUsers,
  servingDeno,
  type Tenant,
  type TenantListing,
  THIS_DENO,
} from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { type Cli, printJson } from "./_cli.ts";
import { type DeepCheck, deepChecks, isWhole } from "./_deep_check.ts";
import { deepLines } from "./_deep_lines.ts";
import { probeLines } from "./_probe_lines.ts";
import { FailedError, messageOf, withPortal } from "./_run.ts";
import { scheduleChecks } from "./_schedule_checks.ts";
import { findConnected, keyHint } from "./_tenants.ts";

/** One thing that was looked at. */
interface Check {
  name: string;
  ok: boolean;
  /** A sentence for people; never a key. */
  detail: string;
}

interface Options {
  deep?: boolean;
  probe?: boolean;
  tenant?: string;
  json?: boolean;
}

export function doctorCommand(program: Command, cli: Cli): void {
  program.command("doctor")
    .description("look whether settings, database and brands are in order")
    .option(
      "--deep",
      "compare everything that is stored: indexes with records, snapshots with chunks, figures with what they are made of",
    )
    .option(
      "--probe",
      "ask each endpoint of ClientTether once and print what its answers look like, without any of their data",
    )
    .option("--tenant <tenant>", "with --deep or --probe: slug or id")
    .option("--json", "print JSON")
    .action((options: Options) => {
      const { deep = false, probe = false, tenant, json = false } = options;
      if (deep && probe) {
        throw new UsageError("Choose one of --deep and --probe");
      }
      if (!deep && probe !== (tenant !== undefined)) {
        throw new UsageError("--probe and --tenant SLUG go together");
      }
      return withPortal(cli, (portal) => {
        if (deep) return checkDeeply(cli, portal, tenant, json);
        return tenant === undefined
          ? examineAll(cli, portal, json)
          : probeTenant(cli, portal, tenant, json);
      });
    });
}

async function probeTenant(
  cli: Cli,
  { store, sync, clock }: Portal,
  who: string,
  json: boolean,
): Promise<void> {
  const { tenant } = await findConnected(store, "probe", who);
  const probes = await probeEndpoints({
    ...await sync.openKeys(tenant),
    fetch: sync.fetch,
    clock,
    timezone: tenant.timezone,
    baseUrl: sync.baseUrl,
    maxRps: sync.maxRps,
    fieldAliases: tenant.fieldAliases,
  });
  if (json) printJson(cli, probes);
  else probes.flatMap(probeLines).forEach((line) => cli.print(line));
  if (!probes.every(isSound)) throw new FailedError();
}

async function checkDeeply(
  cli: Cli,
  portal: Portal,
  who: string | undefined,
  json: boolean,
): Promise<void> {
  const checks: DeepCheck[] = [];
  for await (const check of deepChecks(cli, portal, who)) {
    checks.push(check);
    if (!json) deepLines(check).forEach((line) => cli.print(line));
  }
  if (json) printJson(cli, checks);
  if (!checks.every(isWhole)) throw new FailedError();
}

async function examineAll(
  cli: Cli,
  portal: Portal,
  json: boolean,
): Promise<void> {
  const checks = await examine(portal);
  if (json) printJson(cli, checks);
  else {
    for (const { name, ok, detail } of checks) {
      cli.print(`${ok ? "ok  " : "FAIL"}  ${name}: ${detail}`);
    }
  }
  if (checks.some(({ ok }) => !ok)) throw new FailedError();
}

async function examine(portal: Portal): Promise<Check[]> {
  const { store } = portal;
  const healthy = await store.health();
  const users = await listUsers(store);
  const tenants = await listTenants(store);
  const checks: Check[] = [
    {
      name: "database",
      ok: healthy,
      detail: healthy ? `answers, its id is ${store.id}` : "does not answer",
    },
    {
      name: "users",
      ok: users.length > 0,
      detail: users.length > 0
        ? `${users.length}`
        : "none: nobody can sign in. Add one: portal user add",
    },
  ];
  checks.push(...await denoChecks(portal));
  if (tenants.length === 0) {
    checks.push({
      name: "tenants",
      ok: false,
      detail: "none. Add one: portal tenant add",
    });
  }
  for (const one of tenants) checks.push(...await examineTenant(portal, one));
  checks.push(...await scheduleChecks(portal, tenants));
  return checks;
}

/** Nothing where no portal has been started over the database. */
async function denoChecks({ store }: Portal): Promise<Check[]> {
  const serving = await servingDeno(store);
  if (!serving) return [];
  const ok = canRead(serving, THIS_DENO);
  return [{
    name: "deno",
    ok,
    detail: ok
      ? `the portal runs on ${serving.deno}`
      : `the portal runs on ${serving.deno}, which cannot read what ${THIS_DENO.deno} writes: ` +
        `run commands with npx -y deno@${serving.deno}, or restart the portal with this one`,
  }];
}

async function examineTenant(
  portal: Portal,
  { tenant, status, lastSyncAt }: TenantListing,
): Promise<Check[]> {
  const { slug } = tenant;
  if (status !== "active") {
    return [{
      name: `${slug} status`,
      ok: true,
      detail: `${status}, not synced`,
    }];
  }
  const key = { name: `${slug} key`, ...await examineKey(portal, tenant) };
  if (!tenant.clienttetherWebKey) return [key];
  const { isStale, message } = freshness(lastSyncAt, portal.clock.now());
  return [key, { name: `${slug} data`, ok: !isStale, detail: message }];
}

/** Whether the tenant's keys are there and can be read. */
async function examineKey(
  { sync }: Portal,
  tenant: Tenant,
): Promise<Omit<Check, "name">> {
  if (!tenant.clienttetherWebKey) {
    return {
      ok: false,
      detail: `none, so it is not synced. ${keyHint(tenant.slug)}`,
    };
  }
  try {
    const { accessToken } = await sync.openKeys(tenant);
    return accessToken === null
      ? {
        ok: false,
        detail: "there is no access token: set CLIENTTETHER_ACCESS_TOKEN",
      }
      : { ok: true, detail: `ends with ${tenant.webKeyLast4}, can be read` };
  } catch (error) {
    return { ok: false, detail: messageOf(error) };
  }
}
