package io.canaryrun.e2e;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Steady requests to all passing instances of a service, until it is closed. */
final class Traffic implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final int MAX_REQUESTS = 20_000;

  private final AtomicBoolean over = new AtomicBoolean();
  private final Thread thread;

  private Traffic(Run run, String service) {
    thread = Thread.startVirtualThread(() -> send(run, service));
  }

  /** About 50 requests per second to each canary. */
  static Traffic to(Run run) {
    return new Traffic(run, run.canary());
  }

  private void send(Run run, String service) {
    var instances = run.instances(service);
    for (int i = 0; i < MAX_REQUESTS && !over.get(); i++) {
      if (i % 20 == 0) {
        instances = run.instances(service);
      }
      instances.forEach(address -> Http.send("http://" + address + "/"));
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    over.set(true);
    thread.interrupt();
  }
}
