package io.canaryrun.cli;

import io.canaryrun.codec.StatusCodec;
import io.canaryrun.operator.Holdings;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Scheduler;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists runs. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = {
      "Lists all runs, or one, or the daemons with the runs that they hold.",
      "With -w NAME, follows that run as canary wait does."
    })
public final class GetCommand implements Callable<Integer> {

  /** How to print. */
  enum Output {
    table,
    wide,
    json
  }

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "of one run",
      completionCandidates = RunNames.class)
  private Optional<String> name = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "${COMPLETION-CANDIDATES}; json of runs is the status as it is in Consul KV, with -w one"
              + " object per event")
  private Output output = Output.table;

  @Option(
      names = {"-w", "--watch"},
      description = "goes on: with NAME until the run ends, without until Ctrl-C")
  private boolean watch;

  @Option(
      names = "--instances",
      description = "who is alive and holds which runs, and which are held by nobody")
  private boolean instances;

  @Mixin private Waiting waiting;

  private final Scheduler scheduler;

  GetCommand(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public Integer call() {
    if (output == Output.json) {
      waiting.options().useJson();
    }
    if (waiting.isAsked() && (!watch || name.isEmpty())) {
      throw new UsageError("--timeout and --until are about one run that is followed: -w NAME");
    }
    if (instances) {
      return listInstances();
    }
    if (watch) {
      return name.map(this::follow).orElseGet(this::followAll);
    }
    return list();
  }

  private RunStore store() {
    return waiting.store();
  }

  private int list() {
    var out = spec.commandLine().getOut();
    if (waiting.options().isJson()) {
      out.println(name.map(this::json).orElseGet(() -> RunList.all(store()).json()));
    } else {
      var runs = name.map(run -> RunList.one(store(), run)).orElseGet(() -> RunList.all(store()));
      runs.table(output == Output.wide, scheduler.now()).forEach(out::println);
    }
    out.flush();
    return ExitCode.OK;
  }

  private String json(String run) {
    return RunList.one(store(), run).statuses().stream()
        .findFirst()
        .map(StatusCodec::write)
        .orElseThrow(
            () ->
                new PortFailure.Rejected(
                    "run %s: no operator has taken its definition up yet, so there is no status"
                        .formatted(run)));
  }

  private int follow(String run) {
    return waiting.follow(run, RunNumber.present(store(), run));
  }

  private int followAll() {
    var out = spec.commandLine().getOut();
    new ListFollower(store(), scheduler, waiting.options(), out, output == Output.wide).follow();
    return ExitCode.OK;
  }

  private int listInstances() {
    if (name.isPresent() || watch) {
      throw new UsageError("--instances is about all runs as they are now; leave NAME and -w out");
    }
    var holdings = Holdings.of(store().members(), store().definitions(), store().statuses());
    var out = spec.commandLine().getOut();
    if (waiting.options().isJson()) {
      out.println(InstanceList.json(holdings));
    } else {
      InstanceList.table(out, holdings, scheduler.now());
    }
    out.flush();
    return ExitCode.OK;
  }
}
