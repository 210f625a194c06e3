import { HttpError } from "fresh";
import { ErrorPage } from "../components/ErrorPage.tsx";
import { errorWords } from "../components/error_words.ts";
import { define } from "../lib/web/mod.ts";

/** What no middleware caught: an address that leads nowhere, or a fault. */
export default define.page(function Failed({ error, state }) {
  const status = error instanceof HttpError ? error.status : 500;
  return (
    <ErrorPage
      status={status}
      {...errorWords(status)}
      requestId={state.requestId ?? null}
    />
  );
});
