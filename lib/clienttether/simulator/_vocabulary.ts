import { base, en, Faker } from "@faker-js/faker";

/** Made-up words that records are put together from. The same in every simulator. */
export interface Vocabulary {
  firstNames: string[];
  lastNames: string[];
  companies: string[];
  streets: string[];
  places: { city: string; state: string; zip: string }[];
}

let vocabulary: Vocabulary | null = null;

/** The words, drawn once from a fixed seed by an instance of Faker of our own. */
export function words(): Vocabulary {
  vocabulary ??= draw(new Faker({ locale: [en, base], seed: 20_240_117 }));
  return vocabulary;
}

function draw(faker: Faker): Vocabulary {
  const many = <T>(count: number, one: () => T) =>
    Array.from({ length: count }, one);
  return {
    firstNames: many(600, () => faker.person.firstName()),
    lastNames: many(900, () => faker.person.lastName()),
    companies: many(300, () => faker.company.name()),
    streets: many(200, () => faker.location.street()),
    places: many(240, () => ({
      city: faker.location.city(),
      state: faker.location.state({ abbreviated: true }),
      zip: faker.location.zipCode("#####"),
    })),
  };
}

/** Lead sources, most frequent first, with their shares (of 100). */
export const SOURCES: readonly (readonly [name: string, share: number])[] = [
  ["Franchise Gator", 18],
  ["Website", 17],
  ["Referral", 12],
  ["Facebook Lead Ads", 10],
  ["Blue Compass Brokers", 9],
  ["Google Ads", 8],
  ["Keystone Franchise Advisors", 7],
  ["Franchise Expo", 6],
  ["LinkedIn", 4],
  ["Existing Franchisee", 4],
  ["Open Doors Broker Network", 3],
  ["Podcast", 2],
];

/** Kinds of scheduled activities, with the depth in the funnel where they begin. */
export const ACTIVITY_TYPES: readonly (readonly [string, number])[] = [
  ["Initial Call", 0],
  ["Follow-up", 0],
  ["Text", 0],
  ["Email", 0],
  ["Qualification Call", 0.2],
  ["FDD Review Call", 0.45],
  ["Validation Call", 0.55],
  ["Discovery Day", 0.65],
  ["FA Review Call", 0.85],
];

export const ACTION_PLANS: readonly string[] = [
  "New Lead Nurture",
  "Broker Lead",
  "Post-FDD Follow-up",
  "Long-term Drip",
  "",
];

/** What a note says, by topic: how far the person was when it was written. */
export const NOTE_TOPICS: readonly (readonly string[])[] = [
  [
    "Left a voicemail and sent the intro text. Will try again on {day}.",
    "First contact by phone. {first} found us through {source} and asked how long it takes to open.",
    "No answer, second attempt. Number goes to a full mailbox.",
    "{first} replied to the welcome e-mail: looking at two brands in {city}, wants to compare territories.",
    "Spoke for ten minutes. Timeline is 6 to 9 months, spouse is part of the decision.",
    "Asked for the brochure only. Sent it, follow-up set for {day}.",
  ],
  [
    "Initial call done. Background in operations, liquid capital about {money}. Good fit on paper.",
    "Walked {first} through the business model and the ramp-up. Main question: staffing in {city}.",
    "Questionnaire sent after the call. {first} will return it by {day}.",
    "Questionnaire is back. Net worth and liquidity meet the minimum; credit looks fine.",
    "{first} wants to keep the current job for the first year. Explained the semi-absentee model.",
  ],
  [
    "FDD sent and receipt requested. Explained the 14-day period.",
    "FDD receipt signed. Review call goes into the calendar for {day}.",
    "FDD review: went through Items 5, 6, 7 and 19. Asked about the marketing fund and renewal terms.",
    "Lender pre-approval in progress, SBA 7(a) for about {money}. Banker needs our Item 7 range.",
    "{first}’s attorney sent four questions on the FDD. Forwarded to legal.",
    "Validation calls: spoke with three franchisees, two very positive, one unhappy with the build-out delay.",
  ],
  [
    "Deal structure agreed in principle: {units}, development schedule over 36 months.",
    "Discovery Day booked. Travelling with a business partner; dinner the evening before.",
    "Discovery Day went well. The team scored {first} 8 of 10. Territory map for {city} requested.",
    "FA requested. Entity will be an LLC, paperwork due {day}.",
    "Franchise agreement sent for signature. Fee by wire, {money}.",
    "Signed! 🎉 Welcome call with onboarding set for {day}.",
  ],
  [
    "Not now: a family matter comes first. Asked us to call again next spring.",
    "Went with another brand closer to home. Closed the file, keeps the newsletter.",
    "Capital falls short of the minimum by about {money}. Moved to long-term nurture.",
    "Three attempts in two weeks without an answer. Last e-mail sent.",
  ],
];

/** Lines that some notes go on with. */
export const NOTE_ADDITIONS: readonly string[] = [
  "Next step: {day}, by phone.",
  "Prefers texts over calls.",
  "Decision makers: {first} and one partner.",
  "Second territory is of interest once the first one is open.",
  "Asked for references near {city}.",
];
