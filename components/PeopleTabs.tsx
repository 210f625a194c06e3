import { pageHref } from "./links.ts";
import { PEOPLE } from "./navigation.ts";
import { Segments } from "./Segments.tsx";

/** The pages of those who manage a workspace. */
export function PeopleTabs(
  { slug, page }: { slug: string; page: "people" | "tokens" },
) {
  const choice = (label: string, path: string, of: typeof page) => ({
    label,
    href: pageHref(path, slug),
    chosen: page === of,
  });
  return (
    <Segments
      label="Who and what may see this workspace"
      choices={[
        choice("People", PEOPLE, "people"),
        choice("API tokens", `${PEOPLE}/tokens`, "tokens"),
      ]}
    />
  );
}
