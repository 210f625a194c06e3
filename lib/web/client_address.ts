import { isIP } from "node:net";
import type { Context } from "fresh";
import type { State } from "./state.ts";

/**
 * The network address that a request came from, as far as it can be believed; null where there is none
 * (a local socket).
 *
 * That is the other end of the connection. Behind a proxy that all requests pass (`trustProxy`) it is
 * what this proxy has added to X-Forwarded-For: its last entry, since those before it are the client's
 * own words. Of an IPv6 address only the network counts (its first 64 bits): one customer has them all.
 */
export function clientAddress(
  { req, info, state }: Pick<Context<State>, "req" | "info" | "state">,
): string | null {
  const forwarded = state.services.trustProxy
    ? req.headers.get("x-forwarded-for")?.split(",").at(-1)
    : undefined;
  return networkOf(forwarded ?? "") ?? networkOf(peerOf(info));
}

function peerOf({ remoteAddr }: Context<State>["info"]): string {
  return "hostname" in remoteAddr ? remoteAddr.hostname : "";
}

/** The network that one customer has: an IPv4 address whole, 64 bits of an IPv6 address; null for other texts. */
function networkOf(text: string): string | null {
  const address = text.trim().replace(/%.*$/, "").replace(/^\[(.*)\]$/, "$1");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped && isIP(mapped) === 4) return mapped;
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return groupsOf(address).slice(0, 4).join(":") + "::/64";
    default:
      return address === "localhost" ? "127.0.0.1" : null;
  }
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL parser writes an address in one way only, its last 32 bits in hex too.
  const normal = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = normal.split("::").map((part) =>
    part === "" ? [] : part.split(":")
  );
  const missing = Math.max(0, 8 - head.length - tail.length);
  return [...head, ...Array<string>(missing).fill("0"), ...tail];
}
