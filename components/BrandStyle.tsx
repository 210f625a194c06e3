import { type AccentTokens, accentTokens } from "./brand_accent.ts";

/**
 * Puts a brand's colour in the place of the accent. It is the one style that a page carries itself, with
 * the page's nonce; nothing but six checked colours goes into it.
 */
export function BrandStyle({ accent }: { accent: string | null }) {
  const tokens = accentTokens(accent);
  if (!tokens) return null;
  const dark = declarations(tokens.dark);
  // Attribute values without quotes: the text of an element is escaped.
  return (
    // In a head two styles without a key are taken for the same one, and the later one stays.
    <style key="brand">
      {`:root{${declarations(tokens.light)}}` +
        `@media screen{:root[data-theme=dark]{${dark}}}` +
        `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}`}
    </style>
  );
}

function declarations(
  { accent, accentWeak, onAccent }: AccentTokens,
): string {
  return `--accent:${accent};--accent-weak:${accentWeak};--on-accent:${onAccent}`;
}
