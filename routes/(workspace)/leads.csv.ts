import { LEAD_LIST, queryOfView, shownColumns } from "../../lib/domain/mod.ts";
import {
  askListStrictly,
  assertDayTold,
  defineInWorkspace,
  eachLeadOf,
  fileColumns,
  listFile,
  methods,
  type WorkspaceState,
} from "../../lib/web/mod.ts";

/** The leads of a view as CSV: the shown columns, every page. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET(ctx) {
    const { url, state: { workspace, services } } = ctx;
    const now = services.clock.now();
    const asked = askListStrictly(url, LEAD_LIST, workspace, now);
    const { view, periodQuery } = asked;
    await assertDayTold(ctx.state, "leads");
    return await listFile(ctx, {
      name: LEAD_LIST.name,
      columns: fileColumns(
        shownColumns(LEAD_LIST, view),
        {
          day: workspace.sync.viewDay,
          timezone: workspace.tenant.timezone,
        },
      ),
      rows: () => eachLeadOf(workspace, asked),
      asked: { ...periodQuery, ...queryOfView(LEAD_LIST, view) },
    });
  },
}));
