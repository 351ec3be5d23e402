package io.canaryrun.core.spec;

import java.net.URI;
import java.util.List;
import java.util.Set;

/** What follows a good verdict, who decides on it, and who hears of the outcome. */
public record Promotion(Mode mode, Approval approval, List<Webhook> webhooks) {

  public Promotion {
    webhooks = List.copyOf(webhooks);
  }

  /** What a promotion does. */
  public enum Mode {
    /** Registers the production job and follows it until it is healthy. */
    DEPLOY,
    /** Stops the canary and succeeds; whoever asked deploys. */
    NONE
  }

  /** Who promotes after a good verdict. */
  public enum Approval {
    AUTOMATIC,
    MANUAL
  }

  /**
   * Somebody to tell.
   *
   * @param on the outcomes to tell of
   */
  public record Webhook(URI url, Set<String> on) {
    public Webhook {
      on = Set.copyOf(on);
    }
  }
}
