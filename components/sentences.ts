import {
  formatCount,
  isProspect,
  type Lead,
  type Stage,
} from "../lib/domain/mod.ts";

/** "1 lead", "1,204 leads". */
export function counted(
  count: number,
  noun: string,
  plural = `${noun}s`,
): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** What the figures about people leave out, in words. */
export function leadRemarks(
  { inactive, unclassified }: { inactive: number; unclassified: number },
): string[] {
  return stageRemarks(inactive, unclassified, "lead", "leads");
}

/** What the figures about money leave out, in words. */
export function pipelineRemarks(view: {
  unsized: number | null;
  withoutLikelihood: number | null;
  inactive: number;
  unclassified: number;
}): string[] {
  const sentences: string[] = [];
  if (view.unsized) {
    sentences.push(
      `${
        counted(view.unsized, "opportunity has", "opportunities have")
      } no deal size and ${adds(view.unsized)} nothing to the value.`,
    );
  }
  if (view.withoutLikelihood) {
    sentences.push(
      `${
        counted(
          view.withoutLikelihood,
          "opportunity is in a stage",
          "opportunities are in stages",
        )
      } without a likelihood and ${
        adds(view.withoutLikelihood)
      } nothing to the weighted value.`,
    );
  }
  return sentences.concat(
    stageRemarks(
      view.inactive,
      view.unclassified,
      "opportunity",
      "opportunities",
    ),
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

function stageRemarks(
  inactive: number,
  unclassified: number,
  noun: string,
  plural: string,
): string[] {
  const sentences: string[] = [];
  const be = (count: number) => count === 1 ? "is" : "are";
  if (inactive > 0) {
    sentences.push(
      `${counted(inactive, noun, plural)} ${
        be(inactive)
      } in an inactive stage and in no pipeline figure.`,
    );
  }
  if (unclassified > 0) {
    sentences.push(
      `${counted(unclassified, noun, plural)} ${
        be(unclassified)
      } in a stage that ClientTether's sales cycles do not name, and in no pipeline figure.`,
    );
  }
  return sentences;
}
