import type { Context } from "fresh";
import type { State } from "./state.ts";

/** The origin under which browsers reach the portal. */
export function publicOrigin(
  { url, state }: Pick<Context<State>, "url" | "state">,
): string {
  const { publicUrl } = state.services;
  return publicUrl ? new URL(publicUrl).origin : url.origin;
}

/** Whether browsers reach the portal by HTTPS. */
export function isHttps(ctx: Pick<Context<State>, "url" | "state">): boolean {
  return publicOrigin(ctx).startsWith("https:");
}
