import CloseMenus from "../islands/CloseMenus.tsx";
import { AdminNav } from "./AdminNav.tsx";
import { Brand } from "./Brand.tsx";
import { cx } from "./cx.ts";
import { type HeaderProps, UserMenu } from "./Header.tsx";

export type AdminHeaderProps = Pick<
  HeaderProps,
  "user" | "pathname" | "theme"
>;

/** The head of every page of the agency. */
export function AdminHeader({ user, pathname, theme }: AdminHeaderProps) {
  return (
    <header class="bg-surface border-b border-line">
      <div class="mx-auto max-w-page px-4 sm:px-6 py-2 grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2 sm:gap-x-3 gap-y-2 lg:flex">
        <Brand href="/admin/tenants" />
        <p class="min-w-0 truncate">
          <a class="link inline-block py-2 -my-2" href="/select-workspace">
            Dashboards
          </a>
        </p>
        <details class="menu lg:hidden">
          <summary
            class={cx(
              "opens inline-flex items-center min-h-target lg:min-h-[2.25rem] rounded-control px-3 eases",
              "border border-control",
            )}
          >
            Menu
          </summary>
        </details>
        <div class="menu-panel col-span-3 lg:ml-auto lg:flex lg:items-center lg:gap-2">
          <AdminNav pathname={pathname} />
          <UserMenu user={user} theme={theme} workspace={null} />
        </div>
      </div>
      <CloseMenus />
    </header>
  );
}
