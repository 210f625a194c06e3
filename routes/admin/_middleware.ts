import { adminGuard } from "../../lib/web/mod.ts";

export default adminGuard;
