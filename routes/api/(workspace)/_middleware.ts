import { apiGuard } from "../../../lib/web/mod.ts";

export default apiGuard;
