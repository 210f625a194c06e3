import { useState } from "preact/hooks";
import { type Theme, themeCookie, THEMES } from "../components/theme.ts";

const LABELS: Record<Theme, string> = {
  system: "System",
  light: "Light",
  dark: "Dark",
};

/** Light, dark, or as the machine has it. The choice is kept in a cookie. */
export default function ThemeSwitch({ theme }: { theme: Theme }) {
  const [chosen, setChosen] = useState(theme);
  const choose = (next: Theme) => {
    document.cookie = themeCookie(next, location.protocol === "https:");
    const { dataset } = document.documentElement;
    if (next === "system") delete dataset.theme;
    else dataset.theme = next;
    setChosen(next);
  };
  return (
    <div
      class="needs-script grid grid-flow-col auto-cols-fr gap-1 rounded-control bg-sunken p-1"
      role="group"
      aria-label="Theme"
    >
      {THEMES.map((theme) => (
        <button
          key={theme}
          type="button"
          class="segment eases min-h-target lg:min-h-[1.75rem] rounded-control px-2 text-small text-ink-2"
          aria-pressed={theme === chosen ? "true" : "false"}
          onClick={() => choose(theme)}
        >
          {LABELS[theme]}
        </button>
      ))}
    </div>
  );
}
