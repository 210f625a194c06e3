/** What an error page says: what happened, and what the reader can do. */
export interface ErrorWords {
  title: string;
  detail: string;
}

/** The words for an HTTP status; never what went wrong inside. */
export function errorWords(status: number): ErrorWords {
  switch (status) {
    case 400:
      return {
        title: "This address cannot be read",
        detail:
          "A part of it is not what the page expects. Start from the dashboard.",
      };
    case 403:
      return {
        title: "This is not open to you",
        detail: "Your role does not include it. Your agency can change that.",
      };
    case 404:
      return {
        title: "This page is not here",
        detail:
          "The address leads nowhere, or to something that is not open to you.",
      };
    case 429:
      return {
        title: "Too many requests at the moment",
        detail: "Wait a few minutes, then try again.",
      };
    case 503:
      return {
        title: "The portal is busy",
        detail: "Nothing is lost. Wait a moment, then load the page again.",
      };
    default:
      return status < 500
        ? {
          title: "This request cannot be answered",
          detail: "Go back and try again.",
        }
        : {
          title: "Something went wrong here",
          detail: "It has been noted. Nothing is lost; try again in a moment.",
        };
  }
}
