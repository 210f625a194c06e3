import CloseMenus from "../islands/CloseMenus.tsx";
import ThemeSwitch from "../islands/ThemeSwitch.tsx";
import { Brand } from "./Brand.tsx";
import { cx } from "./cx.ts";
import { INPUT } from "./Field.tsx";
import { HiddenFields } from "./HiddenFields.tsx";
import { kept } from "./kept.ts";
import {
  elsewhere,
  pageHref,
  type Place,
  placeQuery,
  presentOf,
} from "./links.ts";
import {
  ADMIN,
  administers,
  isPage,
  managesPeople,
  PAGES,
  PEOPLE,
} from "./navigation.ts";
import type { Theme } from "./theme.ts";

/** A workspace in the switch. */
export interface WorkspaceChoice {
  slug: string;
  name: string;
}

export interface HeaderProps {
  workspace: WorkspaceChoice;
  /** Where the links to pages lead; to the workspace's present unless given. */
  place?: Place;
  /** All that the user may switch to, this one included; null where they are more than a menu holds. */
  workspaces: readonly WorkspaceChoice[] | null;
  user: { name: string; email: string; role?: string | null };
  /** Path of the page. */
  pathname: string;
  theme: Theme;
}

const SUMMARY = cx(
  "opens inline-flex items-center min-h-target lg:min-h-[2.25rem] rounded-control px-3 eases",
);
const POPUP = cx(
  "absolute z-10 mt-1 left-0 min-w-[14rem] max-h-[70vh] overflow-y-auto rounded-control border border-control bg-surface p-1",
);
/** On a phone it opens inside the menu, which is open already. */
const USER_POPUP = cx(
  "lg:absolute lg:right-0 lg:z-10 lg:mt-1 lg:min-w-[14rem] rounded-control lg:border lg:border-control bg-surface p-1",
);
const ITEM = cx(
  "flex items-center w-full min-h-target lg:min-h-[2.25rem] rounded-control px-3 hover:bg-sunken text-left",
);

/** The head of every page of a workspace: brand, workspace, the seven links, the user. */
export function Header(props: HeaderProps) {
  const { workspace, pathname, place = workspace.slug } = props;
  return (
    <header class="bg-surface border-b border-line">
      <div class="mx-auto max-w-page px-4 sm:px-6 py-2 grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2 sm:gap-x-3 gap-y-2 lg:flex">
        <Brand href={pageHref("/dashboard", place)} />
        <WorkspaceSwitch {...props} />
        <details class="menu lg:hidden">
          <summary class={cx(SUMMARY, "border border-control")}>Menu</summary>
        </details>
        <div class="menu-panel col-span-3 lg:ml-auto lg:flex lg:items-center lg:gap-2">
          <Navigation place={place} pathname={pathname} />
          <PersonSearch place={place} />
          <UserMenu {...props} />
        </div>
      </div>
      <CloseMenus />
    </header>
  );
}

/** Finds a person from every page: where there is no room beside the links, in the menu. */
function PersonSearch({ place }: { place: Place }) {
  return (
    <form
      method="get"
      action="/leads#list"
      role="search"
      aria-label="Find a person"
      class="px-3 py-2 lg:hidden xl:block xl:p-0 xl:w-36"
    >
      <HiddenFields query={placeQuery(place)} />
      <input
        type="search"
        name="search"
        aria-label="Name or market of a person"
        placeholder="Find a person"
        maxLength={200}
        class={cx(INPUT, "lg:min-h-[2.25rem]")}
      />
    </form>
  );
}

const Navigation = kept(function Navigation(
  { place, pathname }: { place: Place; pathname: string },
) {
  return (
    <nav aria-label="Main">
      <ul class="lg:flex">
        {PAGES.map(({ name, path, travels = true }) => (
          <li key={path}>
            <a
              href={pageHref(path, travels ? place : presentOf(place))}
              class={cx(
                "flex items-center min-h-target lg:min-h-[2.25rem] rounded-control px-3 whitespace-nowrap eases",
                isPage(path, pathname)
                  ? "bg-accent-weak text-accent"
                  : "text-ink-2 hover:text-ink hover:bg-sunken",
              )}
              aria-current={isPage(path, pathname) ? "page" : "false"}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
});

function WorkspaceSwitch(props: HeaderProps) {
  const { workspace, workspaces, pathname, place = workspace.slug } = props;
  const page = PAGES.find(({ path }) => isPage(path, pathname));
  if (!workspaces) {
    const next = page?.path ?? "/dashboard";
    return (
      <a
        href={`/select-workspace?next=${next}`}
        class={cx(
          SUMMARY,
          "min-w-0 max-w-full border border-control hover:bg-sunken",
        )}
        aria-label={`Workspace: ${workspace.name}. Choose another`}
        aria-current="false"
      >
        <span class="truncate sm:max-w-[14rem]">{workspace.name}</span>
      </a>
    );
  }
  if (workspaces.length < 2) {
    return <p class="min-w-0 truncate text-ink-2">{workspace.name}</p>;
  }
  return (
    <details class="relative min-w-0" name="header-menu">
      <summary
        class={cx(SUMMARY, "max-w-full border border-control hover:bg-sunken")}
        aria-label={`Workspace: ${workspace.name}`}
      >
        <span class="truncate sm:max-w-[14rem]">
          {workspace.name}
        </span>
      </summary>
      <ul class={POPUP}>
        {workspaces.map(({ slug, name }) => (
          <li key={slug}>
            <a
              href={pageHref(
                page?.path ?? "/dashboard",
                elsewhere(place, slug),
              )}
              class={cx(
                ITEM,
                slug === workspace.slug && "font-semibold text-accent",
              )}
              aria-current={slug === workspace.slug ? "true" : "false"}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

export interface UserMenuProps extends Pick<HeaderProps, "user" | "theme"> {
  /** Null on pages that belong to no workspace. */
  workspace: WorkspaceChoice | null;
}

/** What opens under the user's name: the theme, the account, the way out. */
export function UserMenu({ user, theme, workspace }: UserMenuProps) {
  const role = user.role ?? null;
  return (
    <details class="relative" name="header-menu">
      <summary class={cx(SUMMARY, "text-ink-2 hover:text-ink hover:bg-sunken")}>
        <span class="truncate max-w-[9rem]">{user.name}</span>
      </summary>
      <div class={USER_POPUP}>
        <p class="px-3 py-2 text-small text-ink-3">{user.email}</p>
        <ThemeSwitch theme={theme} />
        <a
          href={workspace ? pageHref("/account", workspace.slug) : "/account"}
          class={ITEM}
        >
          Your account
        </a>
        {workspace && managesPeople(role) && (
          <a href={pageHref(PEOPLE, workspace.slug)} class={ITEM}>People</a>
        )}
        {workspace && administers(role) && (
          <a href={ADMIN} class={ITEM}>Admin</a>
        )}
        <form method="post" action="/logout" class="mt-1">
          {workspace && <input type="hidden" name="w" value={workspace.slug} />}
          <button type="submit" class={ITEM}>Sign out</button>
        </form>
      </div>
    </details>
  );
}
