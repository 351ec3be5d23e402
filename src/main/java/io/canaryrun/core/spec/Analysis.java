package io.canaryrun.core.spec;

/**
 * How much evidence a verdict needs.
 *
 * @param requests without too many errors, over all canaries, that make a good verdict; at least 1
 * @param maxErrors errors that are put up with, over all canaries; at least 0
 * @param faultRate the rate of failing requests to be caught, in (0, 1); the confidence shown is
 *     that of catching it
 */
public record Analysis(long requests, long maxErrors, double faultRate) {

  public static final long DEFAULT_REQUESTS = 75_000;
  public static final double DEFAULT_FAULT_RATE = 1e-4;

  public Analysis {
    if (requests < 1 || maxErrors < 0 || !(faultRate > 0 && faultRate < 1)) {
      throw new IllegalArgumentException("requests >= 1, maxErrors >= 0, 0 < faultRate < 1");
    }
  }

  /**
   * Sizes the evidence so that a fault is caught with the given confidence.
   *
   * @param errorRate rate of failing requests to be caught, in (0, 1)
   * @param confidence probability of seeing at least one error at that rate, in (0, 1)
   */
  public static Analysis detecting(double errorRate, double confidence, long maxErrors) {
    return new Analysis(requestsToDetect(errorRate, confidence), maxErrors, errorRate);
  }

  /**
   * The smallest n with 1 − (1 − p)ⁿ ≥ c: the zero-failure sample size of the binomial
   * distribution, n = ⌈ln(1 − c) / ln(1 − p)⌉.
   */
  private static long requestsToDetect(double errorRate, double confidence) {
    if (!(errorRate > 0 && errorRate < 1 && confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("errorRate and confidence must be between 0 and 1");
    }
    return (long) Math.ceil(Math.log1p(-confidence) / Math.log1p(-errorRate));
  }

  /** The probability that {@code seen} requests would have shown a fault of {@link #faultRate}. */
  public double confidence(long seen) {
    return -Math.expm1(seen * Math.log1p(-faultRate));
  }
}
