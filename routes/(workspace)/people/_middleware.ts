import { peopleGuard } from "../../../lib/web/mod.ts";

export default peopleGuard;
