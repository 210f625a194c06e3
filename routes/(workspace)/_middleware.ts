import { pageGuard, timeTravel } from "../../lib/web/mod.ts";

export default [pageGuard, timeTravel];
