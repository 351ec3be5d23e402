package io.canaryrun.core.phase;

/** How a run ended. */
public enum Outcome {
  SUCCEEDED("Succeeded"),
  ABORTED("Aborted"),
  FAILED("Failed"),
  INVALID("Invalid");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  /** The word of the contract, as it stands in the status. */
  public String word() {
    return word;
  }
}
