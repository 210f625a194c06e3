import type { Context } from "fresh";
import { define } from "./define.ts";
import { isHttps } from "./origin.ts";
import type { State } from "./state.ts";

const NONCE = /'nonce-([A-Za-z0-9+/_=-]+)'/;
const ONE_YEAR_SECONDS = 31_536_000;

const COMMON_HEADERS: readonly (readonly [name: string, value: string])[] = [
  ["x-content-type-options", "nosniff"],
  // Not "no-referrer": with it browsers send `Origin: null` from our own forms.
  ["referrer-policy", "same-origin"],
  [
    "permissions-policy",
    "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  ],
  ["x-frame-options", "DENY"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
];

/**
 * The Content-Security-Policy of an answer.
 *
 * @param nonce The one that a rendered page's scripts and styles carry; null: nothing in the answer
 *     may load or run anything.
 * @param https Whether plain addresses are to be read as HTTPS; without TLS that would break the page.
 */
export function contentSecurityPolicy(
  nonce: string | null,
  https: boolean,
): string {
  const closed = [
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  const directives = nonce === null
    ? ["default-src 'none'", "form-action 'none'", ...closed]
    : [
      "default-src 'self'",
      `script-src 'self' 'nonce-${nonce}'`,
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data:",
      "connect-src 'self'",
      "form-action 'self'",
      // Text becomes HTML in one place of the scripts, which reads the portal's own pages.
      "require-trusted-types-for 'script'",
      "trusted-types own-page",
      ...closed,
    ];
  if (https) directives.push("upgrade-insecure-requests");
  return directives.join("; ");
}

/**
 * Sets the final headers of every answer. `csp()`, which stands further in, knows the nonce of a
 * rendered page; on other answers it leaves 'unsafe-inline', so its header is always replaced.
 *
 * They are set on the answer itself: one that is made anew around its body would send that as a stream, which takes
 * several times as long as a text.
 */
export const security = define.middleware(async (ctx) => {
  const answer = await ctx.next();
  if (answer.status === 101) return answer;
  const own = hasOwnHeaders(answer) ? answer : new Response(answer.body, {
    status: answer.status,
    statusText: answer.statusText,
    headers: answer.headers,
  });
  setFinalHeaders(own.headers, ctx);
  return own;
});

/** Whether the headers of an answer can be set: those of a redirect that the platform made cannot. */
function hasOwnHeaders({ headers }: Response): boolean {
  try {
    headers.delete("x-request-id");
    return true;
  } catch {
    return false;
  }
}

function setFinalHeaders(headers: Headers, ctx: Context<State>): void {
  const https = isHttps(ctx);
  const nonce = NONCE.exec(headers.get("content-security-policy") ?? "")?.[1] ??
    null;
  headers.set("content-security-policy", contentSecurityPolicy(nonce, https));
  for (const [name, value] of COMMON_HEADERS) headers.set(name, value);
  if (https) {
    headers.set("strict-transport-security", `max-age=${ONE_YEAR_SECONDS}`);
  }
  headers.set("x-request-id", ctx.state.requestId);
  const isPage = headers.get("content-type")?.startsWith("text/html");
  if (isPage || !headers.has("cache-control")) {
    headers.set("cache-control", "private, no-store");
  }
}
