import { Button } from "./Button.tsx";
import { INPUT } from "./Field.tsx";
import { HiddenFields } from "./HiddenFields.tsx";
import type { Query } from "./links.ts";

export interface SearchFormProps {
  label: string;
  /** What is searched for now. */
  value: string | undefined;
  /** The workspace, and what else of the query stays. */
  keep: Query;
}

/** Searches the list of the page: a GET form, so that the address says what was searched. */
export function SearchForm({ label, value, keep }: SearchFormProps) {
  return (
    <form
      method="get"
      role="search"
      class="no-print flex items-end gap-2 w-full sm:w-auto"
    >
      <HiddenFields query={keep} />
      <label class="grid gap-1 flex-1 min-w-0">
        <span class="text-small text-ink-2">{label}</span>
        <input
          type="search"
          name="search"
          class={INPUT}
          value={value ?? ""}
          maxLength={200}
        />
      </label>
      <Button>Search</Button>
    </form>
  );
}
