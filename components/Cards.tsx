import type { ComponentChildren } from "preact";
import { cx } from "./cx.ts";

const FORMS: Record<3 | 4, string> = {
  3: cx("three-cards grid gap-4 grid-cols-2 md:grid-cols-3"),
  4: cx("grid gap-4 grid-cols-2 lg:grid-cols-4"),
};

/** The figures at the head of a page: three or four cards. */
export function Cards(
  { count, children }: { count: 3 | 4; children: ComponentChildren },
) {
  return <div class={FORMS[count]}>{children}</div>;
}
