package io.canaryrun.fake;

import io.canaryrun.codec.DefinitionCodec;
import io.canaryrun.core.analysis.Reading.Counted;
import io.canaryrun.core.analysis.Reading.Result;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.fake.FakeNomad.LiveAllocation;
import io.canaryrun.operator.AllowList;
import io.canaryrun.operator.OperatorSettings;
import io.canaryrun.operator.Ports;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Everything outside of a command, with production {@code api} in two allocations. */
public final class Surroundings {
  public static final long REQUESTS_PER_SECOND = 100;

  public final ManualTime time = new ManualTime();
  public final FakeConsul consul = new FakeConsul(time);
  public final FakeNomad nomad = new FakeNomad(time, _ -> Behaviour.USUAL, consul);
  public Function<LiveAllocation, Result> traffic = Surroundings::steady;

  public Surroundings() {
    nomad.userRegister(production("api:41"));
    time.pass(Duration.ofSeconds(10));
  }

  private static Counted steady(LiveAllocation allocation) {
    return new Counted(allocation.servedFor().toMillis() * REQUESTS_PER_SECOND / 1_000, 0);
  }

  public Ports ports() {
    var counters = new FakeCounters(time, nomad, allocation -> traffic.apply(allocation));
    return new Ports(consul, consul, nomad, consul, counters, _ -> {}, new ManualScheduler(time));
  }

  public OperatorSettings settings() {
    return settings(List.of("default"));
  }

  /** With these namespaces allowed. */
  public OperatorSettings settings(List<String> namespaces) {
    return new OperatorSettings(
        "test",
        "canary/",
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        10,
        20,
        Duration.ofDays(30),
        50,
        new AllowList(namespaces, List.of("*"), List.of("docker"), List.of()));
  }

  public static JobDocument production(String image) {
    return new JobDocument(
        "api",
        """
        {"ID":"api","Name":"api","Type":"service","Namespace":"default","Region":"global",
         "TaskGroups":[{"Name":"web","Count":2,"Networks":[{"DynamicPorts":[{"Label":"http"}]}],
           "Services":[{"Name":"api","PortLabel":"http"}],
           "Tasks":[{"Name":"web","Driver":"docker","Config":{"image":"%s"}}]}]}
        """
            .formatted(image));
  }

  /**
   * @param spec fields beside the job
   */
  public static String definition(String image, String... spec) {
    return """
        {"apiVersion":"canary/v1","kind":"CanaryRun","metadata":{"name":"api"},
         "spec":{"job":{"nomadJob":"api","set":{"image":"%s"}}%s}}
        """
        .formatted(image, String.join("", List.of(spec).stream().map(it -> "," + it).toList()));
  }

  public static CanaryRun read(String definition) {
    return switch (DefinitionCodec.read(definition)) {
      case DefinitionCodec.Result.Valid(var run) -> run;
      case DefinitionCodec.Result.Invalid invalid ->
          throw new IllegalArgumentException(invalid.toString());
    };
  }
}
