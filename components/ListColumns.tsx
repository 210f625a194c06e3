import { Button } from "./Button.tsx";
import { HiddenFields } from "./HiddenFields.tsx";
import { formQuery, type ListFrame, viewHref } from "./list_frame.ts";
import { defaultView } from "../lib/domain/mod.ts";

/** Chooses the columns of a list: a GET form, so that the address says which. */
export function ListColumns<Row extends { id: string }>(
  { frame }: { frame: ListFrame<Row> },
) {
  const { list, view } = frame;
  const usual = defaultView(list).columns;
  const [name, ...others] = list.columns;
  return (
    <form method="get" action="#list" class="grid gap-3">
      <HiddenFields query={formQuery(frame, { columns: usual })} />
      <input type="hidden" name="cols" value={name?.key} />
      <fieldset class="min-w-0">
        <legend class="p-0 text-small text-ink-2">
          Beside {name?.head.toLowerCase()}
        </legend>
        {others.map(({ key, head }) => (
          <label
            key={key}
            class="flex items-center gap-2 min-h-target md:min-h-[1.75rem] text-small"
          >
            <input
              type="checkbox"
              class="w-4 h-4 flex-none"
              name="cols"
              value={key}
              checked={view.columns.includes(key)}
            />
            {head}
          </label>
        ))}
      </fieldset>
      <div class="flex flex-wrap items-center gap-4">
        <Button primary>Show these</Button>
        <a
          class="link py-1 text-small"
          href={viewHref(frame, { columns: usual })}
        >
          Usual columns
        </a>
      </div>
    </form>
  );
}
