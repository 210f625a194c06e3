import type { Command } from "commander";
import { freshness } from "../lib/domain/mod.ts";
import { listTenants, listUsers } from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { print, printJson } from "./_io.ts";
import { FailedError, messageOf, withPortal } from "./_run.ts";

/** One thing that was looked at. */
interface Check {
  name: string;
  ok: boolean;
  /** A sentence for people; never a key. */
  detail: string;
}

export function doctorCommand(program: Command): void {
  program.command("doctor")
    .description("look whether settings, database and brands are in order")
    .option("--json", "print the checks as JSON")
    .action(({ json }: { json?: boolean }) =>
      withPortal(async (portal) => {
        const checks = await examine(portal);
        if (json) printJson(checks);
        else checks.forEach(printCheck);
        if (checks.some(({ ok }) => !ok)) throw new FailedError();
      })
    );
}

function printCheck({ name, ok, detail }: Check): void {
  print(`${ok ? "ok  " : "FAIL"}  ${name}: ${detail}`);
}

async function examine(portal: Portal): Promise<Check[]> {
  const { store } = portal;
  const healthy = await store.health();
  const checks: Check[] = [{
    name: "database",
    ok: healthy,
    detail: healthy ? `answers, its id is ${store.id}` : "does not answer",
  }];
  const users = await listUsers(store);
  checks.push({
    name: "users",
    ok: users.length > 0,
    detail: users.length > 0
      ? `${users.length}`
      : "none: nobody can sign in. Add one: portal user add",
  });
  const tenants = await listTenants(store);
  if (tenants.length === 0) {
    checks.push({
      name: "tenants",
      ok: false,
      detail: "none. Add one: portal tenant add",
    });
  }
  for (const one of tenants) checks.push(...await examineTenant(portal, one));
  return checks;
}

async function examineTenant(
  { sync, clock }: Portal,
  { tenant, status, lastSyncAt }: Awaited<
    ReturnType<typeof listTenants>
  >[number],
): Promise<Check[]> {
  const named = (what: string) => `${tenant.slug} ${what}`;
  if (status !== "active") {
    return [{
      name: named("status"),
      ok: true,
      detail: `${status}, not synced`,
    }];
  }
  if (!tenant.clienttetherWebKey) {
    return [{
      name: named("key"),
      ok: false,
      detail:
        `none, so it is not synced. Give it one: portal tenant set ${tenant.slug} --web-key`,
    }];
  }
  const key = await sync.openKeys(tenant).then(
    ({ accessToken }) => ({
      ok: accessToken !== null,
      detail: accessToken === null
        ? "there is no access token: set CLIENTTETHER_ACCESS_TOKEN"
        : `ends with ${tenant.webKeyLast4}, can be read`,
    }),
    (error) => ({ ok: false, detail: messageOf(error) }),
  );
  const age = freshness(lastSyncAt, clock.now());
  return [
    { name: named("key"), ...key },
    { name: named("data"), ok: !age.isStale, detail: age.message },
  ];
}
