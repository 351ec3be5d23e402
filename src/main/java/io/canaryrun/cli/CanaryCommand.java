package io.canaryrun.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
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
      DoctorCommand.class,
      CompletionCommand.class,
      RunNamesCommand.class
    },
    footerHeading = "%nExit codes of run, apply --wait, wait and get -w NAME:%n",
    footer = {
      "  0 promoted, or good with \"promote\": \"none\"",
      "  1 the work could not be done, or production did not take the version",
      "  2 usage, or an invalid definition",
      "  3 the canary is not good enough",
      "  4 --timeout is over, the run goes on",
      "  5 --until decision: a person has to decide",
      "  6 a person ended it",
      "  7 overtaken by a newer definition or a change of production",
      "130 Ctrl-C, 143 SIGTERM: apply, wait and get only stop watching, run cleans up first",
      "",
      EnvironmentHelp.TEXT
    })
public final class CanaryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "log what is done, and show where an error happened")
  private boolean verbose;

  /**
   * The command line with all commands.
   *
   * @param factory makes the commands, which are given what they work on
   */
  public static CommandLine line(IFactory factory, Shutdown shutdown) {
    return new CommandLine(CanaryCommand.class, factory)
        .setExecutionExceptionHandler(new Failures(shutdown))
        .setParameterExceptionHandler(new Mistyped())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  static CanaryCommand of(CommandLine command) {
    return (CanaryCommand) command.getCommandSpec().root().userObject();
  }

  boolean isVerbose() {
    return verbose;
  }

  /** Without a command. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE;
  }
}
