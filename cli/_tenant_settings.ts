import type { Command } from "commander";
import { UsageError } from "../lib/domain/mod.ts";
import type { TenantPatch } from "../lib/store/mod.ts";
import { type Portal, TEXT_SETTINGS } from "../lib/web/mod.ts";
import type { Cli } from "./_cli.ts";

/** Options that `tenant add` and `tenant set` share. */
export interface Settings {
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

export function settingsOptions(command: Command): Command {
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

/** What the options change of a tenant. */
export function patchOf(options: Settings): TenantPatch {
  const { marketField, unitsField, ...given } = options;
  const patch: TenantPatch = {};
  for (const name of TEXT_SETTINGS) {
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

/** The two keys of a tenant: where each comes from and what it is called. */
export const KEYS = {
  clienttetherWebKey: {
    variable: "PORTAL_WEB_KEY",
    name: "web key",
    question: "ClientTether web key",
  },
  clienttetherAccessToken: {
    variable: "PORTAL_ACCESS_TOKEN",
    name: "access token",
    question: "ClientTether access token (empty: the agency's own)",
  },
} as const;
export type KeyField = keyof typeof KEYS;

/**
 * A key as it is stored, or nothing when none was given.
 *
 * @throws {UsageError} when it holds what no key has; the message does not repeat it.
 */
export async function sealedKey(
  cli: Cli,
  { secrets }: Portal,
  tenantId: string,
  field: KeyField,
): Promise<TenantPatch> {
  const { variable, question, name } = KEYS[field];
  const key = (await cli.readSecret(variable, question))?.trim();
  if (!key) return {};
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError(
      `Cannot use ${variable}: a ${name} has no spaces and none but ASCII characters`,
    );
  }
  return {
    [field]: await secrets.seal(tenantId, field, key),
    ...(field === "clienttetherWebKey" ? { webKeyLast4: key.slice(-4) } : {}),
  };
}
