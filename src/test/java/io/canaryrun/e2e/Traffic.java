package io.canaryrun.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Steady requests until it is closed, and when the first of them failed. */
final class Traffic implements AutoCloseable {
  private static final int MAX_REQUESTS = 20_000;

  private final Supplier<List<String>> addresses;
  private final Duration pause;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicReference<Instant> firstError = new AtomicReference<>();
  private final Thread thread;

  private Traffic(Supplier<List<String>> addresses, Duration pause) {
    this.addresses = addresses;
    this.pause = pause;
    this.thread = Thread.startVirtualThread(this::send);
  }

  /** About 50 requests per second to each canary that passes its checks. */
  static Traffic to(Run run) {
    return new Traffic(() -> run.instances(run.canary()), Duration.ofMillis(20));
  }

  /** The same to each instance of production, canaries in its midst included. */
  static Traffic toProduction(Run run) {
    return new Traffic(() -> run.instances(run.name), Duration.ofMillis(20));
  }

  /**
   * About 25 requests per second to each canary that passes its checks.
   *
   * @param service of the canaries, and of others that may be in their midst
   */
  static Traffic calm(Run run, String service) {
    return new Traffic(() -> run.instances(service), Duration.ofMillis(40));
  }

  /** About 200 requests per second to a load balancer. */
  static Traffic through(String address) {
    return new Traffic(() -> List.of(address), Duration.ofMillis(5));
  }

  /** When the first answer with status 500 arrived. */
  Optional<Instant> firstError() {
    return Optional.ofNullable(firstError.get());
  }

  private void send() {
    var instances = addresses.get();
    for (int i = 0; i < MAX_REQUESTS && !over.get(); i++) {
      if (i % 20 == 0) {
        instances = addresses.get();
      }
      instances.forEach(address -> Http.send("http://" + address + "/", this::answered));
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void answered(int status) {
    if (status == 500) {
      firstError.compareAndSet(null, Instant.now());
    }
  }

  @Override
  public void close() {
    over.set(true);
    thread.interrupt();
  }
}
