import type { Context } from "fresh";
import type { Visitor } from "../auth/mod.ts";
import { clientAddress } from "./client_address.ts";
import {
  deviceCookieHeader,
  readDeviceToken,
  sessionCookieHeader,
} from "./cookies.ts";
import { isHttps } from "./origin.ts";
import type { State } from "./state.ts";

/** What is looked at of a request; any state of it will do. */
type Asked = Pick<Context<State>, "req" | "url" | "info" | "state">;

/** What a request says of the browser that it comes from. */
export function visitorOf(ctx: Asked): Visitor {
  return {
    address: clientAddress(ctx),
    deviceToken: readDeviceToken(ctx.req.headers, isHttps(ctx)),
    userAgent: ctx.req.headers.get("user-agent"),
  };
}

/** Hands the browser the tokens of a session and of itself. */
export function setSignInCookies(
  ctx: Asked,
  { headers }: Response,
  { token, deviceToken }: { token: string; deviceToken: string },
): void {
  const https = isHttps(ctx);
  headers.append("set-cookie", sessionCookieHeader(token, https));
  headers.append("set-cookie", deviceCookieHeader(deviceToken, https));
}
