import { Head } from "fresh/runtime";
import { Brand } from "./Brand.tsx";

export interface ErrorPageProps {
  status: number;
  /** What happened, in a few words. */
  title: string;
  /** What the reader can do. */
  detail: string;
  /** Names the request in the log; null where there is none. */
  requestId: string | null;
  /** The way back. */
  href?: string;
}

/** What is shown in the place of a page that cannot be shown. No inner detail, ever. */
export function ErrorPage(
  { status, title, detail, requestId, href = "/" }: ErrorPageProps,
) {
  return (
    <main id="main" class="mx-auto max-w-prose px-4 py-12 md:py-24">
      <Head>
        <title>{title} - Tetherboard</title>
      </Head>
      <Brand />
      <p class="mt-8 text-sm font-semibold text-ink-3">Error {status}</p>
      <h1 class="mt-1 text-title font-bold">{title}</h1>
      <p class="mt-3 text-ink-2">{detail}</p>
      <p class="mt-6">
        <a
          class="inline-flex items-center min-h-target rounded-control bg-accent px-4 text-sm font-semibold text-on-accent"
          href={href}
        >
          Go to the dashboard
        </a>
      </p>
      {requestId && (
        <p class="mt-8 text-small text-ink-3">
          If you ask for help, name this request: {requestId}
        </p>
      )}
    </main>
  );
}
