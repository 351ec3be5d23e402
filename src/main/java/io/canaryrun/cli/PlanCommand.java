package io.canaryrun.cli;

import io.canaryrun.operator.OperatorSettings;
import io.canaryrun.operator.Ports;
import io.canaryrun.operator.RunPlan;
import io.canaryrun.operator.RunPlanner;
import jakarta.enterprise.inject.Instance;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what a run would do. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what a run would do, and changes nothing.",
      "That is the canary job, Nomad's plans, what it would be refused for, and how long it takes.",
      "What definitions may ask for is bounded by the settings of this process, not the operator's."
    },
    footerHeading = "%nExit codes:%n",
    footer = {"  0 it would run", "  1 it would fail", "  2 usage, or an invalid definition"})
public final class PlanCommand implements Callable<Integer> {
  /** How to print. */
  enum Output {
    text,
    json
  }

  @Spec private CommandSpec spec;
  @Mixin private DefinitionFile file;

  @Option(names = "--job", description = "shows the derived canary job in full, as JSON")
  private boolean job;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}")
  private Output output = Output.text;

  private final Instance<Ports> ports;
  private final Instance<OperatorSettings> settings;

  PlanCommand(Instance<Ports> ports, Instance<OperatorSettings> settings) {
    this.ports = ports;
    this.settings = settings;
  }

  @Override
  public Integer call() {
    var definition = file.read();
    var plan =
        new RunPlanner(ports.get(), settings.get()).plan(definition.run(), definition.text());
    var out = spec.commandLine().getOut();
    switch (output) {
      case text -> new PlanText(out).print(plan, job);
      case json -> out.println(PlanJson.write(plan, job));
    }
    out.flush();
    return switch (plan.outlook()) {
      case RunPlan.Outlook.Runs() -> ExitCode.OK;
      case RunPlan.Outlook.Ends(var reason, _) -> reason.exitCode();
    };
  }
}
