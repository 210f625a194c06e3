/**
 * What utility classes may say: the tokens of static/styles.css and nothing beside them. A colour, a
 * radius or a text size that is not named here is an unknown class and fails the build.
 */

const COLOR_TOKENS = [
  "bg",
  "surface",
  "sunken",
  "ink",
  "ink-2",
  "ink-3",
  "line",
  "control",
  "accent",
  "accent-weak",
  "on-accent",
  "bar",
  "up",
  "down",
  "warn",
  "warn-line",
  "warn-ink",
  "past",
  "past-line",
  "past-ink",
  "alarm",
  "alarm-line",
  "alarm-ink",
  "series-1",
  "series-2",
  "series-3",
  "series-4",
  "series-5",
  "series-6",
] as const;

/** Size and line height, in rem of 16 px. */
const FONT_SIZES: Record<string, [string, string]> = {
  mark: ["0.6875rem", "1rem"],
  xs: ["0.75rem", "1rem"],
  small: ["0.8125rem", "1.25rem"],
  sm: ["0.875rem", "1.25rem"],
  body: ["0.9375rem", "1.5rem"],
  lead: ["1.0625rem", "1.5rem"],
  title: ["1.625rem", "2rem"],
  figure: ["2rem", "2.375rem"],
  "figure-sm": ["1.625rem", "2rem"],
};

/** The Twind theme of the portal. */
export const theme = {
  colors: {
    transparent: "transparent",
    current: "currentColor",
    ...Object.fromEntries(
      COLOR_TOKENS.map((token) => [token, `var(--${token})`]),
    ),
  },
  fontSize: FONT_SIZES,
  borderRadius: {
    none: "0",
    sm: "3px",
    control: "8px",
    card: "14px",
    full: "9999px",
  },
  extend: {
    maxWidth: { page: "75rem", prose: "44rem", auth: "26rem" },
    minHeight: { target: "2.5rem", strip: "2.75rem" },
    screens: { sm: "480px", md: "760px", lg: "1000px" },
  },
};
