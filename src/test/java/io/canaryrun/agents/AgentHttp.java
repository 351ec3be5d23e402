package io.canaryrun.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Requests of a test to its agents: as their manager where permissions are checked, with the
 * manager's certificate where they want one.
 */
public final class AgentHttp {
  private static final HttpClient PLAIN = client().build();

  private AgentHttp() {}

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2));
  }

  /** Made when it is first needed. */
  private static final class Tls {
    private static final HttpClient CLIENT =
        client().sslContext(Certificates.shared().context()).build();
  }

  public static HttpClient client(URI address) {
    return "https".equals(address.getScheme()) ? Tls.CLIENT : PLAIN;
  }

  /** As the manager; who checks no permissions takes no notice of that. */
  public static HttpRequest.Builder request(URI address) {
    return HttpRequest.newBuilder(address)
        .timeout(Duration.ofSeconds(10))
        .header("X-Consul-Token", ConsulAgent.ROOT)
        .header("X-Nomad-Token", NomadAgent.ROOT);
  }

  /**
   * The status of an answer to somebody else than the manager.
   *
   * @param token empty: nobody in particular
   */
  static int statusAs(String token, String header, String method, URI address, String body) {
    var request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(10))
            .method(method, BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header(header, token);
    }
    try {
      return client(address).send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An answer with whatever status. */
  static HttpResponse<String> ask(String method, URI address, String body) throws IOException {
    var request = request(address).method(method, BodyPublishers.ofString(body)).build();
    try {
      return client(address).send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An answer that must be a success. */
  static HttpResponse<String> send(String method, URI address, String body) {
    try {
      var answer = ask(method, address, body);
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(method + " " + address + ": " + answer.body());
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
