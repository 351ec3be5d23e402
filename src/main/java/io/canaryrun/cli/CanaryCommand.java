package io.canaryrun.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top command; each other command is a class of its own. */
@Command(
    name = "canary",
    description = "Canary releases on HashiCorp Nomad.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AgentCommand.class,
      RunCommand.class,
      ApplyCommand.class,
      WaitCommand.class,
      GetCommand.class,
      DescribeCommand.class,
      HistoryCommand.class,
      PromoteCommand.class,
      AbortCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      DeleteCommand.class,
      ValidateCommand.class,
      PlanCommand.class,
      SchemaCommand.class,
      DoctorCommand.class
    },
    footerHeading = "%nExit codes of run, apply --wait and wait:%n",
    footer = {
      "  0 promoted, or good with \"promote\": \"none\"",
      "  1 the work could not be done, or production did not take the version",
      "  2 usage, or an invalid definition",
      "  3 the canary is not good enough",
      "  4 --timeout is over, the run goes on",
      "  5 --until decision: a person has to decide",
      "  6 a person ended it",
      "  7 overtaken by a newer definition or a change of production",
      "",
      "Nomad and Consul are found by the variables of their own clients:",
      "NOMAD_ADDR, NOMAD_TOKEN, CONSUL_HTTP_ADDR, CONSUL_HTTP_TOKEN and the rest."
    })
public final class CanaryCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command.");
  }
}
