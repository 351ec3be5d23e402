package io.canaryrun.operator;

import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Scheduler;
import io.canaryrun.port.Server;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Whether a server program answers, is new enough, and has the time.
 *
 * @param variable that names its address
 * @param major of the oldest version that this program is tested with
 * @param minor of it
 */
record ServerCheck(String program, String variable, int major, int minor) {
  static final ServerCheck CONSUL = new ServerCheck("Consul", "CONSUL_HTTP_ADDR", 1, 20);
  static final ServerCheck NOMAD = new ServerCheck("Nomad", "NOMAD_ADDR", 1, 11);

  /** What clocks may differ by before times and deadlines mislead people. */
  static final Duration CLOCKS_MAY_DIFFER = Duration.ofSeconds(5);

  /** Times are told in whole seconds, rounded down. */
  private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

  private static final Pattern VERSION = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\b.*");

  /**
   * @return whether it answers
   */
  boolean check(Supplier<Server> ask, Scheduler scheduler, Consumer<Finding> report) {
    var before = scheduler.now();
    try {
      var server = ask.get();
      var asked = before.plus(Duration.between(before, scheduler.now()).dividedBy(2));
      report.accept(version(server));
      report.accept(clock(Duration.between(asked, server.time().plus(HALF_A_SECOND))));
      return true;
    } catch (PortFailure failure) {
      report.accept(
          Finding.problem(
              program,
              failure.getMessage(),
              // What is found may name a mend of its own, where it does run there.
              "if it does not run there, start it, or set %s to where it is".formatted(variable)));
      return false;
    }
  }

  private Finding version(Server server) {
    if (server.version().isEmpty()) {
      return Finding.warning(
          program,
          "answers at %s, but does not tell its version to this token".formatted(server.address()),
          "give the token agent:read to have it checked");
    }
    var found = "version %s at %s".formatted(server.version().get(), server.address());
    return isOld(server.version().get())
        ? Finding.warning(
            program,
            found,
            "upgrade it: this program is tested with %d.%d and newer".formatted(major, minor))
        : Finding.ok(program, found);
  }

  /** What is no number is a version of somebody's own, which nothing can be said about. */
  private boolean isOld(String version) {
    var numbers = VERSION.matcher(version);
    if (!numbers.matches()) {
      return false;
    }
    var itsMajor = Integer.parseInt(numbers.group(1));
    var itsMinor = Integer.parseInt(numbers.group(2));
    return itsMajor < major || (itsMajor == major && itsMinor < minor);
  }

  private Finding clock(Duration ahead) {
    var check = program + "'s clock";
    if (ahead.abs().compareTo(CLOCKS_MAY_DIFFER) <= 0) {
      return Finding.ok(check, "agrees with this machine's");
    }
    return Finding.warning(
        check,
        "is %d s %s this machine's"
            .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of"),
        "synchronize the clocks: deadlines and shown times go by them");
  }
}
