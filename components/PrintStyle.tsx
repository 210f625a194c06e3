/**
 * Puts a line at the head of every printed sheet but the first, where the page says the same itself.
 * It needs a style with the page's nonce, since the line is the page's own.
 */
export function PrintStyle({ line }: { line: string }) {
  return (
    <style key="print">
      {`@page{@top-left{content:${cssString(line)};font:9pt sans-serif}}` +
        "@page :first{@top-left{content:none}}"}
    </style>
  );
}

/** A CSS string in which every character but the plainest is escaped: nothing can end it, in CSS or in HTML. */
export function cssString(text: string): string {
  const escaped = [...text].map((char) =>
    /[A-Za-z0-9]/.test(char) ? char : `\\${char.codePointAt(0)?.toString(16)} `
  );
  return `'${escaped.join("")}'`;
}
