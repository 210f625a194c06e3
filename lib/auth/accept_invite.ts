import { type Clock, ConflictError, NotFoundError } from "../domain/mod.ts";
import {
  type Membership,
  redeemInviteForNewUser,
  redeemInviteForUser,
  replaceSession,
  type Store,
  type User,
} from "../store/mod.ts";
import { type Invitation, readInvitation } from "./invite.ts";
import { nameProblem } from "./links.ts";
import { passwordProblem } from "./password_policy.ts";
import { type Passwords, passwords as processPasswords } from "./passwords.ts";
import type { SignedIn } from "./sessions.ts";
import { hashToken, newToken } from "./tokens.ts";

/** What a person who accepts types. */
export interface NewAccount {
  name: string;
  password: string;
}

/** What accepting came to; of a refusal a sentence for people and the field that it is about. */
export type AcceptResult =
  | { accepted: true; user: User; invitation: Invitation }
  | {
    accepted: false;
    refusal: { field: "name" | "password" | null; problem: string };
  };

/**
 * Makes the invited person's account. Of an address that has one already it says no more than that
 * this did not work.
 *
 * @returns null when {@linkcode readInvitation} has none.
 * @throws {ThrottledError} when too many passwords are being checked.
 */
export async function acceptInvitation(
  store: Store,
  token: string,
  { name, password }: NewAccount,
  { clock, passwords = processPasswords }: {
    clock: Clock;
    passwords?: Passwords;
  },
): Promise<AcceptResult | null> {
  const invitation = await readInvitation(store, token, clock);
  if (!invitation) return null;
  const wrongName = nameProblem(name);
  if (wrongName) return refuse("name", wrongName);
  const problem = await passwordProblem(password, invitation);
  if (problem) return refuse("password", problem);
  const passwordHash = await passwords.hash(password);
  try {
    const account = { name, passwordHash };
    const hash = hashToken(token);
    const user = await redeemInviteForNewUser(store, hash, account, clock);
    return user && { accepted: true, user, invitation };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    return refuse(
      null,
      "That did not work. If you have an account already, sign in with it",
    );
  }
}

/**
 * Gives the role to the invited person, who is signed in. The session gets a new token, since it may
 * do more from now on.
 *
 * @returns null when the invitation is used, over, withdrawn, unknown or somebody else's; its `token`
 *     is null where the session ended meanwhile.
 */
export async function joinByInvitation(
  store: Store,
  token: string,
  { user, tokenHash }: SignedIn,
  clock: Clock,
): Promise<
  | { token: string | null; membership: Membership; invitation: Invitation }
  | null
> {
  const invitation = await readInvitation(store, token, clock);
  if (!invitation) return null;
  const hash = hashToken(token);
  const membership = await redeemInviteForUser(store, hash, user.id, clock);
  if (!membership) return null;
  const renewed = newToken();
  try {
    await replaceSession(store, tokenHash, hashToken(renewed), {}, clock);
    return { token: renewed, membership, invitation };
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    return { token: null, membership, invitation };
  }
}

function refuse(
  field: "name" | "password" | null,
  problem: string,
): AcceptResult {
  return { accepted: false, refusal: { field, problem } };
}
