import type { Context } from "fresh";
import type { PasskeyParty } from "../auth/mod.ts";
import { publicOrigin } from "./origin.ts";
import type { State } from "./state.ts";

/**
 * The portal as authenticators know it: by its public address, and on a developer's machine by
 * `localhost`. Elsewhere null, and there are no passkeys: the host of a request is what a stranger says.
 */
export function passkeyParty(
  ctx: Pick<Context<State>, "url" | "state">,
): PasskeyParty | null {
  const origin = publicOrigin(ctx);
  const { hostname: id } = new URL(origin);
  const known = ctx.state.services.publicUrl !== undefined;
  return known || id === "localhost" ? { id, origin } : null;
}
