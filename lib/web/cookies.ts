import { CHALLENGE_MS, DEVICE_MS, SESSION_ABSOLUTE_MS } from "../auth/mod.ts";

/**
 * What a browser has begun: a sign-in whose password was right, or the use of a passkey. Neither
 * opens anything by itself.
 */
export type StepCookie = "sign_in" | "passkey";
/** `device` says that somebody has signed in with this browser before; it opens nothing. */
type CookieName = "session" | "device" | StepCookie;

/**
 * `__Host-` ties a cookie to this very host, over HTTPS, for all paths; browsers refuse it on plain
 * HTTP, so there (a developer's loopback) the name is a plain one.
 */
function cookieName(name: CookieName, https: boolean): string {
  return https ? `__Host-${name}` : name;
}

/** The token in the request's session cookie, or null. */
export function readSessionToken(
  headers: Headers,
  https: boolean,
): string | null {
  return readCookie(headers, cookieName("session", https));
}

/** The token in the request's device cookie, or null. */
export function readDeviceToken(
  headers: Headers,
  https: boolean,
): string | null {
  return readCookie(headers, cookieName("device", https));
}

/** The Set-Cookie value that hands a session to the browser. */
export function sessionCookieHeader(token: string, https: boolean): string {
  return cookie("session", token, https, SESSION_ABSOLUTE_MS);
}

/** The Set-Cookie value by which the browser is known at the next sign-in. */
export function deviceCookieHeader(token: string, https: boolean): string {
  return cookie("device", token, https, DEVICE_MS);
}

/** The Set-Cookie value that takes the session away. */
export function expiredCookieHeader(https: boolean): string {
  return cookie("session", "", https, 0);
}

/** The token of what the browser has begun, or null. */
export function readStepToken(
  name: StepCookie,
  headers: Headers,
  https: boolean,
): string | null {
  return readCookie(headers, cookieName(name, https));
}

/** The Set-Cookie value that ties what was begun to this browser; a token of null takes it away. */
export function stepCookieHeader(
  name: StepCookie,
  token: string | null,
  https: boolean,
): string {
  return cookie(name, token ?? "", https, token === null ? 0 : CHALLENGE_MS);
}

function readCookie(headers: Headers, name: string): string | null {
  for (const pair of headers.get("cookie")?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) {
      return pair.slice(at + 1).trim();
    }
  }
  return null;
}

function cookie(
  name: CookieName,
  value: string,
  https: boolean,
  maxAgeMs: number,
): string {
  return [
    `${cookieName(name, https)}=${value}`,
    "Path=/",
    "HttpOnly",
    "SameSite=Lax",
    `Max-Age=${Math.floor(maxAgeMs / 1000)}`,
    ...https ? ["Secure"] : [],
  ].join("; ");
}
