import { Card } from "./Card.tsx";
import { Button } from "./Button.tsx";
import { INPUT } from "./Field.tsx";

/** There is nobody at this address, and how to find who was meant. */
export function NoPerson({ workspace }: { workspace: string }) {
  return (
    <Card
      title="There is nobody at this address."
      says="The link may be cut off or of another brand, or the person's data was deleted."
    >
      <form
        method="get"
        action="/leads#list"
        role="search"
        class="flex items-end gap-2 max-w-md"
      >
        <input type="hidden" name="w" value={workspace} />
        <label class="grid gap-1 flex-1 min-w-0">
          <span class="text-small text-ink-2">Search name or market</span>
          <input type="search" name="search" class={INPUT} maxLength={200} />
        </label>
        <Button>Search</Button>
      </form>
    </Card>
  );
}
