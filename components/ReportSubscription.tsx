import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";

export interface ReportSubscriptionProps {
  action: string;
  subscribed: boolean;
  email: string;
}

/** Asks for the reports by e-mail, or for no more of them. */
export function ReportSubscription(
  { action, subscribed, email }: ReportSubscriptionProps,
) {
  return (
    <div class="no-print">
      <Card
        title="By e-mail"
        says={subscribed
          ? `A new report goes to ${email} when it is published.`
          : `Get a letter to ${email} with the figures and the link when a report is published.`}
      >
        <form method="post" action={action}>
          <input
            type="hidden"
            name="do"
            value={subscribed ? "unsubscribe" : "subscribe"}
          />
          <Button>
            {subscribed ? "Send me no more reports" : "Send me new reports"}
          </Button>
        </form>
      </Card>
    </div>
  );
}
