import { pageGuard } from "../../lib/web/mod.ts";

export default pageGuard;
