/** What lib.dom does not know yet: https://w3c.github.io/trusted-types/. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string },
  ): { createHTML(html: string): string };
}

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

/**
 * Reads HTML of the portal's own pages. It stands apart from the page that is open: nothing in it is loaded, and its
 * scripts never run.
 *
 * The Content-Security-Policy lets the policy `own-page` alone make HTML of text, and this is the one place that has it.
 */
export function parseOwnPage(html: string): Document {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy("own-page", {
    createHTML: (text) => text,
  });
  return new DOMParser().parseFromString(
    policy?.createHTML(html) ?? html,
    "text/html",
  );
}
