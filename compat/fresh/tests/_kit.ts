// What the suite shares. It knows the framework by its public API alone.
import { App } from "fresh";

export const FIXTURE = new URL("./fixture/", import.meta.url).pathname;

export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** Sends requests to an app without a server. */
export function sender<State>(app: App<State>): Send {
  const handler = app.handler();
  return (path, init) => handler(new Request(`http://localhost${path}`, init));
}

/** Sends requests to what a function registers. */
export function sendTo(register: (app: App<unknown>) => void): Send {
  const app = new App<unknown>();
  register(app);
  return sender(app);
}

/** The tags of an element in HTML, in order. */
export function tagsOf(html: string, element: string): string[] {
  return html.match(new RegExp(`<${element}[\\s>][^>]*>?`, "g")) ?? [];
}

/** The tag of the element with an id. */
export function tagOf(html: string, id: string): string {
  const tag = html.match(new RegExp(`<[^>]*\\bid="${id}"[^>]*>`))?.[0];
  if (!tag) throw new Error(`Cannot find element '${id}' in ${html}`);
  return tag;
}

/** The HTML without comments, which only mark islands. */
export function withoutComments(html: string): string {
  return html.replaceAll(/<!--.*?-->/g, "");
}

/** Runs `action` with the console's errors kept from the output. */
export async function withErrorsHidden<T>(
  action: () => Promise<T>,
): Promise<{ result: T; errors: unknown[] }> {
  const errors: unknown[] = [];
  const original = globalThis.console.error;
  globalThis.console.error = (...args: unknown[]) => void errors.push(...args);
  try {
    return { result: await action(), errors };
  } finally {
    globalThis.console.error = original;
  }
}
