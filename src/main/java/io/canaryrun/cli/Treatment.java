package io.canaryrun.cli;

import io.canaryrun.operator.Finding;
import io.canaryrun.operator.Finding.Remedy;
import io.canaryrun.port.PortFailure;
import java.io.Console;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Does about findings what can be done, once a person agrees. */
final class Treatment {
  private final PrintWriter out;
  private final boolean agreed;
  private final Optional<Console> console;

  /**
   * @param agreed nobody is asked
   */
  Treatment(PrintWriter out, boolean agreed, Optional<Console> console) {
    this.out = out;
    this.agreed = agreed;
    this.console = console;
  }

  /**
   * @return the exit code
   */
  int of(List<Finding> findings) {
    var remedies = findings.stream().flatMap(it -> it.remedy().stream()).toList();
    out.println();
    if (remedies.isEmpty()) {
      out.println("There is nothing that --fix could do.");
      return DoctorCommand.exitCode(findings);
    }
    if (!agreed && console.isEmpty()) {
      remedies.forEach(remedy -> out.println("would " + remedy.inWords()));
      out.println("Nothing was changed: there is no terminal to ask on, and no --yes.");
      return ExitCode.ERROR;
    }
    if (!agreed && !isAgreedTo(remedies)) {
      out.println("Nothing was changed.");
      return DoctorCommand.exitCode(findings);
    }
    return DoctorCommand.exitCode(treated(findings));
  }

  private boolean isAgreedTo(List<Remedy> remedies) {
    out.println("--fix is going to");
    remedies.forEach(remedy -> out.println("  " + remedy.inWords()));
    out.flush();
    var answer = console.orElseThrow().readLine("Go on? [y/N] ");
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }

  /** What is left. */
  private List<Finding> treated(List<Finding> findings) {
    var left = new ArrayList<Finding>();
    for (var finding : findings) {
      if (finding.remedy().filter(this::apply).isEmpty()) {
        left.add(finding);
      }
    }
    return left;
  }

  private boolean apply(Remedy remedy) {
    try {
      var done = remedy.apply();
      out.println(
          done
              ? "done: " + remedy.inWords()
              : "not done: %s: things have changed meanwhile, look again"
                  .formatted(remedy.inWords()));
      return done;
    } catch (PortFailure failure) {
      out.println("not done: %s: %s".formatted(remedy.inWords(), failure.getMessage()));
      return false;
    }
  }
}
