import { iso } from "./_calendar.ts";
import { FACT, Facts } from "./_facts.ts";
import { mix, pick, unit } from "./_random.ts";
import {
  ACTIVITY_TYPES,
  NOTE_ADDITIONS,
  NOTE_TOPICS,
  words,
} from "./_vocabulary.ts";
import { type Row, SALT } from "./_world.ts";
import type {
  ModelActivity,
  ModelLead,
  ModelNote,
  ModelOpportunity,
  TypedLead,
} from "./types.ts";

const PLACEHOLDER = "No Name Text Added";
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] as const;

/** Writes a brand's records out of its world. */
export class People extends Facts {
  lead(row: Row): ModelLead {
    const { leads, config } = this.world;
    const { marketField = "market", unitsField = "units" } = config;
    const typed = this.#typed(row, leads.stage.get(row), "leads", row);
    const place = this.pick(words().places, FACT.place, row);
    const elsewhere = this.pick(words().places, FACT.market, row);
    return {
      id: this.id(row),
      ...this.#truth(row, typed, leads.stage.get(row)),
      email: this.email(row),
      phone: this.phone(row),
      address: `${10 + this.hash(FACT.street, row) % 9000} ${
        this.pick(words().streets, FACT.street, row, leads.version.get(row))
      }`,
      ...this.place(row, place),
      zip: place.zip,
      market: marketField !== null && this.share(FACT.market, row) < 0.8
        ? `${elsewhere.city}, ${elsewhere.state}`
        : null,
      units: unitsField !== null && this.share(FACT.units, row) < 0.75
        ? this.units(row)
        : null,
      dealSizeCents: this.cents("leads", row),
      createdAt: iso(leads.created.get(row)),
      updatedAt: iso(leads.modified.get(row)),
      typed,
    };
  }

  opportunity(row: Row): ModelOpportunity {
    const t = this.world.opportunities;
    const lead = t.lead.get(row);
    const stage = t.stage.get(row);
    const typed = this.#typed(lead, stage, "opportunities", row);
    return {
      id: this.id(row),
      clientId: this.id(lead),
      ...this.#truth(lead, typed, stage),
      dealSizeCents: this.cents("opportunities", row),
      createdAt: iso(t.created.get(row)),
      updatedAt: iso(t.modified.get(row)),
      typed,
    };
  }

  note(row: Row): ModelNote {
    const t = this.world.notes;
    const author = this.world.hash(SALT.note, row) % 6;
    return {
      id: this.id(row),
      contactId: this.id(t.lead.get(row)),
      noteDate: iso(t.date.get(row)),
      author: author === 5 ? "System" : this.colleague(author).join(" "),
      content: this.#noteText(row),
    };
  }

  activity(row: Row): ModelActivity {
    const t = this.world.activities;
    const lead = t.lead.get(row);
    const [type] = ACTIVITY_TYPES[t.type.get(row)] ?? ["Follow-up"];
    const name = `${this.first(lead)} ${this.last(lead)}`;
    const owner = this.colleague(this.world.hash(SALT.activity, row));
    return {
      id: this.id(row),
      type,
      scheduledAt: iso(t.scheduled.get(row)),
      contactId: this.id(lead),
      contactName: name,
      description: `${type} with ${name}, ${owner.join(" ")}`,
      status: this.#status(row),
    };
  }

  #truth(lead: Row, typed: TypedLead, stage: number) {
    const name = (text: string) =>
      text === "" || text === PLACEHOLDER ? null : text;
    const customer = this.world.isCustomer(lead);
    return {
      firstName: name(typed.firstName),
      lastName: name(typed.lastName),
      company: name(typed.company),
      source: name(typed.source.trim()),
      stage: this.world.stages.all[stage]?.name ?? "",
      contactType: customer ? "2" as const : "1" as const,
      assignedTo: this.assigned(lead)?.join(" ") ?? null,
    };
  }

  /** A lead's facts as somebody typed them: now and then in odd but valid ways. */
  #typed(
    lead: Row,
    stage: number,
    table: "leads" | "opportunities",
    row: Row,
  ): TypedLead {
    const odd = this.share(FACT.odd, lead);
    const owner = this.assigned(lead);
    const name = this.world.stages.all[stage]?.name ?? "";
    const source = this.source(lead);
    const firstStage = this.world.stages.steps[0] === stage;
    return {
      firstName: this.isUnnamed(lead) ? PLACEHOLDER : this.first(lead),
      lastName: this.isUnnamed(lead) ? "" : this.last(lead),
      company: this.company(lead),
      source: odd < 0.01 ? ` ${source} ` : source,
      stage: firstStage && name === "New Lead" && odd < 0.3 ? "" : name,
      contactType: this.world.isCustomer(lead) ? "2" : odd > 0.99 ? "" : "1",
      assignedUser: owner === null
        ? ""
        : odd > 0.4 && odd < 0.5
        ? JSON.stringify({ first_name: owner[0], last_name: owner[1] })
        : owner.join(" "),
      dealSize: this.#dealSize(table, row),
    };
  }

  #dealSize(table: "leads" | "opportunities", row: Row): string {
    const cents = this.cents(table, row);
    const style = unit(mix(this.sizeHash(table, row), 5));
    if (cents === null) return style < 0.7 ? "" : style < 0.9 ? "0" : "$0.00";
    const plain = (cents / 100).toFixed(2);
    if (style < 0.5) {
      return `$${plain.replace(/\B(?=(\d{3})+(?=\.))/g, ",")}`;
    }
    return style < 0.8 && cents % 100 === 0 ? String(cents / 100) : plain;
  }

  #status(row: Row): string {
    const t = this.world.activities;
    const luck = this.world.share(SALT.activity + 1, row);
    if (t.cancelled.get(row) === 1) {
      return luck < 0.7 ? "Cancelled" : "Canceled";
    }
    if (t.scheduled.get(row) <= this.world.now) {
      if (luck < 0.8) return "Completed";
      return luck < 0.88 ? "Done" : luck < 0.96 ? "No Show" : "Cancelled";
    }
    return luck < 0.75 ? "Scheduled" : luck < 0.95 ? "Confirmed" : "Pending";
  }

  #noteText(row: Row): string {
    const t = this.world.notes;
    const hash = this.hash(SALT.note + 1, row);
    const topic = NOTE_TOPICS[t.topic.get(row)] ?? [];
    const lines = [pick(topic, hash)];
    for (let k = 1; k <= mix(hash, 6) % 3; k++) {
      lines.push(pick(NOTE_ADDITIONS, mix(hash, k)));
    }
    const version = t.version.get(row);
    if (version > 0) lines.push(`Edited (${version}): dates checked.`);
    const text = lines.join(mix(hash, 7) % 4 === 0 ? "\n\n" : " ");
    return this.#fill(text, t.lead.get(row), hash);
  }

  #fill(text: string, lead: Row, hash: number): string {
    const units = this.units(lead);
    const money = 20 + mix(hash, 8) % 30;
    const values: Record<string, string> = {
      first: this.isUnnamed(lead) ? "The candidate" : this.first(lead),
      source: this.source(lead) || "a friend",
      city: this.pick(words().places, FACT.place, lead).city,
      day: pick(DAYS, mix(hash, 9)),
      money: `$${money * 5},000`,
      units: units === 1 ? "one unit" : `${units} units`,
    };
    return text.replace(/\{(\w+)\}/g, (slot, key) => values[key] ?? slot);
  }
}
