import type { AlertMessage, Trouble } from "../domain/mod.ts";
import type { FleetRow } from "../store/mod.ts";

/** A tenant of which something is to be told. */
export interface Told {
  row: FleetRow;
  message: AlertMessage;
  /** When the trouble was found, ISO 8601 UTC. */
  since: string;
}

/** What the webhook is sent, as JSON: docs/operations.md describes it. */
export interface AlertBody {
  /** For people, in the form that chat programs show. */
  text: string;
  alerts: {
    event: AlertMessage["event"];
    tenant: string;
    name: string;
    troubles: Trouble[];
    since: string;
    lastSyncAt: string | null;
  }[];
}

const WORDS: Record<Trouble, string> = {
  key_refused: "ClientTether refused its key",
  failing: "its last three syncs failed",
  stale: "it had no complete sync for two hours",
};
/** Tenants that the text names; the others are counted. */
const NAMED = 20;

/** What is told of these tenants, together. */
export function alertBody(
  told: readonly Told[],
  portalUrl: string | null,
): AlertBody {
  const lines = told.slice(0, NAMED).map(lineOf);
  if (told.length > NAMED) {
    lines.push(`... and ${told.length - NAMED} more`);
  }
  if (portalUrl !== null) lines.push(`${portalUrl}/admin/operations`);
  return {
    text: lines.join("\n"),
    alerts: told.map(({ row: { tenant, sync }, message, since }) => ({
      event: message.event,
      tenant: tenant.slug,
      name: tenant.name,
      troubles: message.troubles,
      since,
      lastSyncAt: sync.lastSyncAt,
    })),
  };
}

function lineOf({ row, message, since }: Told): string {
  const name = plain(row.tenant.name);
  const what = message.troubles.map((trouble) => WORDS[trouble]).join("; ");
  return message.event === "trouble"
    ? `${name}: ${what}.`
    : `${name} has recovered. Before, since ${minuteOf(since)}: ${what}.`;
}

/** "2026-03-11 15:00 UTC". */
function minuteOf(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** Chat programs read these three as markup: a name must call nobody. */
function plain(name: string): string {
  return name.replaceAll(/\s+/g, " ").replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
