import type { ComponentChildren } from "preact";
import { cx } from "./cx.ts";

export interface ButtonProps {
  children: ComponentChildren;
  type?: "submit" | "button";
  /** The one action that a form is there for. */
  primary?: boolean;
  /** What cannot be undone. */
  danger?: boolean;
  disabled?: boolean;
  /** What a form with several buttons learns of the one that was pressed. */
  name?: string;
  value?: string;
  /** Sends the form even where what it requires is missing. */
  formNoValidate?: boolean;
  onClick?: () => void;
}

const FORM = cx(
  "inline-flex items-center justify-center min-h-target rounded-control px-4 text-sm font-semibold eases",
);
const PRIMARY = cx("bg-accent text-on-accent hover:underline");
const DANGER = cx(
  "border border-alarm-ink bg-alarm text-alarm-ink hover:underline",
);
const SECONDARY = cx(
  "border border-control bg-surface hover:border-accent hover:text-accent",
);

/** A link that stands where a button would: it leads to a page where something is done. */
export function ButtonLink(
  { href, primary, children }: {
    href: string;
    primary?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <a class={cx(FORM, primary ? PRIMARY : SECONDARY)} href={href}>
      {children}
    </a>
  );
}

/** A button; it is as high as a finger needs. */
export function Button(
  {
    children,
    type = "submit",
    primary,
    danger,
    disabled,
    name,
    value,
    formNoValidate,
    onClick,
  }: ButtonProps,
) {
  return (
    <button
      type={type}
      class={cx(FORM, danger ? DANGER : primary ? PRIMARY : SECONDARY)}
      disabled={disabled}
      name={name}
      value={value}
      formNoValidate={formNoValidate}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
