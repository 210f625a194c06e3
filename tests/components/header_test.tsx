import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import { Header, type HeaderProps } from "../../components/Header.tsx";
import { PAGES } from "../../components/navigation.ts";
import { html } from "./_render.ts";

const ALDER = { slug: "alder", name: "Alder Burgers" };
const BIRCH = { slug: "birch", name: "Birch & Sons" };

function header(
  pathname: string,
  workspaces: HeaderProps["workspaces"] = [ALDER],
) {
  return html(
    <Header
      workspace={ALDER}
      workspaces={workspaces}
      user={{ name: "Robin Example", email: "robin@example.com" }}
      pathname={pathname}
      theme="system"
    />,
  );
}

function navigation(markup: string): string {
  return /<nav.*?<\/nav>/s.exec(markup)?.[0] ?? "";
}

describe("Header", () => {
  it("has the seven links, each with the workspace", () => {
    const links = [
      ...navigation(header("/leads"))
        .matchAll(/<a href="([^"]*)"[^>]*>([^<]*)<\/a>/g),
    ].map(([, href, name]) => [name, href]);
    expect(links).toEqual([
      ["Dashboard", "/dashboard?w=alder"],
      ["Reports", "/reports?w=alder"],
      ["Leads", "/leads?w=alder"],
      ["Pipeline", "/pipeline?w=alder"],
      ["Hot List", "/hot-list?w=alder"],
      ["Notes", "/notes?w=alder"],
      ["Schedule", "/schedule?w=alder"],
    ]);
  });

  it("marks the page that is shown, by aria-current and the accent colour", () => {
    for (const { path, name } of PAGES) {
      const current = [
        ...navigation(header(path))
          .matchAll(/class="([^"]*)" aria-current="page">([^<]*)</g),
      ];
      expect(current.map(([, , label]) => label)).toEqual([name]);
      expect(current[0]?.[1]).toContain("text-accent");
    }
  });

  it("marks Notes on the page of a single note", () => {
    expect(header("/notes/n1")).toMatch(/aria-current="page">Notes</);
  });

  it("marks nothing on a page that is none of the seven", () => {
    expect(header("/notebook")).not.toContain('aria-current="page"');
  });

  it("switches between workspaces by links to the same page", () => {
    const markup = header("/leads", [ALDER, BIRCH]);
    expect(markup).toContain('href="/leads?w=birch"');
    expect(markup).toContain("Birch &amp; Sons");
  });

  it("leads to the list where the other workspace cannot have the same thing", () => {
    expect(header("/notes/n1", [ALDER, BIRCH]))
      .toContain('href="/notes?w=birch"');
  });

  it("leads to the choice of one, and back to the page, where they are too many for a menu", () => {
    const markup = header("/notes/n1", null);
    expect(markup).toContain('href="/select-workspace?next=/notes"');
    expect(markup).toContain(
      'aria-label="Workspace: Alder Burgers. Choose another"',
    );
  });

  it("only names the workspace where there is one", () => {
    expect(header("/leads")).toContain(">Alder Burgers</p>");
  });

  it("finds a person from every page, in the workspace that is open", () => {
    const markup = header("/notes");
    const [form = ""] = /<form[^>]*role="search".*?<\/form>/s.exec(markup) ??
      [];
    expect(form).toContain('action="/leads#list"');
    expect(form).toContain('name="w" value="alder"');
    expect(form).toContain('name="search"');
  });

  it("opens its menu without JavaScript", () => {
    expect(header("/leads"))
      .toMatch(/<details class="menu[^"]*"><summary[^>]*>Menu<\/summary>/);
  });

  it("signs out by a posted form", () => {
    expect(header("/leads")).toMatch(
      /<form method="post" action="\/logout"[^>]*>.*<button type="submit"[^>]*>Sign out</s,
    );
  });
});
