package io.canaryrun.e2e;

import io.canaryrun.agents.AgentHttp;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.awaitility.Awaitility;

/** Requests of tests, all on loopback. */
final class Http {
  private Http() {}

  /** The body of an answer with status 200; empty for any other and for none. */
  static String get(String address) {
    try {
      return demand(address);
    } catch (UncheckedIOException e) {
      return "";
    }
  }

  /**
   * The body of an answer with status 200.
   *
   * @throws UncheckedIOException there is another one or none
   */
  static String demand(String address) {
    var request = request(address);
    try {
      var answer = AgentHttp.client(request.uri()).send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("%s: status %d".formatted(address, answer.statusCode()));
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException(address));
    }
  }

  /**
   * Traffic; a request that is not answered is one of the things that happen.
   *
   * @param status is told the answer's status
   */
  static void send(String address, IntConsumer status) {
    var request = request(address);
    var _ =
        AgentHttp.client(request.uri())
            .sendAsync(request, BodyHandlers.discarding())
            .thenAccept(answer -> status.accept(answer.statusCode()));
  }

  private static HttpRequest request(String address) {
    return AgentHttp.request(URI.create(address)).timeout(Duration.ofSeconds(5)).build();
  }

  static void await(String address, String text) {
    Awaitility.await(address + " answers with " + text)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> get(address).contains(text));
  }
}
