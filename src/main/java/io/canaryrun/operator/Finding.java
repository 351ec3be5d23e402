package io.canaryrun.operator;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a check found.
 *
 * @param check what was looked at, in a few words
 * @param found what there is
 * @param mend what to do about it; empty where nothing has to be done
 * @param remedy what this program itself can do about it
 */
public record Finding(
    Level level, String check, String found, Optional<String> mend, Optional<Remedy> remedy) {

  /** How bad it is. */
  public enum Level {
    OK,
    /** Nothing fails for it now. */
    WARNING,
    /** Something does not work, or runs that should not. */
    PROBLEM
  }

  /**
   * Something that can be done about a finding.
   *
   * @param inWords as an order: {@code stop job x}
   */
  public record Remedy(String inWords, BooleanSupplier act) {
    /**
     * @return false: things have changed since it was found, look again
     * @throws io.canaryrun.port.PortFailure it could not be done
     */
    public boolean apply() {
      return act.getAsBoolean();
    }
  }

  static Finding ok(String check, String found) {
    return new Finding(Level.OK, check, found, Optional.empty(), Optional.empty());
  }

  static Finding warning(String check, String found, String mend) {
    return new Finding(Level.WARNING, check, found, Optional.of(mend), Optional.empty());
  }

  static Finding problem(String check, String found, String mend) {
    return new Finding(Level.PROBLEM, check, found, Optional.of(mend), Optional.empty());
  }

  static Finding unknown(String check, String why) {
    return problem(
        check, "could not be looked at: " + why, "mend what is found above, and look again");
  }

  Finding with(Remedy offered) {
    return new Finding(level, check, found, mend, Optional.of(offered));
  }
}
