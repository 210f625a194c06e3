import { getLogger } from "@logtape/logtape";
import {
  alertFailed,
  type AlertState,
  alertTaken,
  claimAlert,
  type Clock,
  isAlertDue,
  isoNow,
  isWatched,
  judgeAlert,
  troublesOf,
} from "../domain/mod.ts";
import {
  type FleetRow,
  listFleet,
  putAlert,
  type Store,
} from "../store/mod.ts";
import { alertBody, type Told } from "./_alert_text.ts";

const log = getLogger(["tetherboard", "sync"]);

/** What a watch needs from the world around it. */
export interface WatchDeps {
  store: Store;
  clock: Clock;
  fetch: (url: URL, init: RequestInit) => Promise<Response>;
  /** Where alerts go; whoever knows it can write there, so it stands in no message. */
  webhook: string;
  /** The origin under which people reach the portal; null: no link is sent. */
  portalUrl: string | null;
  /** Milliseconds for one request, 10,000 unless told. */
  deadlineMs?: number;
}

const DEADLINE_MS = 10_000;
/** Tenants in one request. */
const TOGETHER = 50;

/** An alert as it should stand, over the row that was read. */
interface Judged {
  row: FleetRow;
  alert: AlertState | null;
}

/**
 * Looks at every tenant and tells the webhook of those that are in trouble or no longer are. Of several processes that
 * look at the same time the one whose commit is first tells. What the webhook does not take is tried by a later look.
 *
 * @throws {TransientError} when the database does not answer; that the webhook does not is no error.
 */
export async function watchFleet(deps: WatchDeps): Promise<void> {
  const { store, clock } = deps;
  const now = clock.now();
  const due: Judged[] = [];
  for (const row of await listFleet(store)) {
    const alert = judged(row, now);
    if (alert !== null && isAlertDue(alert, now)) due.push({ row, alert });
    else if (alert !== row.alert) await putAlert(store, row, alert);
  }
  let isUp = true;
  for (let at = 0; at < due.length; at += TOGETHER) {
    const some = due.slice(at, at + TOGETHER);
    if (isUp) isUp = await tell(deps, some);
    else await note(deps, some);
  }
}

function judged(row: FleetRow, now: number): AlertState | null {
  // Nobody waits for the data of such a tenant.
  if (!isWatched(row)) return null;
  const troubles = troublesOf(row.sync, row.tenant.updatedAt, now);
  return judgeAlert(row.alert, troubles, new Date(now).toISOString());
}

/** What cannot be told now must not be forgotten. */
async function note({ store }: WatchDeps, some: Judged[]): Promise<void> {
  for (const { row, alert } of some) {
    if (alert !== row.alert) await putAlert(store, row, alert);
  }
}

/** Sends one request; answers whether the webhook took it. */
async function tell(deps: WatchDeps, some: Judged[]): Promise<boolean> {
  const { store, clock } = deps;
  const mine: FleetRow[] = [];
  for (const { row, alert } of some) {
    const claim = alert && claimAlert(alert, clock.now());
    const claimed = await putAlert(store, row, claim);
    if (claimed) mine.push(claimed);
  }
  const told = mine.flatMap(toldOf);
  if (told.length === 0) return true;
  const failure = await post(deps, told);
  for (const row of mine) {
    if (!row.alert) continue;
    const after = failure === null
      ? alertTaken(row.alert)
      : alertFailed(row.alert, failure, isoNow(clock));
    await putAlert(store, row, after);
    if (failure !== null && after?.message?.gaveUpAt) {
      log.error(
        "Cannot tell of {tenant}: {failure}. It was tried {tries} times and is given up; see /admin/operations",
        {
          tenant: row.tenant.slug,
          failure,
          tries: after.message.tries,
          event: after.message.event,
          troubles: after.message.troubles,
        },
      );
    }
  }
  if (failure === null) {
    log.info("Told the webhook of {count} tenants", { count: told.length });
  } else {
    log.warn(
      "The webhook of alerts {failure}; {count} tenants are told of later",
      { failure, count: told.length },
    );
  }
  return failure === null;
}

function toldOf(row: FleetRow): Told[] {
  const { alert } = row;
  return alert?.message
    ? [{ row, message: alert.message, since: alert.since }]
    : [];
}

/** Null when the webhook took it, else what it did, in words without its address. */
async function post(
  { fetch, webhook, portalUrl, deadlineMs = DEADLINE_MS }: WatchDeps,
  told: Told[],
): Promise<string | null> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), deadlineMs);
  try {
    const answer = await fetch(new URL(webhook), {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify(alertBody(told, portalUrl)),
      // Handed over, and not followed: the body is for the address that was set.
      redirect: "manual",
      signal: over.signal,
    });
    await answer.body?.cancel();
    if (answer.ok) return null;
    return answer.type === "opaqueredirect" ||
        (answer.status >= 300 && answer.status < 400)
      ? "redirected; redirects are refused"
      : `answered ${answer.status}`;
  } catch {
    // The error's own text may hold the address.
    return over.signal.aborted
      ? `did not answer within ${deadlineMs / 1000} s`
      : "could not be reached";
  } finally {
    clearTimeout(timer);
  }
}
