import { NotFoundError } from "../../lib/domain/mod.ts";
import { findLogo } from "../../lib/store/mod.ts";
import {
  defineInWorkspace,
  methods,
  type WorkspaceState,
} from "../../lib/web/mod.ts";

/** A year: another picture has another address. */
const KEPT_SECONDS = 31_536_000;

/** The brand's logo, for those who see the brand. */
export const handler = defineInWorkspace.handlers(methods<WorkspaceState>({
  async GET({ state: { workspace: { tenant }, services } }) {
    const picture = await findLogo(services.store, tenant.id);
    if (!picture) throw new NotFoundError("Cannot show a logo: there is none");
    return new Response(picture, {
      headers: {
        "content-type": "image/png",
        "cache-control": `private, max-age=${KEPT_SECONDS}, immutable`,
      },
    });
  },
}));
