/**
 * Passwords, sessions, roles and secrets at rest.
 *
 * @module
 */
export * from "./accept_invite.ts";
export * from "./api_tokens.ts";
export * from "./calendar_feeds.ts";
export * from "./change_password.ts";
export * from "./device_name.ts";
export * from "./devices.ts";
export * from "./errors.ts";
export * from "./invite.ts";
export {
  INVITE_MS,
  isMailable,
  MAX_NAME_LENGTH,
  nameProblem,
  RESET_MS,
} from "./links.ts";
export * from "./passkeys.ts";
export { isPasswordOf, type PasswordCheckOptions } from "./password_check.ts";
export * from "./password_policy.ts";
export {
  createPasswords,
  DEFAULT_COST,
  type Passwords,
  passwords,
  type PasswordsOptions,
  type ScryptCost,
} from "./passwords.ts";
export { RECOVERY_CODES } from "./recovery_codes.ts";
export * from "./reset.ts";
export * from "./roles.ts";
export * from "./rotate_secrets.ts";
export * from "./sealed_fields.ts";
export * from "./second_factor.ts";
export * from "./secrets.ts";
export * from "./sessions.ts";
export * from "./sign_in.ts";
export * from "./throttle.ts";
export * from "./tokens.ts";
