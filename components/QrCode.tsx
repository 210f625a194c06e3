import { generate } from "lean-qr";

/** Modules of white around the code, without which readers do not find it (ISO/IEC 18004). */
const QUIET = 4;

/** A QR code, dark on white in either theme. The text has to stand beside it for whoever cannot scan. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const code = generate(text);
  const modules: string[] = [];
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      if (code.get(x, y)) modules.push(`M${x + QUIET} ${y + QUIET}h1v1h-1z`);
    }
  }
  const size = code.size + 2 * QUIET;
  return (
    <svg
      role="img"
      aria-label={label}
      width="224"
      height="224"
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={modules.join("")} fill="#000" />
    </svg>
  );
}
