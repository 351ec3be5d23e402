package io.canaryrun.cli;

import io.canaryrun.operator.Doctor;
import io.canaryrun.operator.Finding;
import io.canaryrun.operator.Finding.Level;
import io.canaryrun.operator.OperatorSettings;
import io.canaryrun.operator.Ports;
import jakarta.enterprise.inject.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks everything that this program depends on, and what it may have left behind. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Checks Consul, Nomad, permissions, and what runs have left behind.",
      "Each permission is tried out on the servers; without --fix, nothing is changed."
    },
    footerHeading = "%nExit codes:%n",
    footer = {"  0 all is well, but for warnings", "  1 there are problems"})
public final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--fix",
      description =
          "stops orphaned canaries, aborts runs that nobody carries on, and removes what is left of"
              + " forgotten runs; asks first")
  private boolean fix;

  @Option(
      names = {"-y", "--yes"},
      description = "with --fix: without asking")
  private boolean yes;

  private final Instance<Ports> ports;
  private final Instance<OperatorSettings> settings;

  DoctorCommand(Instance<Ports> ports, Instance<OperatorSettings> settings) {
    this.ports = ports;
    this.settings = settings;
  }

  @Override
  public Integer call() {
    if (yes && !fix) {
      throw new UsageError("--yes agrees to --fix, which is missing");
    }
    var out = spec.commandLine().getOut();
    var findings = new ArrayList<Finding>();
    new Doctor(
            ports.get(),
            settings.get(),
            finding -> {
              findings.add(finding);
              out.println(FindingText.line(finding));
              out.flush();
            })
        .examine();
    var code = fix ? new Treatment(out, yes, Terminal.console()).of(findings) : exitCode(findings);
    out.flush();
    return code;
  }

  static int exitCode(List<Finding> left) {
    return left.stream().anyMatch(finding -> finding.level() == Level.PROBLEM)
        ? ExitCode.ERROR
        : ExitCode.OK;
  }
}
