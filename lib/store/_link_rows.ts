import { type Clock, ConflictError } from "../domain/mod.ts";
import type { Commit } from "./_kv.ts";

/** How often the use of a link begins again because something beside it was changed meanwhile. */
export const TRIES = 5;

/** A row that must be at a commit as it was read. */
export type Check = NonNullable<Commit["checks"]>[number];

/** What ends by itself. */
interface Lasting {
  /** ISO 8601 UTC. */
  expiresAt: string;
}

/** What keeps a row as it was read. */
export function checkOf(
  { key, versionstamp }: Deno.KvEntryMaybe<unknown>,
): Check {
  return { key, versionstamp };
}

/** Whether a link is not over: the database removes it late. */
export function isLive({ expiresAt }: Lasting, clock: Clock): boolean {
  return clock.now() < Date.parse(expiresAt);
}

/** Milliseconds that the row is kept; at least one, since KV takes no less. */
export function lifetime({ expiresAt }: Lasting, clock: Clock): number {
  return Math.max(1, Date.parse(expiresAt) - clock.now());
}

/** The error of a link whose use began again too often. */
export function busy(): ConflictError {
  return new ConflictError(
    `Cannot use a link: what it changes was changed ${TRIES} times meanwhile; try again`,
  );
}
