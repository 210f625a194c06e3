import { page } from "fresh";
import { ApiTokens } from "../../../components/ApiTokens.tsx";
import { pageHref } from "../../../components/links.ts";
import { pageHeadProps } from "../../../components/page_head_props.ts";
import { PageHead } from "../../../components/PageHead.tsx";
import { PeopleTabs } from "../../../components/PeopleTabs.tsx";
import {
  apiTokensPage,
  changeApiTokens,
  defineInWorkspace,
  localUrl,
  publicOrigin,
} from "../../../lib/web/mod.ts";

export const handler = defineInWorkspace.handlers({
  async GET(ctx) {
    const { id } = ctx.state.workspace.tenant;
    return page(await apiTokensPage(ctx, id));
  },

  async POST(ctx) {
    const { id, slug: w } = ctx.state.workspace.tenant;
    const answer = await changeApiTokens(ctx, id);
    if (answer) return page(answer.page, { status: answer.status });
    const done = { w, done: "revoke" };
    return ctx.redirect(localUrl("/people/tokens", done), 303);
  },
});

export default defineInWorkspace.page<typeof handler>(
  function ApiTokensPage({ data, state, url }) {
    const { slug, name, timezone } = state.workspace.tenant;
    return (
      <>
        <PageHead title="API tokens" {...pageHeadProps(state)}>
          <PeopleTabs slug={slug} page="tokens" />
        </PageHead>
        <ApiTokens
          {...data}
          brand={name}
          timezone={timezone}
          action={pageHref("/people/tokens", slug)}
          origin={publicOrigin({ url, state })}
        />
      </>
    );
  },
);
