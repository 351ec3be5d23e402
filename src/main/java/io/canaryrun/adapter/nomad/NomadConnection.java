package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.javasdk.ErrorResponseException;
import com.hashicorp.nomad.javasdk.NomadApiClient;
import com.hashicorp.nomad.javasdk.NomadApiConfiguration;
import com.hashicorp.nomad.javasdk.NomadException;
import io.canaryrun.adapter.http.Access;
import io.canaryrun.adapter.http.BoundedHttp;
import io.canaryrun.adapter.http.ServerReader;
import io.canaryrun.core.spec.Target;
import io.canaryrun.port.Cluster;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Server;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.utils.URIBuilder;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;

/**
 * The HTTP clients for Nomad, with and without nomad-sdk. An agent takes 100 connections of one
 * address, so they hold few; event streams, which hold theirs for good, have some of their own.
 */
final class NomadConnection implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 20;
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Access access;
  private final CloseableHttpClient http;
  private final CloseableHttpClient streams;
  private final NomadApiClient sdk;

  NomadConnection(Access access, Optional<SSLContext> tls) {
    this.access = access;
    this.http = BoundedHttp.client(access, tls, MAX_CONNECTIONS, ANSWER);
    this.streams = BoundedHttp.client(access, tls, Cluster.MAX_EVENT_STREAMS, ANSWER);
    var base = access.address().base().toString();
    this.sdk =
        new NomadApiClient(new NomadApiConfiguration.Builder().setAddress(base).build(), http);
  }

  /** A call of nomad-sdk. */
  interface SdkCall<T> {
    T on(NomadApiClient client) throws IOException, NomadException;
  }

  /**
   * Asks through nomad-sdk.
   *
   * @return empty: Nomad says that there is no such thing
   */
  <T> Optional<T> find(String request, SdkCall<T> call) {
    try {
      return Optional.of(call.on(sdk));
    } catch (ErrorResponseException e) {
      if (Verdict.isAbsence(e.getServerErrorCode(), e.getServerErrorMessage())) {
        return Optional.empty();
      }
      throw failure(request, e.getServerErrorCode(), e.getServerErrorMessage());
    } catch (IOException | NomadException | RuntimeException e) { // Of fields that are not there.
      throw noAnswer(request, e);
    }
  }

  /** A status and its body. */
  record Answer(int status, String body) {}

  Answer get(URIBuilder address) {
    return send(RequestBuilder.get(uri(address)));
  }

  Answer put(URIBuilder address, String json) {
    return send(
        RequestBuilder.put(uri(address))
            .setEntity(new StringEntity(json, ContentType.APPLICATION_JSON)));
  }

  private Answer send(RequestBuilder builder) {
    var request = builder.build();
    try (var response = http.execute(request)) {
      return new Answer(
          response.getStatusLine().getStatusCode(),
          EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw noAnswer(request.getMethod() + " " + request.getURI().getPath(), e);
    }
  }

  Server server() {
    try {
      return ServerReader.read(http, access, "/config/Version/Version");
    } catch (IOException e) {
      throw noAnswer("version", e);
    }
  }

  /** An answer that does not end. */
  CloseableHttpResponse open(HttpUriRequest request) throws IOException {
    return streams.execute(request, BoundedHttp.endless());
  }

  /** An address of the API, in a namespace and region. */
  URIBuilder address(String path, Target target) {
    var address = new URIBuilder(access.address().base()).setPath(path);
    address.setParameter("namespace", target.namespace());
    target.region().ifPresent(region -> address.setParameter("region", region));
    return address;
  }

  static URI uri(URIBuilder address) {
    try {
      return address.build();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  PortFailure failure(String request, int status, String body) {
    return access
        .wrongScheme(status, body)
        .<PortFailure>map(wrong -> noAnswer(request, wrong))
        .orElseGet(() -> Verdict.of(request, status, body, access));
  }

  /** Nomad 1.11.3 answers 200 before it looks at the token, and then hangs up. */
  PortFailure refusedStream(String request, String namespace) {
    return new PortFailure.Denied(
        "%s: Nomad ended it without a word: perhaps the token (%s) has no permission to read the jobs of namespace %s"
            .formatted(request, access.tokenInWords(), namespace));
  }

  PortFailure.Unavailable noAnswer(String request, Exception cause) {
    return new PortFailure.Unavailable("%s: %s".formatted(request, access.inWords(cause)), cause);
  }

  @Override
  public void close() throws IOException {
    try (streams) {
      sdk.close();
    }
  }
}
