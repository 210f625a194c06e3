import { canTrigger } from "../../../../lib/auth/mod.ts";
import { ConflictError } from "../../../../lib/domain/mod.ts";
import {
  defineInWorkspace,
  logOf,
  methods,
  ProblemError,
  recordAudit,
  type WorkspaceState,
} from "../../../../lib/web/mod.ts";

/** Asks for a sync of the workspace now; the answer does not wait for it. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async POST(ctx) {
    const { workspace, services, user, requestId } = ctx.state;
    if (!canTrigger(workspace.role)) {
      throw new ProblemError({
        status: 403,
        detail: "Only the agency may start a sync.",
      });
    }
    const { id, slug, name } = workspace.tenant;
    if (workspace.store.status !== "active") {
      throw new ConflictError(
        `Cannot sync '${name}': the workspace is ${workspace.store.status}`,
      );
    }
    await services.requestSync(id);
    await recordAudit(ctx, "sync.requested", {
      tenantId: id,
      target: id,
      detail: { slug },
    });
    logOf(services).info("Sync asked for", {
      requestId,
      user: user.id,
      tenant: id,
    });
    return Response.json({ status: "accepted", tenant: slug }, { status: 202 });
  },
}));
