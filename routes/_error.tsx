import { ErrorPage } from "../components/ErrorPage.tsx";
import { define, problemTitle, toProblem } from "../lib/web/mod.ts";

/** What the router answers to by itself and no middleware catches. */
export default define.page(function Failed({ error, state }) {
  const { status, detail } = toProblem(error);
  return (
    <ErrorPage
      status={status}
      title={problemTitle(status)}
      detail={detail}
      requestId={state.requestId ?? null}
    />
  );
});
