package io.canaryrun.simulation;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Thousands of runs that end badly are not worth a line each. */
final class Silence implements BeforeAllCallback, AfterAllCallback {
  private static final Logger LOG = Logger.getLogger("io.canaryrun");

  private final boolean wanted;

  Silence() {
    this(true);
  }

  /**
   * @param wanted false: the log stays as it is
   */
  Silence(boolean wanted) {
    this.wanted = wanted;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (wanted) {
      LOG.setLevel(Level.OFF);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    LOG.setLevel(null);
  }
}
