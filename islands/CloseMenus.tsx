import { useEffect } from "preact/hooks";

/** Closes menus by Escape and by a click beside them; they open without any script. */
export default function CloseMenus() {
  useEffect(() => {
    const close = ({ target }: Event, isEscape = false) => {
      const menus = document.querySelectorAll<HTMLDetailsElement>(
        "header details[open]:not(.menu), details[data-closes][open]",
      );
      for (const menu of menus) {
        if (menu.contains(target as Node)) {
          if (!isEscape) continue;
          menu.querySelector("summary")?.focus();
        }
        menu.open = false;
      }
    };
    const onPointer = (event: Event) => close(event);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") close(event, true);
    };
    addEventListener("pointerdown", onPointer);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("pointerdown", onPointer);
      removeEventListener("keydown", onKey);
    };
  }, []);
  return null;
}
