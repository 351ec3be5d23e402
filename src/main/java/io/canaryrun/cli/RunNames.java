package io.canaryrun.cli;

import java.util.Iterator;
import java.util.List;

/** Marks parameters that are names of runs; a shell asks for these when it completes one. */
final class RunNames implements Iterable<String> {
  /** In the place of names in a script that is to be completed; no run is called so. */
  static final String MARK = "RUN-NAMES";

  @Override
  public Iterator<String> iterator() {
    return List.of(MARK).iterator();
  }
}
