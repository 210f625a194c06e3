import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { JSX } from "preact";
import { sendTo, tagOf, tagsOf, withErrorsHidden } from "./_kit.ts";
import { bodyOf, send } from "./_fixture.ts";

describe("Rendering", () => {
  it("C3 render() makes a whole document of an element", async () => {
    const send = sendTo((app) =>
      app.get(
        "/",
        (ctx) =>
          ctx.render(<h1>hi</h1>, { status: 201, headers: { "x-a": "1" } }),
      )
    );
    const response = await send("/");
    expect(response.status).toBe(201);
    expect(response.headers.get("content-type")).toBe(
      "text/html; charset=utf-8",
    );
    expect(response.headers.get("x-a")).toBe("1");
    expect(await response.text()).toBe(
      '<!DOCTYPE html><html><head><meta charset="utf-8"/></head>' +
        "<body><h1>hi</h1></body></html>",
    );
  });

  it("C4 render() of what is no element answers 500", async () => {
    const send = sendTo((app) =>
      app.get("/null", (ctx) => ctx.render(null))
        .get("/text", (ctx) => ctx.render("text" as unknown as JSX.Element))
    );
    expect((await send("/null")).status).toBe(200);
    const { result } = await withErrorsHidden(() => send("/text"));
    expect(result.status).toBe(500);
  });

  it("C6 an async page renders, answers or throws", async () => {
    expect(await bodyOf("/async")).toContain("<h1>async</h1>");
    const response = await send("/async?response");
    expect(await response.text()).toBe("from page");
    expect((await send("/async?gone")).status).toBe(410);
  });

  it("C7 a layout's data is null", async () => {
    expect(await bodyOf("/about")).toContain('data-data="null"');
  });

  it("C9 links tell that they lead here or above", async () => {
    const html = await bodyOf("/blog/x");
    expect(tagOf(html, "self")).toContain('aria-current="page"');
    expect(tagOf(html, "self")).toContain('data-current="true"');
    expect(tagOf(html, "blog")).toContain('aria-current="true"');
    expect(tagOf(html, "blog")).toContain('data-ancestor="true"');
    expect(tagOf(html, "home")).toContain('data-ancestor="true"');
    expect(tagOf(html, "other")).not.toContain("aria-current");
    expect(tagOf(html, "preset")).toContain('aria-current="step"');
  });

  it("C9 links are told by the path that they come to", async () => {
    const Links = () => (
      <>
        <a id="query" href="/blog/x?page=2">2</a>
        <a id="same" href="/blog/x/?page=1#top">1</a>
        <a id="up" href="/other/../blog">up</a>
        <a id="escaped" href="/bl%6Fg/x">not decoded</a>
        <a id="longer" href="/blog/xy">xy</a>
        <a id="host" href="//blog/x">elsewhere</a>
      </>
    );
    const send = sendTo((app) =>
      app.get("/blog/x", (ctx) => ctx.render(<Links />))
    );
    const html = await (await send("/blog/x?page=1")).text();
    expect(tagOf(html, "query")).toContain('aria-current="true"');
    expect(tagOf(html, "same")).toContain('aria-current="page"');
    expect(tagOf(html, "up")).toContain('aria-current="true"');
    for (const id of ["escaped", "longer", "host"]) {
      expect(tagOf(html, id)).not.toContain("aria-current");
    }
  });

  it("C9 a link that was made before the page is rendered stays as it is", async () => {
    const made = <a id="made" href="/here">here</a>;
    const send = sendTo((app) => app.get("/here", (ctx) => ctx.render(made)));
    const html = await (await send("/here")).text();
    expect(tagOf(html, "made")).toBe('<a id="made" href="/here">');
  });

  it("C10 images are keyed, links and foreign images are not", async () => {
    const html = await bodyOf("/assets");
    expect(tagOf(html, "keyed")).toMatch(/src="\/dot\.svg\?__frsh_c=\w+"/);
    expect(tagOf(html, "keyed")).toMatch(
      /srcset="\/dot\.svg\?__frsh_c=\w+ 1x, \/two\.svg\?__frsh_c=\w+ 2x"/,
    );
    expect(tagOf(html, "free")).toContain('src="/dot.svg"');
    expect(tagOf(html, "far")).toContain('src="https://example.com/dot.svg"');
    expect(tagsOf(html, "link")).toContain('<link rel="next" href="/about"/>');
  });

  it("C11 scripts and styles have the page's nonce or their own", async () => {
    const html = await bodyOf("/scripts");
    const nonce = /nonce="(\w+)"/.exec(tagOf(html, "one"))?.[1];
    expect(nonce).toBeTruthy();
    expect(tagOf(html, "two")).toContain('nonce="own"');
    expect(tagOf(html, "three")).toContain(`nonce="${nonce}"`);
  });

  it("C12 a page's Head replaces and extends the wrapper's", async () => {
    const html = await bodyOf("/head");
    const head = html.slice(html.indexOf("<head"), html.indexOf("</head>"));
    expect(html.match(/<title[^>]*>[^<]*/g)).toEqual(["<title>last"]);
    expect(head).toContain("<title>last</title>");
    expect(head.match(/name="description"/g)).toHaveLength(1);
    expect(head).toContain('content="page"');
    expect(head).toContain('content="noindex"');
    expect(head).not.toContain('href="/one"');
    expect(head).toContain('href="/two"');
    expect(html.slice(html.indexOf("</head>"))).not.toContain("noindex");
  });

  it("C12 nothing of one page's head stays for the next", async () => {
    await bodyOf("/head");
    expect(await bodyOf("/about")).toContain("<title>base</title>");
  });

  it("C13 functions of ordinary elements vanish", async () => {
    const send = sendTo((app) =>
      app.get("/", (ctx) => ctx.render(<p onClick={() => {}}>x</p>))
    );
    expect(await (await send("/")).text()).toMatch(/<p\s*>x<\/p>/);
  });

  it("C14 a page without islands has no script and no Link", async () => {
    const response = await send("/about");
    expect(response.headers.get("link")).toBe(null);
    expect(await response.text()).not.toContain("<script");
  });
});
