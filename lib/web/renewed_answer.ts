import type { Context } from "fresh";
import { rememberDevice, type Renewed } from "../auth/mod.ts";
import type { SignedInState } from "./signed_in.ts";
import { setSignInCookies, visitorOf } from "./visitor.ts";

/** Hands the browser the new token of its session, with whatever the answer is; false: it has ended. */
export async function renewSessionCookies(
  ctx: Context<SignedInState>,
  answer: Response,
  { token, signedIn }: Renewed,
): Promise<boolean> {
  if (token === null) return false;
  const { store, clock } = ctx.state.services;
  const present = visitorOf(ctx).deviceToken;
  const deviceToken = await rememberDevice(
    store,
    signedIn.user,
    present,
    clock,
  );
  setSignInCookies(ctx, answer, { token, deviceToken });
  return true;
}
