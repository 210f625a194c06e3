import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { SMTPServer } from "smtp-server";
import { TransientError, UsageError } from "../../lib/domain/mod.ts";
import {
  createMailer,
  invitationMail,
  parseSender,
  resetMail,
} from "../../lib/web/mod.ts";

const FROM = "Tetherboard <portal@example.com>";
const LINK = `https://portal.example.com/invite/${"A".repeat(43)}`;

interface Letter {
  from: string;
  to: string[];
  text: string;
}

/** A mail server on this machine; `refuse` is what it answers to a letter. */
class MailServer {
  readonly letters: Letter[] = [];
  refuse: Error | null = null;
  signedIn: string | null = null;
  readonly #server: SMTPServer;

  constructor(options: { auth?: boolean } = {}) {
    this.#server = new SMTPServer({
      disabledCommands: options.auth ? ["STARTTLS"] : ["STARTTLS", "AUTH"],
      allowInsecureAuth: true,
      logger: false,
      onAuth: ({ username, password }, _session, done) => {
        if (password !== "p@ss word") return done(new Error("no"));
        this.signedIn = username ?? null;
        done(null, { user: username });
      },
      onData: (stream, { envelope }, done) => {
        const chunks: Uint8Array[] = [];
        stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
        stream.on("end", () => {
          if (this.refuse) return done(this.refuse);
          const text = chunks.map((chunk) => new TextDecoder().decode(chunk));
          const sender = envelope.mailFrom;
          this.letters.push({
            from: sender ? sender.address : "",
            to: envelope.rcptTo.map(({ address }) => address),
            text: text.join(""),
          });
          done();
        });
      },
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((done) =>
      this.#server.listen(0, "127.0.0.1", () => done())
    );
    const address = this.#server.server.address();
    if (address === null || typeof address === "string") throw new Error();
    return address.port;
  }

  close(): Promise<void> {
    return new Promise((done) => this.#server.close(() => done()));
  }
}

/** Takes back the encoding of a letter's text. */
function decoded(text: string): string {
  return text.replaceAll("=\r\n", "").replaceAll("=3D", "=");
}

describe("createMailer()", () => {
  let server: MailServer;
  let port: number;

  beforeEach(async () => {
    server = new MailServer();
    port = await server.listen();
  });

  afterEach(() => server.close());

  const open = (url = `smtp://127.0.0.1:${port}`) =>
    createMailer({ url, from: FROM });

  it("hands a letter in plain text over to the server", async () => {
    const mailer = open();
    const place = "Birch & Søn";
    await mailer.send(
      invitationMail({ to: "robin@example.com", place, link: LINK }),
    );
    mailer.close();
    const [letter, ...more] = server.letters;
    expect(more).toEqual([]);
    expect(letter?.from).toBe("portal@example.com");
    expect(letter?.to).toEqual(["robin@example.com"]);
    expect(letter?.text).toContain("From: Tetherboard <portal@example.com>");
    expect(letter?.text).toContain("Auto-Submitted: auto-generated");
    expect(letter?.text).toContain("Content-Type: text/plain; charset=utf-8");
    expect(decoded(letter?.text ?? "")).toContain(LINK);
  });

  it("sends to one person, whatever the letter holds", async () => {
    const mailer = open();
    await mailer.send({
      to: "robin@example.com",
      subject: "Hello\r\nBcc: sam@example.com\r\n\r\nText",
      text: "\r\n.\r\nMAIL FROM:<sam@example.com>\r\n",
    });
    mailer.close();
    expect(server.letters.map(({ to }) => to)).toEqual([["robin@example.com"]]);
    expect(server.letters[0]?.text).not.toMatch(/^Bcc:/m);
  });

  it("takes no address that could be read as another one", async () => {
    const mailer = open();
    const others = [
      "robin,sam@example.com",
      '"sam@example.com"@example.com',
      "sam@example.com\r\nBcc: robin@example.com",
      "robin",
    ];
    for (const to of others) {
      await expect(mailer.send({ to, subject: "s", text: "t" })).rejects
        .toThrow(UsageError);
    }
    mailer.close();
    expect(server.letters).toEqual([]);
  });

  it("says that the server refused, and nothing of the letter", async () => {
    server.refuse = Object.assign(new Error(`refused ${LINK}`), {
      responseCode: 552,
    });
    const mailer = open();
    const sending = mailer.send(
      resetMail({ to: "robin@example.com", link: LINK }),
    );
    const error = await sending.then(() => null, (error: unknown) => error);
    mailer.close();
    expect(error).toBeInstanceOf(TransientError);
    expect(String(error)).toContain("the server answered 552");
    expect(Deno.inspect(error)).not.toContain("invite/");
  });

  it("says that there is no server", async () => {
    const mailer = open("smtp://127.0.0.1:1");
    await expect(
      mailer.send({ to: "robin@example.com", subject: "s", text: "t" }),
    ).rejects.toThrow("the connection failed");
    mailer.close();
  });

  it("signs in with the name and password of the address", async () => {
    const other = new MailServer({ auth: true });
    const url = `smtp://portal:p%40ss%20word@127.0.0.1:${await other.listen()}`;
    const mailer = open(url);
    const letter = { to: "robin@example.com", subject: "s", text: "t" };
    await mailer.send(letter);
    mailer.close();
    expect(other.signedIn).toBe("portal");
    const wrong = open(url.replace("word", "wrong"));
    const error = await wrong.send(letter).then(() => null, String);
    wrong.close();
    expect(error).toContain("535");
    expect(error).not.toContain("wrong");
    await other.close();
  });
});

describe("parseSender()", () => {
  it("reads a bare address and one with a name", () => {
    const address = "portal@example.com";
    expect(parseSender(address)).toEqual({ name: "", address });
    expect(parseSender(FROM)).toEqual({ name: "Tetherboard", address });
    expect(parseSender('"Tether, board" <portal@example.com>'))
      .toEqual({ name: "Tether, board", address });
    for (const text of ["", "portal", "a@b@c", "A <a@b.c> <d@e.f>"]) {
      expect(parseSender(text)).toBe(null);
    }
  });
});
