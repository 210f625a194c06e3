import { SESSION_ABSOLUTE_MS } from "../auth/mod.ts";

/**
 * `__Host-` ties a cookie to this very host, over HTTPS, for all paths; browsers refuse it on plain
 * HTTP, so there (a developer's loopback) the name is a plain one.
 */
function sessionCookie(https: boolean): string {
  return https ? "__Host-session" : "session";
}

/** The token in the request's session cookie, or null. */
export function readSessionToken(
  headers: Headers,
  https: boolean,
): string | null {
  const name = sessionCookie(https);
  for (const pair of headers.get("cookie")?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) {
      return pair.slice(at + 1).trim();
    }
  }
  return null;
}

/** The Set-Cookie value that hands a session to the browser. */
export function sessionCookieHeader(token: string, https: boolean): string {
  return cookie(token, https, Math.floor(SESSION_ABSOLUTE_MS / 1000));
}

/** The Set-Cookie value that takes it away. */
export function expiredCookieHeader(https: boolean): string {
  return cookie("", https, 0);
}

function cookie(value: string, https: boolean, maxAge: number): string {
  return [
    `${sessionCookie(https)}=${value}`,
    "Path=/",
    "HttpOnly",
    "SameSite=Lax",
    `Max-Age=${maxAge}`,
    ...https ? ["Secure"] : [],
  ].join("; ");
}
