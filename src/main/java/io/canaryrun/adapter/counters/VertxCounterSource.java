package io.canaryrun.adapter.counters;

import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.spec.Counters;
import io.canaryrun.port.CounterSource;
import io.canaryrun.port.Scheduler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reads counters over HTTP on Vert.x event loops: no thread waits for a canary. */
public final class VertxCounterSource implements CounterSource, AutoCloseable {
  /** One that is used, and one for a read that begins while the last one is being given up. */
  private static final int MAX_CONNECTIONS_PER_CANARY = 2;

  /**
   * Shorter than what servers keep: a connection that they just closed would fail a read. And not
   * the 5 s between the two reads of a forecast: one that is given up here fails it as well.
   */
  private static final int KEEP_ALIVE_SECONDS = 3;

  private final HttpClient client;
  private final Scheduler clock;

  /**
   * @param clock tells the time; no thread of it is used
   */
  public VertxCounterSource(Vertx vertx, Scheduler clock) {
    this.clock = clock;
    this.client =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions().setKeepAliveTimeout(KEEP_ALIVE_SECONDS).setTcpNoDelay(true))
            .with(new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS_PER_CANARY))
            // What breaks a connection breaks a read, too, which says so; Vert.x need not.
            .withConnectHandler(connection -> connection.exceptionHandler(_ -> {}))
            .build();
  }

  @Override
  public void read(Collection<Canary> canaries, Counters counters, Consumer<Reading> each) {
    var arrived = new LinkedBlockingQueue<Reading>();
    var deadline = clock.monotonic().plus(counters.timeout());
    var polls =
        canaries.stream()
            .map(canary -> new Poll(canary, counters, deadline, clock, arrived::add))
            .toList();
    try {
      polls.forEach(poll -> poll.start(client));
      handOver(polls, arrived, deadline, each);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      polls.forEach(Poll::abandon);
    }
  }

  private void handOver(
      List<Poll> polls, BlockingQueue<Reading> arrived, Duration deadline, Consumer<Reading> each)
      throws InterruptedException {
    for (int missing = polls.size(); missing > 0; missing--) {
      var reading = arrived.poll(deadline.minus(clock.monotonic()).toNanos(), TimeUnit.NANOSECONDS);
      if (reading == null) {
        polls.forEach(Poll::expire);
        reading = arrived.take(); // Each poll has given its reading by now.
      }
      each.accept(reading);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
