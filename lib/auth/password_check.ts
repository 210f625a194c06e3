import type { Clock } from "../domain/mod.ts";
import type { Store, User } from "../store/mod.ts";
import { type Passwords, passwords as processPasswords } from "./passwords.ts";
import { countAttempt, PASSWORD_CHECK_LIMIT } from "./throttle.ts";

export interface PasswordCheckOptions {
  clock: Clock;
  passwords?: Passwords;
}

/**
 * Whether somebody who is signed in knows the account's password, asked before what only its owner may do.
 *
 * @throws {ThrottledError} after too many wrong ones, or when too many passwords are being checked.
 */
export async function isPasswordOf(
  store: Store,
  user: User,
  password: string,
  { clock, passwords = processPasswords }: PasswordCheckOptions,
): Promise<boolean> {
  const attempt = await countAttempt(store, [{
    kind: "password_check",
    subject: user.id,
    limit: PASSWORD_CHECK_LIMIT,
    onSuccess: "clear",
  }], clock);
  try {
    if (!await passwords.verify(password, user.passwordHash)) return false;
  } catch (error) {
    await attempt.cancelled();
    throw error;
  }
  await attempt.succeeded();
  return true;
}
