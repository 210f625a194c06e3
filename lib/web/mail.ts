import type { Transporter } from "nodemailer";
import { isMailable } from "../auth/mod.ts";
import { TransientError, UsageError } from "../domain/mod.ts";
import { isEmail } from "../store/mod.ts";

/** A letter in plain text. */
export interface Mail {
  /** One address, and nothing but an address. */
  to: string;
  subject: string;
  text: string;
}

export interface Mailer {
  /**
   * Hands a letter over to the mail server.
   *
   * @throws {UsageError} for an address that could be read as another one.
   * @throws {TransientError} when the server does not take it.
   */
  send(mail: Mail): Promise<void>;
  /** Ends the connections. */
  close(): void;
}

export interface MailerOptions {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  url: string;
  /** See {@linkcode parseSender}. */
  from: string;
}

/** A mail server that says nothing for so many milliseconds has failed. */
const DEADLINE_MS = 10_000;
const SENDER = /^(?:"?([^"<>]*?)"?\s*<([^<>]+)>|([^<>]+))$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** "Tetherboard <portal@example.com>" or a bare address in its parts; null when it is neither. */
export function parseSender(
  text: string,
): { name: string; address: string } | null {
  const [, name = "", inside, bare] = SENDER.exec(text.trim()) ?? [];
  const address = (inside ?? bare ?? "").trim();
  return isEmail(address) && isMailable(address) ? { name, address } : null;
}

/** Sends mail by SMTP: encrypted, but for a server on this machine. */
export function createMailer({ url, from }: MailerOptions): Mailer {
  const sender = parseSender(from);
  if (!sender) throw new UsageError("MAIL_FROM must be an e-mail address");
  let transport: Promise<Transporter> | undefined;
  return {
    async send({ to, subject, text }) {
      if (!isEmail(to) || !isMailable(to)) {
        throw new UsageError("Cannot send mail: the address is not plain");
      }
      transport ??= openTransport(new URL(url));
      try {
        await (await transport).sendMail({
          from: sender,
          to: { name: "", address: to },
          subject,
          text,
          // Automatic answers ("I am away") would go to nobody.
          headers: { "Auto-Submitted": "auto-generated" },
        });
      } catch (error) {
        throw new TransientError(`Cannot send mail: ${reasonOf(error)}`);
      }
    },
    close() {
      transport?.then((opened) => opened.close());
    },
  };
}

async function openTransport(url: URL): Promise<Transporter> {
  // Loaded where mail is sent and nowhere else.
  const { createTransport } = await import("nodemailer");
  const secure = url.protocol === "smtps:";
  const isHere = LOOPBACK.test(url.hostname);
  const user = decodeURIComponent(url.username);
  return createTransport({
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !isHere,
    ignoreTLS: !secure && isHere,
    ...user ? { auth: { user, pass: decodeURIComponent(url.password) } } : {},
    connectionTimeout: DEADLINE_MS,
    greetingTimeout: DEADLINE_MS,
    socketTimeout: DEADLINE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** A code of the server or of the connection; its own words could repeat what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "for an unknown reason";
  const { responseCode, code } = error as Error & {
    responseCode?: number;
    code?: string;
  };
  return responseCode
    ? `the server answered ${responseCode}`
    : `the connection failed (${code ?? error.name})`;
}
