import { Head } from "fresh/runtime";
import { Brand } from "../../components/Brand.tsx";
import { BrandStyle } from "../../components/BrandStyle.tsx";
import { Button } from "../../components/Button.tsx";
import { Header } from "../../components/Header.tsx";
import { readTheme } from "../../components/theme.ts";
import { defineSignedIn } from "../../lib/web/mod.ts";

/** What the user's own pages have around them: the head of the workspace, a plain one where none is chosen. */
export default defineSignedIn.layout(
  function AccountLayout({ Component, state, url, req }) {
    const { workspace, workspaces, user } = state;
    return (
      <>
        <Head>
          <BrandStyle accent={workspace?.tenant.accent ?? null} />
        </Head>
        {workspace
          ? (
            <Header
              workspace={workspace.tenant}
              workspaces={workspaces}
              user={user}
              pathname={url.pathname}
              theme={readTheme(req.headers.get("cookie"))}
            />
          )
          : <PlainHeader />}
        <main id="main" class="mx-auto max-w-page px-4 sm:px-6 pt-6 pb-8">
          <Component />
        </main>
      </>
    );
  },
);

function PlainHeader() {
  return (
    <header class="bg-surface border-b border-line">
      <div class="mx-auto max-w-page px-4 sm:px-6 py-2 flex items-center justify-between gap-2">
        <Brand href="/" />
        <form method="post" action="/logout">
          <Button>Sign out</Button>
        </form>
      </div>
    </header>
  );
}
