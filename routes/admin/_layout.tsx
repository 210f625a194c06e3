import { Head } from "fresh/runtime";
import { AdminHeader } from "../../components/AdminHeader.tsx";
import { BrandStyle } from "../../components/BrandStyle.tsx";
import { readTheme } from "../../components/theme.ts";
import { defineSignedIn } from "../../lib/web/mod.ts";

/** What every page of the agency has around it. */
export default defineSignedIn.layout(
  function AdminLayout({ Component, state, url, req }) {
    return (
      <>
        <Head>
          <BrandStyle accent={null} />
        </Head>
        <AdminHeader
          user={state.user}
          pathname={url.pathname}
          theme={readTheme(req.headers.get("cookie"))}
        />
        <main id="main" class="mx-auto max-w-page px-4 sm:px-6 pt-6 pb-8">
          <Component />
        </main>
      </>
    );
  },
);
