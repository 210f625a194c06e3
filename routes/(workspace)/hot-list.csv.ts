import { HOT_LIST, queryOfView, shownColumns } from "../../lib/domain/mod.ts";
import {
  askListStrictly,
  assertDayTold,
  defineInWorkspace,
  eachCandidateOf,
  fileColumns,
  listFile,
  methods,
  type WorkspaceState,
} from "../../lib/web/mod.ts";

/** The hot list of a view as CSV: the shown columns, every page. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET(ctx) {
    const { url, state: { workspace, services } } = ctx;
    const now = services.clock.now();
    const asked = askListStrictly(url, HOT_LIST, workspace, now);
    await assertDayTold(ctx.state, "cycles", "opportunities", "leads");
    return await listFile(ctx, {
      name: HOT_LIST.name,
      columns: fileColumns(
        shownColumns(HOT_LIST, asked.view),
        {
          day: workspace.sync.viewDay,
          timezone: workspace.tenant.timezone,
        },
      ),
      rows: () => eachCandidateOf(workspace, asked),
      asked: queryOfView(HOT_LIST, asked.view),
    });
  },
}));
