import { asset } from "fresh/runtime";
import { Favicon } from "../components/Favicon.tsx";
import { readTheme } from "../components/theme.ts";
import { freshness } from "../lib/domain/mod.ts";
import { define } from "../lib/web/mod.ts";

/** Marks where the page has arrived as a whole. */
const END = "end-of-page";

/** The document around every page. The theme comes in a cookie, so that no page flashes in the other one. */
export default define.page(function App({ Component, req, state }) {
  const theme = readTheme(req.headers.get("cookie"));
  const { workspace, services } = state;
  const level = workspace &&
    freshness(workspace.sync.lastSyncAt, services.clock.now()).level;
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>Tetherboard</title>
        <link rel="stylesheet" href={asset("/styles.css")} />
        {/* Nothing is painted before the page is whole: columns and scroll bars would move with what arrives. */}
        <link rel="expect" href={`#${END}`} {...{ blocking: "render" }} />
        <meta name="theme-color" content="#0f6b5c" />
        <link rel="manifest" href={asset("/manifest.webmanifest")} />
        <Favicon level={level} />
      </head>
      <body>
        <a
          href="#main"
          class="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded-control focus:bg-surface focus:px-4 focus:py-2"
        >
          Skip to content
        </a>
        <Component />
        <div id={END} hidden />
      </body>
    </html>
  );
});
