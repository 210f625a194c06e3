import { type Place, placeQuery } from "./links.ts";
import { HiddenFields } from "./HiddenFields.tsx";
import { Card } from "./Card.tsx";
import { Button } from "./Button.tsx";
import { INPUT } from "./Field.tsx";

/** There is nobody at this address, and how to find who was meant. */
export function NoPerson(
  { workspace, isPast = false }: { workspace: Place; isPast?: boolean },
) {
  return (
    <Card
      title={isPast
        ? "There was nobody at this address by the end of that day."
        : "There is nobody at this address."}
      says={isPast
        ? "The person may have come later."
        : "The link may be cut off or of another brand, or the person's data was deleted."}
    >
      <form
        method="get"
        action="/leads#list"
        role="search"
        class="flex items-end gap-2 max-w-md"
      >
        <HiddenFields query={placeQuery(workspace)} />
        <label class="grid gap-1 flex-1 min-w-0">
          <span class="text-small text-ink-2">Search name or market</span>
          <input type="search" name="search" class={INPUT} maxLength={200} />
        </label>
        <Button>Search</Button>
      </form>
    </Card>
  );
}
