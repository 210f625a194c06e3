/**
 * A brand's own colour in the place of the accent, darkened or lightened until it can be read.
 * Contrast as WCAG 2.2 defines it.
 */

type Rgb = readonly [number, number, number];

/** The lightest and the darkest surface that accent text stands on, per theme. */
const LIGHT_SURFACES = ["#ffffff", "#eff2ef"];
const DARK_SURFACES = ["#151d1a", "#1d2723"];
const LEAST_CONTRAST = 4.5;
const STEPS = 50;

/** Values of the tokens that a brand's colour decides. */
export interface AccentTokens {
  accent: string;
  accentWeak: string;
  onAccent: string;
}

/** The tokens for light and dark, or null where `color` is not `#rrggbb`. */
export function accentTokens(
  color: string | null,
): { light: AccentTokens; dark: AccentTokens } | null {
  if (color === null || !/^#[0-9a-f]{6}$/i.test(color)) return null;
  return {
    light: tokensOn(color, LIGHT_SURFACES, "#000000"),
    dark: tokensOn(color, DARK_SURFACES, "#ffffff"),
  };
}

/** Contrast of two `#rrggbb` colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)]
    .sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Moves the colour towards black or white until it can be read on its surfaces and on its own weak form. */
function tokensOn(
  color: string,
  surfaces: readonly string[],
  towards: string,
): AccentTokens {
  let tokens = tokensFor(color, surfaces);
  for (let step = 1; step <= STEPS; step++) {
    const grounds = [...surfaces, tokens.accentWeak];
    const readable = grounds.every((ground) =>
      contrast(tokens.accent, ground) >= LEAST_CONTRAST
    );
    if (readable) break;
    tokens = tokensFor(mix(color, towards, step / STEPS), surfaces);
  }
  return tokens;
}

function tokensFor(
  accent: string,
  [surface = "#ffffff"]: readonly string[],
): AccentTokens {
  const white = contrast(accent, "#ffffff");
  return {
    accent,
    accentWeak: mix(surface, accent, 0.14),
    onAccent: white >= LEAST_CONTRAST ? "#ffffff" : "#0e1412",
  };
}

function mix(one: string, other: string, share: number): string {
  const [to, from] = [rgbOf(other), rgbOf(one)];
  return "#" + from.map((part, index) => {
    const mixed = Math.round(part + ((to[index] ?? 0) - part) * share);
    return mixed.toString(16).padStart(2, "0");
  }).join("");
}

function luminance(color: string): number {
  const [red, green, blue] = rgbOf(color).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function rgbOf(color: string): Rgb {
  return [1, 3, 5].map((at) =>
    parseInt(color.slice(at, at + 2), 16)
  ) as unknown as Rgb;
}
