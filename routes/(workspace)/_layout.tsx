import { Head } from "fresh/runtime";
import { BrandStyle } from "../../components/BrandStyle.tsx";
import { Footer } from "../../components/Footer.tsx";
import { Header } from "../../components/Header.tsx";
import { PagePath } from "../../components/kept.ts";
import { placeOf } from "../../components/links.ts";
import { isPage, PAGES } from "../../components/navigation.ts";
import { QueryNotice } from "../../components/QueryNotice.tsx";
import { readTheme } from "../../components/theme.ts";
import { TravelStrip } from "../../components/TravelStrip.tsx";
import SyncBanner from "../../islands/SyncBanner.tsx";
import { defineInWorkspace } from "../../lib/web/mod.ts";

/** What every page of a workspace has around it: header, freshness banner, definitions. */
export default defineInWorkspace.layout(
  function WorkspaceLayout({ Component, state, url, req }) {
    const { workspace: { tenant, sync }, workspaces, user, services } = state;
    const { travel } = state;
    const now = services.clock.now();
    const { lastSyncAt, dataVersion, status, streams, errorMessage } = sync;
    const page = PAGES.find(({ path }) => isPage(path, url.pathname));
    return (
      <PagePath.Provider value={url.pathname}>
        <Head>
          <BrandStyle accent={tenant.accent} />
        </Head>
        <Header
          workspace={{ slug: tenant.slug, name: tenant.name }}
          place={placeOf(state)}
          workspaces={workspaces}
          user={user}
          pathname={url.pathname}
          theme={readTheme(req.headers.get("cookie"))}
        />
        {travel?.past
          ? (
            <TravelStrip
              {...travel.past}
              kept={travel.kept}
              keep={travel.keep}
              workspace={tenant.slug}
              timezone={tenant.timezone}
            />
          )
          : (
            <SyncBanner
              workspace={tenant.slug}
              timezone={tenant.timezone}
              facts={{ lastSyncAt, dataVersion, status, streams, errorMessage }}
              now={now}
            />
          )}
        <main
          id="main"
          class="mx-auto max-w-page px-4 sm:px-6 pt-3 pb-8"
          // What was shown in answer to a form cannot be asked for again; an earlier day does not change.
          data-live={req.method === "GET" && !travel?.past ? "" : undefined}
        >
          {travel?.problem && <QueryNotice problems={[travel.problem]} />}
          <Component />
        </main>
        <Footer
          path={page?.path ?? "/dashboard"}
          settings={tenant}
          lastSyncAt={lastSyncAt}
          now={now}
          isPast={travel?.past != null}
        />
      </PagePath.Provider>
    );
  },
);
