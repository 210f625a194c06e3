import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { tagOf, withoutComments } from "./_kit.ts";
import { bodyOf, send } from "./_fixture.ts";

describe("Islands on the server", () => {
  it("F6 a file of an (_islands) folder is no route", async () => {
    expect((await send("/local/Local")).status).toBe(404);
    expect((await send("/local/(_islands)/Local")).status).toBe(404);
    expect(await bodyOf("/local")).toContain("local</button>");
  });

  it("I2 an island renders like an ordinary component", async () => {
    const html = await bodyOf("/");
    expect(withoutComments(html)).toMatch(
      /<h1>Home<\/h1><button type="button" class="counter"\s*>3<\/button>/,
    );
  });

  it("I2 one module script boots what the Link header names", async () => {
    const response = await send("/");
    const html = await response.text();
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toMatch(/<script type="module" nonce="\w+"/);
    const links = response.headers.get("link")?.split(", ") ?? [];
    expect(links).toHaveLength(2);
    for (const link of links) {
      const url = /^<([^>]+)>; rel="modulepreload"; as="script"$/.exec(link);
      const module = await send(url![1]!);
      expect(module.status).toBe(200);
      expect(module.headers.get("content-type")).toContain("text/javascript");
      expect(html).toContain(`"${url![1]}"`);
    }
  });

  it("I4 an island inside an island belongs to it", async () => {
    const html = await bodyOf("/nested");
    expect(html).toContain("7</button>");
    expect(html).not.toMatch(/\/Counter\.js/);
  });

  it("I6 props cannot end their script", async () => {
    const html = await bodyOf("/props");
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.match(/<\/script>/g)).toHaveLength(1);
  });

  it("I13 the server is no browser", async () => {
    const html = await bodyOf("/environment");
    expect(tagOf(html, "environment")).toMatch(
      /data-server="false \/a\.txt\?__frsh_c=\w+"/,
    );
  });

  it("I15 an island that throws makes an error page", async () => {
    const response = await send("/thrower");
    expect(response.status).toBe(500);
    expect(await response.text()).toContain("Error 500");
  });
});
