import { EmptyState } from "./EmptyState.tsx";

export interface NotKeptProps {
  /** What is not known: "list of leads". */
  what: string;
  /** `beyond`: raw of the day is gone. `unsettled`: a run that ended on its way left its mark on it. */
  why: "beyond" | "unsettled";
  /** Whether the page has figures of the day beside it. */
  figures?: boolean;
}

/** Stands where the rows of an earlier day would be: why they are not known. */
export function NotKept({ what, why, figures = false }: NotKeptProps) {
  return (
    <EmptyState title={`The ${what} of that day is no longer known.`}>
      {why === "beyond"
        ? "What ClientTether sent is kept for a limited time, 90 days unless your agency has chosen otherwise, and that day lies before."
        : "An update on that day did not come to its end, so what it had brought cannot be told apart."}
      {figures && " The figures are kept for good."}
    </EmptyState>
  );
}
