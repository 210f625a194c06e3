import type { Mail } from "./mail.ts";

/** "Birch Bakery", or the portal itself for those who see every brand. */
export function invitationMail(
  { to, place, link }: { to: string; place: string; link: string },
): Mail {
  return {
    to,
    subject: `Your invitation to ${place}`,
    text: `Hello,

you are invited to see ${place} in Tetherboard, the franchise portal.
Open this link to accept. It works once, within seven days:

${link}

If you do not expect this, nothing happens when you do nothing.
`,
  };
}

/** A link that sets a new password. */
export function resetMail({ to, link }: { to: string; link: string }): Mail {
  return {
    to,
    subject: "A new password for Tetherboard",
    text: `Hello,

somebody, you we hope, has asked for a new password for your account.
Open this link to set it. It works once, within an hour:

${link}

If it was not you, nothing changes when you do nothing.
`,
  };
}
