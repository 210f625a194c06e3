import type { Context } from "fresh";
import type { State } from "./state.ts";

/** The origin under which browsers reach the portal. */
export function publicOrigin({ url, state }: Context<State>): string {
  const { publicUrl } = state.services;
  return publicUrl ? new URL(publicUrl).origin : url.origin;
}

/** Whether browsers reach the portal by HTTPS. */
export function isHttps(ctx: Context<State>): boolean {
  return publicOrigin(ctx).startsWith("https:");
}
