import { piecesOf } from "../lib/domain/text.ts";

/** A text in which what was searched for is marked. */
export function Highlighted(
  { text, search }: { text: string; search?: string | null | undefined },
) {
  if (!search) return <>{text}</>;
  return (
    <>
      {piecesOf(text, search).map((piece, index) =>
        piece.hit
          ? (
            <mark
              key={index}
              class="bg-warn text-warn-ink rounded-control px-0.5"
            >
              {piece.text}
            </mark>
          )
          : piece.text
      )}
    </>
  );
}
