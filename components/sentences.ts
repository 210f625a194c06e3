import {
  formatCount,
  isProspect,
  type Lead,
  type Stage,
} from "../lib/domain/mod.ts";
import type { Remark } from "./Remarks.tsx";

/** "1 lead", "1,204 leads". */
export function counted(
  count: number,
  noun: string,
  plural = `${noun}s`,
): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** What the figures about people leave out, in words, each with its list. */
export function leadRemarks(
  { inactive, unclassified }: { inactive: number; unclassified: number },
  hrefOf: HrefOf<LeftOut> = nowhere,
): Said[] {
  return stageRemarks({ inactive, unclassified }, ["lead", "leads"], hrefOf);
}

/** What the figures about money leave out, in words, each with its list. */
export function pipelineRemarks(
  view: {
    unsized: number | null;
    withoutLikelihood: number | null;
    inactive: number;
    unclassified: number;
  },
  hrefOf: HrefOf<LeftOut | "unsized" | "without-likelihood"> = nowhere,
): Said[] {
  const remarks: Said[] = [];
  if (view.unsized) {
    remarks.push(
      said(
        `${
          counted(view.unsized, "opportunity has", "opportunities have")
        } no deal size and ${adds(view.unsized)} nothing to the value.`,
        hrefOf("unsized"),
      ),
    );
  }
  if (view.withoutLikelihood) {
    remarks.push(said(
      `${
        counted(
          view.withoutLikelihood,
          "opportunity is in a stage",
          "opportunities are in stages",
        )
      } without a likelihood and ${
        adds(view.withoutLikelihood)
      } nothing to the weighted value.`,
      hrefOf("without-likelihood"),
    ));
  }
  return remarks.concat(
    stageRemarks(view, ["opportunity", "opportunities"], hrefOf),
  );
}

/** What the figures leave out of a person, and what of the record could not be read, in words. */
export function personRemarks(
  lead: Pick<Lead, "contactType" | "createdAt" | "remarks">,
  { kind }: Pick<Stage, "kind">,
): string[] {
  const sentences: string[] = [];
  if (!isProspect(lead)) {
    sentences.push("This person is not a prospect, and in no figure.");
  } else if (kind === "inactive") {
    sentences.push(
      "The stage is an inactive one: the person counts as a lead, and in no pipeline figure.",
    );
  } else if (kind === "unclassified") {
    sentences.push(
      "ClientTether's sales cycles do not name the stage: the person counts as a lead, and in no pipeline figure.",
    );
  }
  if (lead.createdAt === null) {
    sentences.push(
      "When the person was created is not known: the person is among no new leads.",
    );
  }
  return sentences.concat(
    lead.remarks.map((remark) => `Could not be taken as it came: ${remark}.`),
  );
}

function adds(count: number): string {
  return count === 1 ? "adds" : "add";
}

/** A sentence, with its list where there is one. */
type Said = string | Remark;

function said(sentence: string, href: string | undefined): Said {
  return href === undefined ? sentence : { sentence, href };
}

/** The list of what a sentence counts; none in a report. */
type HrefOf<Group> = (group: Group) => string | undefined;
const nowhere = () => undefined;

/** Stages whose records are in no pipeline figure. */
type LeftOut = "inactive" | "unclassified";

function stageRemarks(
  { inactive, unclassified }: Record<LeftOut, number>,
  [noun, plural]: [string, string],
  hrefOf: HrefOf<LeftOut>,
): Said[] {
  const remarks: Said[] = [];
  const be = (count: number) => count === 1 ? "is" : "are";
  if (inactive > 0) {
    remarks.push(
      said(
        `${counted(inactive, noun, plural)} ${
          be(inactive)
        } in an inactive stage and in no pipeline figure.`,
        hrefOf("inactive"),
      ),
    );
  }
  if (unclassified > 0) {
    remarks.push(
      said(
        `${counted(unclassified, noun, plural)} ${
          be(unclassified)
        } in a stage that ClientTether's sales cycles do not name, and in no pipeline figure.`,
        hrefOf("unclassified"),
      ),
    );
  }
  return remarks;
}
