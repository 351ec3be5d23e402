package io.canaryrun.adapter.consul;

import com.ecwid.consul.transport.HttpResponse;
import com.ecwid.consul.transport.TransportException;
import com.ecwid.consul.v1.ConsistencyMode;
import com.ecwid.consul.v1.ConsulClient;
import com.ecwid.consul.v1.ConsulRawClient;
import com.ecwid.consul.v1.OperationException;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.Response;
import com.ecwid.consul.v1.kv.model.GetValue;
import io.canaryrun.adapter.http.Access;
import io.canaryrun.adapter.http.BoundedHttp;
import io.canaryrun.adapter.http.Causes;
import io.canaryrun.adapter.http.ServerReader;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.Server;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;

/**
 * consul-api over HTTP clients of our own: it would send tokens in addresses and writes up to three
 * times. An agent takes 200 connections of one address, so these hold few.
 */
public final class ConsulConnection implements AutoCloseable {
  static final QueryParams CONSISTENT = new QueryParams(ConsistencyMode.CONSISTENT);

  private static final int MAX_CONNECTIONS = 20;

  /** Too many requests; too slow; and not Consul's, which answers nothing so that is asked here. */
  private static final Set<Integer> MAYBE_LATER = Set.of(429, 408, 404);

  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** For blocking queries: Consul adds up to a sixteenth to what was asked for. */
  private static final Duration LONG_ANSWER = Duration.ofSeconds(80);

  private final Access access;
  private final CloseableHttpClient http;
  private final CloseableHttpClient patient;
  private final ConsulRawClient raw;
  private final ConsulClient client;
  private final ConsulClient waiting;

  /**
   * @param tls for an https address; empty: the trust store of Java
   */
  public ConsulConnection(Access access, Optional<SSLContext> tls) {
    this.access = access;
    this.http = BoundedHttp.client(access, tls, MAX_CONNECTIONS, ANSWER);
    this.patient = BoundedHttp.client(access, tls, MAX_CONNECTIONS, LONG_ANSWER);
    this.raw = raw(http);
    this.client = new ConsulClient(raw);
    this.waiting = new ConsulClient(raw(patient));
  }

  private ConsulRawClient raw(CloseableHttpClient over) {
    var base = access.address().base();
    int port = base.getPort();
    return new ConsulRawClient(
        over,
        base.getScheme() + "://" + base.getHost(),
        port >= 0 ? port : ("https".equals(base.getScheme()) ? 443 : 80),
        "");
  }

  /** A call of consul-api. */
  interface Call<T> {
    T on(ConsulClient client);
  }

  <T> T ask(String request, Call<T> call) {
    return ask(request, client, call);
  }

  /** A key, read consistently; empty: it is not there. */
  Optional<GetValue> read(String key) {
    return Optional.ofNullable(
        query("read key " + key, client -> client.getKVValue(encoded(key), CONSISTENT)));
  }

  /**
   * A question about what is there.
   *
   * @return null: nothing
   */
  <T> T query(String request, Call<Response<T>> call) {
    return ask(request, client, it -> own(call.on(it)).getValue());
  }

  /**
   * A blocking query.
   *
   * @return its index
   */
  long waitFor(String request, Call<Response<?>> call) {
    return ask(request, waiting, it -> own(call.on(it)).getConsulIndex());
  }

  /**
   * Consul tells its index with every answer to a query, also where there is nothing; a proxy that
   * answers in its place does not.
   */
  private static <T> Response<T> own(Response<T> answer) {
    if (answer.getConsulIndex() == null) {
      throw new IllegalStateException("an answer without X-Consul-Index is not Consul's");
    }
    return answer;
  }

  private <T> T ask(String request, ConsulClient client, Call<T> call) {
    try {
      return call.on(client);
    } catch (OperationException e) {
      throw failure(request, e.getStatusCode(), e.getStatusContent());
    } catch (RuntimeException e) { // ConsulException, or what consul-api made of an odd answer.
      throw noAnswer(request, e);
    }
  }

  HttpResponse put(String request, String path, String body) {
    try {
      return raw.makePutRequest(path, body);
    } catch (TransportException e) {
      throw noAnswer(request, e);
    }
  }

  /** A status and its body. */
  record Answer(int status, String body) {}

  /** What consul-api has no method for. */
  Answer post(String request, String path, String body) {
    var post =
        RequestBuilder.post(access.address().base().resolve(path))
            .setEntity(new StringEntity(body, ContentType.APPLICATION_JSON))
            .build();
    try (var response = http.execute(post)) {
      return new Answer(
          response.getStatusLine().getStatusCode(),
          EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw noAnswer(request, e);
    }
  }

  Server server() {
    try {
      return ServerReader.read(http, access, "/Config/Version");
    } catch (IOException e) {
      throw noAnswer("version", e);
    }
  }

  PortFailure failure(String request, int status, String body) {
    var wrong = access.wrongScheme(status, body);
    if (wrong.isPresent()) {
      return noAnswer(request, wrong.get());
    }
    var sentence = Causes.line(body);
    if (status < 400 || status >= 500 || MAYBE_LATER.contains(status)) {
      return new PortFailure.Unavailable(
          "%s: %s answered %d: %s".formatted(request, access, status, sentence), null);
    }
    return status == 403
        ? new PortFailure.Denied(
            "%s: the token (%s) has no permission: %s".formatted(request, tokenInWords(), sentence))
        : new PortFailure.Rejected(
            "%s: %s answered %d: %s".formatted(request, access, status, sentence));
  }

  /** Where the token comes from, for people. */
  String tokenInWords() {
    return access.tokenInWords();
  }

  PortFailure.Unavailable noAnswer(String request, Exception cause) {
    return new PortFailure.Unavailable("%s: %s".formatted(request, access.inWords(cause)), cause);
  }

  /** consul-api puts keys into addresses as they are. */
  static String encoded(String key) {
    return Arrays.stream(key.split("/", -1))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  @Override
  public void close() throws IOException {
    http.close();
    patient.close();
  }
}
