import { cx } from "./cx.ts";
import { ADMIN_PAGES, isPage } from "./navigation.ts";

/** The pages of the agency. */
export function AdminNav({ pathname }: { pathname: string }) {
  return (
    <nav aria-label="Main">
      <ul class="lg:flex">
        {ADMIN_PAGES.map(({ name, path, also = [] }) => {
          const here = [path, ...also].some((one) => isPage(one, pathname));
          return (
            <li key={path}>
              <a
                href={path}
                class={cx(
                  "flex items-center min-h-target lg:min-h-[2.25rem] rounded-control px-3 whitespace-nowrap eases",
                  here
                    ? "bg-accent-weak text-accent"
                    : "text-ink-2 hover:text-ink hover:bg-sunken",
                )}
                aria-current={here ? "page" : "false"}
              >
                {name}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
