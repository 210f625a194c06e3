import { useEffect } from "preact/hooks";

/** Closes the header's menus by Escape and by a click beside them; they open without any script. */
export default function CloseMenus() {
  useEffect(() => {
    const close = (keep: EventTarget | null) => {
      const open = document.querySelectorAll<HTMLDetailsElement>(
        "header details[open]:not(.menu)",
      );
      for (const menu of open) {
        if (keep instanceof Node && menu.contains(keep)) continue;
        if (menu.contains(document.activeElement) && keep === null) {
          menu.querySelector("summary")?.focus();
        }
        menu.open = false;
      }
    };
    const onPointer = (event: PointerEvent) => close(event.target);
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") close(null);
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, []);
  return null;
}
