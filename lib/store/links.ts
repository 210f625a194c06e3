import type { Clock } from "../domain/mod.ts";
import { isLive } from "./_link_rows.ts";
import { kvOf, type Store } from "./_store.ts";
import { keys } from "./keys.ts";
import type { MembershipInput } from "./roles.ts";

interface LinkFacts {
  /** Both ISO 8601 UTC; the row goes by itself some time after `expiresAt`. */
  createdAt: string;
  expiresAt: string;
  /** The user who made it; null for an operator and for whoever forgot a password. */
  createdBy: string | null;
}

/** Makes a membership, and an account where the address has none. */
export interface InviteLink extends LinkFacts, MembershipInput {
  purpose: "invite";
  /** Normalized. */
  email: string;
}

/** Sets a new password; good while the user's `resetLink` names it. */
export interface ResetLink extends LinkFacts {
  purpose: "reset";
  userId: string;
}

/** `["links", sha256(token)]`: a link that works once. */
export type Link = InviteLink | ResetLink;

/** A link with the key that it is stored under. */
export interface StoredLink<Kind extends Link = Link> {
  tokenHash: string;
  link: Kind;
}

/** Characters of a token's hash that name a link to people: 64 bits, from which no token follows. */
const ID_LENGTH = 16;

/** The name of a link in lists and forms. */
export function linkId(tokenHash: string): string {
  return tokenHash.slice(0, ID_LENGTH);
}

/** The link, or null; one past its time is none, though the database removes it late. */
export async function getLink(
  store: Store,
  tokenHash: string,
  clock: Clock,
): Promise<Link | null> {
  const { value } = await kvOf(store).get<Link>(keys.link(tokenHash));
  return value && isLive(value, clock) ? value : null;
}

/** Ends a link; nothing happens when it has ended already. */
export async function deleteLink(
  store: Store,
  tokenHash: string,
): Promise<void> {
  await kvOf(store).commit({ deletes: [keys.link(tokenHash)] });
}
