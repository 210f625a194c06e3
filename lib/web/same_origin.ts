import { HttpError } from "fresh";
import { define } from "./define.ts";
import { publicOrigin } from "./origin.ts";

const READING = new Set(["GET", "HEAD", "OPTIONS"]);
const BEARER = /^Bearer(?:\s|$)/i;

/** Whether a request with this verb only reads. */
export function isReading({ method }: Request): boolean {
  return READING.has(method);
}

/**
 * Whether a request may change something: it shows that a page of this origin sent it, by
 * Sec-Fetch-Site (which no page can forge) or by Origin, or it carries a bearer token (which no
 * browser adds by itself; it is refused as one that only reads). Whatever points to another site refuses it.
 */
export function isSameOrigin(
  method: string,
  headers: Headers,
  origin: string,
): boolean {
  if (READING.has(method)) return true;
  if (isBearer(headers)) return true;
  const site = headers.get("sec-fetch-site");
  const from = headers.get("origin");
  if (site === "same-origin") {
    // A proxy that ends TLS may hide the scheme from the portal, but not the host.
    return from === null || hostOf(from) === hostOf(origin);
  }
  return (site === null || site === "none") && from === origin;
}

/** Whether the request authenticates itself by a token in its header. */
export function isBearer(headers: Headers): boolean {
  return BEARER.test(headers.get("authorization") ?? "");
}

/** Refuses requests from other sites with 403, before anything is read or done for them. */
export const sameOrigin = define.middleware((ctx) => {
  const { method, headers } = ctx.req;
  if (!isSameOrigin(method, headers, publicOrigin(ctx))) {
    throw new HttpError(
      403,
      "A request that changes something must come from a page of this portal",
    );
  }
  return ctx.next();
});

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
