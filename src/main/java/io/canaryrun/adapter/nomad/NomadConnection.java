package io.canaryrun.adapter.nomad;

import com.hashicorp.nomad.javasdk.ErrorResponseException;
import com.hashicorp.nomad.javasdk.NomadApiClient;
import com.hashicorp.nomad.javasdk.NomadApiConfiguration;
import com.hashicorp.nomad.javasdk.NomadException;
import io.canaryrun.adapter.http.BoundedHttp;
import io.canaryrun.adapter.http.Causes;
import io.canaryrun.adapter.http.ServerReader;
import io.canaryrun.core.spec.Target;
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
 * The one HTTP client for Nomad, with and without nomad-sdk. An agent takes 100 connections of one
 * address, so it holds few.
 */
final class NomadConnection implements AutoCloseable {
  private static final int MAX_CONNECTIONS = 20;
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final NomadSettings settings;
  private final CloseableHttpClient http;
  private final NomadApiClient sdk;

  NomadConnection(NomadSettings settings, Optional<SSLContext> tls) {
    this.settings = settings;
    this.http = BoundedHttp.client(settings.tls(), tls, MAX_CONNECTIONS, ANSWER).build();
    var configuration =
        new NomadApiConfiguration.Builder().setAddress(settings.address().toString());
    settings.token().ifPresent(configuration::setAuthToken);
    this.sdk = new NomadApiClient(configuration.build(), http);
  }

  /** A call of nomad-sdk. */
  interface SdkCall<T> {
    T on(NomadApiClient client) throws IOException, NomadException;
  }

  /**
   * Asks through nomad-sdk.
   *
   * @return empty: status 404
   */
  <T> Optional<T> find(String request, SdkCall<T> call) {
    try {
      return Optional.of(call.on(sdk));
    } catch (ErrorResponseException e) {
      if (e.getServerErrorCode() == 404) {
        return Optional.empty();
      }
      throw Verdict.of(request, e.getServerErrorCode(), e.getServerErrorMessage());
    } catch (IOException | NomadException e) {
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
    var request = authorized(builder);
    try (var response = http.execute(request)) {
      return new Answer(
          response.getStatusLine().getStatusCode(),
          EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw noAnswer(request.getMethod() + " " + request.getURI().getPath(), e);
    }
  }

  Server server() {
    var ask = authorized(RequestBuilder.get(settings.address().resolve("/v1/agent/self")));
    try {
      return ServerReader.read(http, ask, settings.address(), "/config/Version/Version");
    } catch (IOException e) {
      throw noAnswer("Nomad's agent", e);
    }
  }

  CloseableHttpResponse open(HttpUriRequest request) throws IOException {
    return http.execute(request);
  }

  HttpUriRequest authorized(RequestBuilder builder) {
    settings.token().ifPresent(token -> builder.setHeader("X-Nomad-Token", token));
    return builder.build();
  }

  /** An address of the API, in a namespace and region. */
  URIBuilder address(String path, Target target) {
    var address = new URIBuilder(settings.address()).setPath(path);
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

  PortFailure.Unavailable noAnswer(String request, Exception cause) {
    return new PortFailure.Unavailable(
        "%s: Nomad at %s (NOMAD_ADDR) did not answer: %s"
            .formatted(request, settings.address(), Causes.inWords(cause)),
        cause);
  }

  @Override
  public void close() throws IOException {
    sdk.close();
  }
}
