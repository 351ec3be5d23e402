package io.canaryrun.adapter.counters;

import io.canaryrun.core.analysis.Reading;
import io.canaryrun.core.spec.Counters;
import io.canaryrun.port.CounterSource.Canary;
import io.canaryrun.port.Scheduler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** One read of one canary; gives exactly one reading, unless it is abandoned. */
final class Poll {
  static final int MAX_BODY_BYTES = 64 * 1024;

  private final Canary canary;
  private final Counters counters;
  private final Duration deadline;
  private final Scheduler clock;
  private final Consumer<Reading> sink;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicReference<HttpClientRequest> underWay = new AtomicReference<>();

  Poll(
      Canary canary,
      Counters counters,
      Duration deadline,
      Scheduler clock,
      Consumer<Reading> sink) {
    this.canary = canary;
    this.counters = counters;
    this.deadline = deadline;
    this.clock = clock;
    this.sink = sink;
  }

  /** Begins; the reading comes from an event loop. */
  void start(HttpClient client) {
    try {
      client.request(options()).onSuccess(this::send).onFailure(this::failed);
    } catch (IllegalArgumentException | IllegalStateException e) {
      failed(e);
    }
  }

  private RequestOptions options() {
    var address = Address.parse(canary.address());
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setServer(SocketAddress.inetSocketAddress(address.port(), address.host()))
        .setHost(address.authority())
        .setPort(address.port())
        .setURI(counters.path())
        .setFollowRedirects(false)
        .setConnectTimeout(counters.timeout().toMillis());
  }

  private void send(HttpClientRequest request) {
    underWay.set(request);
    request.exceptionHandler(this::failed); // Without one, Vert.x logs our own giving up.
    if (over.get()) {
      request.reset();
      return;
    }
    request.send().onSuccess(this::receive).onFailure(this::failed);
  }

  private void receive(HttpClientResponse response) {
    response.exceptionHandler(this::failed);
    if (response.statusCode() != 200) {
      finish(new Reading.Failed(answer(response)));
      giveUp(); // Its body is of no interest, however long it is.
      return;
    }
    var body = Buffer.buffer();
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > MAX_BODY_BYTES) {
            finish(new Reading.Failed("the answer is longer than 64 KiB"));
            giveUp();
          } else {
            body.appendBuffer(chunk);
          }
        });
    response.endHandler(_ -> finish(CountersBody.read(body.getBytes(), counters)));
  }

  private static String answer(HttpClientResponse response) {
    var status = "answered " + response.statusCode() + " " + response.statusMessage();
    boolean redirect = response.statusCode() >= 300 && response.statusCode() < 400;
    return redirect ? status + ", and redirects are not followed" : status;
  }

  private void failed(Throwable cause) {
    var message = cause.getMessage();
    finish(new Reading.Failed(message == null ? cause.getClass().getSimpleName() : message));
  }

  /** The time is over: what has not come by now counts as failed. */
  void expire() {
    if (finish(late())) {
      giveUp();
    }
  }

  /** Nobody wants the reading any more. */
  void abandon() {
    if (over.compareAndSet(false, true)) {
      giveUp();
    }
  }

  private void giveUp() {
    var request = underWay.get();
    if (request != null) {
      request.reset();
    }
  }

  /**
   * @return whether this was the reading that counts
   */
  private boolean finish(Reading.Result result) {
    boolean inTime = clock.monotonic().compareTo(deadline) <= 0;
    if (!over.compareAndSet(false, true)) {
      return false;
    }
    sink.accept(
        new Reading(
            canary.allocId(), canary.processStartedAt(), clock.now(), inTime ? result : late()));
    return true;
  }

  private Reading.Failed late() {
    return new Reading.Failed(
        "no complete answer within %d ms".formatted(counters.timeout().toMillis()));
  }
}
