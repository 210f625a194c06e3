import { Head } from "fresh/runtime";
import { BrandStyle } from "../../components/BrandStyle.tsx";
import { Footer } from "../../components/Footer.tsx";
import { Header } from "../../components/Header.tsx";
import { isPage, PAGES } from "../../components/navigation.ts";
import { readTheme } from "../../components/theme.ts";
import SyncBanner from "../../islands/SyncBanner.tsx";
import { defineInWorkspace } from "../../lib/web/mod.ts";

/** What every page of a workspace has around it: header, freshness banner, definitions. */
export default defineInWorkspace.layout(
  function WorkspaceLayout({ Component, state, url, req }) {
    const { workspace: { tenant, sync }, workspaces, user, services } = state;
    const now = services.clock.now();
    const { lastSyncAt, dataVersion, status, streams, errorMessage } = sync;
    const page = PAGES.find(({ path }) => isPage(path, url.pathname));
    return (
      <>
        <Head>
          <BrandStyle accent={tenant.accent} />
        </Head>
        <Header
          workspace={{ slug: tenant.slug, name: tenant.name }}
          workspaces={workspaces}
          user={user}
          pathname={url.pathname}
          theme={readTheme(req.headers.get("cookie"))}
        />
        <SyncBanner
          workspace={tenant.slug}
          timezone={tenant.timezone}
          facts={{ lastSyncAt, dataVersion, status, streams, errorMessage }}
          now={now}
        />
        <main
          id="main"
          class="mx-auto max-w-page px-4 sm:px-6 pt-3 pb-8"
          // What was shown in answer to a form cannot be asked for again.
          data-live={req.method === "GET" ? "" : undefined}
        >
          <Component />
        </main>
        <Footer
          path={page?.path ?? "/dashboard"}
          settings={tenant}
          lastSyncAt={lastSyncAt}
          now={now}
        />
      </>
    );
  },
);
