import { Fragment, h, type JSX, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import type { Snapshot } from "./_snapshot.ts";
import type { Wrapper } from "./_render_page.ts";
import { Rendering, whileRendering } from "./_rendering.ts";

interface RenderedDocument {
  html: string;
  /** Of the page's script and style elements. */
  nonce: string;
  /** Values of the Link header. */
  links: string[];
}

/**
 * Renders the page, then what stands around it, so that the head knows what
 * the page wants in it.
 */
export function renderDocument(
  page: JSX.Element | null,
  wrapper: Wrapper | null,
  url: URL,
  snapshot: Snapshot | null,
): RenderedDocument {
  const rendering = new Rendering(url, snapshot);
  const html = whileRendering(rendering, () => {
    let html = renderToString(page ?? h(Fragment, null));
    if (wrapper) {
      wrapper.setPage(raw(html));
      html = renderToString(wrapper.element ?? h(Fragment, null));
    }
    return addMissingElements(html, rendering);
  });
  return {
    html: `<!DOCTYPE html>${html}`,
    nonce: rendering.nonce,
    links: rendering.links(),
  };
}

function addMissingElements(html: string, rendering: Rendering): string {
  const { html: hasHtml, head: hasHead, body: hasBody } = rendering.rendered;
  if (hasHtml && hasHead && hasBody) return html;
  let element: VNode = raw(html);
  if (!hasBody) element = h("body", null, element) as VNode;
  if (!hasHead) {
    const head = h("head", null, h("meta", { charset: "utf-8" }));
    element = h(Fragment, null, head, element);
  }
  if (!hasHtml) element = h("html", null, element) as VNode;
  return renderToString(element);
}

/** HTML that has been rendered already. */
function raw(html: string): JSX.Element {
  return jsxTemplate([html]);
}
