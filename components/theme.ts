/** Light or dark as the reader chose it; `system` follows the machine. */
export type Theme = "system" | "light" | "dark";

export const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Holds the choice: the server reads it, so that a page never flashes in the other theme. */
const COOKIE = "theme";
const ONE_YEAR_SECONDS = 31_536_000;

/** The choice in a request's Cookie header; anything else is `system`. */
export function readTheme(cookies: string | null): Theme {
  const chosen = cookies?.split(";")
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
  return THEMES.find((theme) => theme === chosen) ?? "system";
}

/** What `document.cookie` is set to, so that the next page comes in this theme. */
export function themeCookie(theme: Theme, https: boolean): string {
  const age = theme === "system" ? 0 : ONE_YEAR_SECONDS;
  return `${COOKIE}=${theme}; Path=/; Max-Age=${age}; SameSite=Lax` +
    (https ? "; Secure" : "");
}
