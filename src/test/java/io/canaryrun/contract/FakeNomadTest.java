package io.canaryrun.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.fake.Behaviour;
import io.canaryrun.fake.FakeConsul;
import io.canaryrun.fake.FakeNomad;
import io.canaryrun.fake.ManualTime;
import io.canaryrun.port.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The simulation's Nomad keeps what the real one promises. */
class FakeNomadTest extends ClusterContract {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final int TICKS = 300;

  private final ManualTime time = new ManualTime();
  private final FakeNomad nomad =
      new FakeNomad(time, FakeNomadTest::behaviour, new FakeConsul(time));
  private final List<Consumer<String>> followers = new ArrayList<>();

  /** What the real agent's test driver does with the same job. */
  private static Behaviour behaviour(JobDocument job) {
    return job.json().contains("\"run_for\":\"1s\"")
        ? Behaviour.USUAL.crashingAt(Duration.ofSeconds(1))
        : Behaviour.USUAL;
  }

  @Override
  Cluster cluster() {
    return nomad;
  }

  @Override
  Instant now() {
    return time.instant();
  }

  @Override
  void until(BooleanSupplier condition) {
    for (int tick = 0; tick < TICKS && !condition.getAsBoolean(); tick++) {
      time.pass(TICK);
      followers.forEach(follower -> nomad.followEvents("default", follower, Duration.ZERO));
    }
    assertTrue(condition.getAsBoolean());
  }

  @Override
  void follow(Consumer<String> onJob) {
    followers.add(onJob);
    nomad.followEvents("default", onJob, Duration.ZERO);
  }
}
