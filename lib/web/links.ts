import type { Context } from "fresh";
import { publicOrigin } from "./origin.ts";
import type { State } from "./state.ts";

/** What opens something in an address: the token of a one-time link, or of a calendar. */
const TOKEN_IN_PATH = /^\/(invite|reset|calendar)\/.+/;

/** The path of an address as a log may hold it: whoever reads the log must not be able to use the link. */
export function pathForLog({ pathname }: URL): string {
  return pathname.replace(TOKEN_IN_PATH, "/$1/[token]");
}

/** A one-time link, as it is handed over. */
export function oneTimeLink(
  ctx: Pick<Context<State>, "url" | "state">,
  purpose: "invite" | "reset",
  token: string,
): string {
  return `${publicOrigin(ctx)}/${purpose}/${token}`;
}
