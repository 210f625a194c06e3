import { define } from "./define.ts";
import { isApi } from "./errors.ts";
import { ProblemError } from "./problem.ts";

/** Where the second factor is set up. */
export const SECOND_FACTOR_PAGE = "/account/second-factor";
/** What an admin reaches who has to set it up first. */
const OPEN: ReadonlySet<string> = new Set([SECOND_FACTOR_PAGE, "/logout"]);

/** Leads an admin who must have a second factor, and has none, to where it is set up. */
export const secondFactorGuard = define.middleware(async (ctx) => {
  const { signedIn } = ctx.state;
  if (!signedIn || signedIn.user.secondFactorAt) return await ctx.next();
  const isAdmin = signedIn.memberships.some(({ role }) =>
    role !== "tenant_viewer"
  );
  if (!isAdmin || OPEN.has(ctx.url.pathname)) return await ctx.next();
  if (!signedIn.settings.adminsNeedSecondFactor) return await ctx.next();
  if (isApi(ctx.url)) {
    throw new ProblemError({
      status: 403,
      detail: `Set up a second factor first, at ${SECOND_FACTOR_PAGE}.`,
    });
  }
  return ctx.redirect(SECOND_FACTOR_PAGE, 303);
});
