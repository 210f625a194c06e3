import { agencyGuard } from "./people_guard.ts";
import { menulessGuard } from "./signed_in.ts";

/**
 * Guards `/admin` and all below it, which belongs to the agency alone: without a session to the
 * sign-in, 403 for everybody who is no agency admin.
 */
export const adminGuard = [menulessGuard, agencyGuard];
