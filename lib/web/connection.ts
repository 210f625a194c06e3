import { type Clock, UsageError } from "../domain/mod.ts";
import { type ClientOptions, createClient } from "../clienttether/mod.ts";

/** How ClientTether is reached outside of a sync. */
export interface Upstream {
  fetch: ClientOptions["fetch"];
  /** Origin; https, or http on this machine. */
  baseUrl: string;
  /** Sent for tenants that have no access token of their own. */
  accessToken: string | null;
}

/** What came of a connection check, in a sentence for people that holds no key. */
export interface ConnectionCheck {
  accepted: boolean;
  says: string;
}

/** Somebody waits for the answer. */
const DEADLINE_MS = 10_000;
const BODY_CAP_BYTES = 4 * 1024 * 1024;

/**
 * Asks ClientTether once for the stages of the sales cycle, the smallest of its lists, and nothing is
 * tried again.
 *
 * @param keys As typed; blank spaces around them do not count.
 */
export async function checkConnection(
  { fetch, baseUrl, accessToken }: Upstream,
  keys: { webKey: string; accessToken: string | null },
  clock: Clock,
): Promise<ConnectionCheck> {
  try {
    const client = createClient({
      ...keys,
      accessToken: keys.accessToken ?? accessToken,
      fetch,
      baseUrl,
      clock,
      timezone: "UTC",
      maxRps: 0,
      maxTries: 1,
      pageSize: 1,
      deadlineMs: DEADLINE_MS,
      bodyCapBytes: BODY_CAP_BYTES,
    });
    for await (const page of client.pages("cycles")) {
      return page.ok ? ACCEPTED : { accepted: false, says: page.error.message };
    }
    return ACCEPTED;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { accepted: false, says: error.message };
  }
}

const ACCEPTED: ConnectionCheck = {
  accepted: true,
  says: "ClientTether accepted the key",
};
