/** What the development server, the production build and the tests have in common. */
export const config = {
  /** The project's folder. */
  root: import.meta.dirname ?? Deno.cwd(),
} as const;
