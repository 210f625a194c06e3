import { signedInGuard } from "../../lib/web/mod.ts";

export default signedInGuard;
