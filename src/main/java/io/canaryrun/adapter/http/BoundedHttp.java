package io.canaryrun.adapter.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.ServiceUnavailableRetryStrategy;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.Registry;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.HttpClientConnectionManager;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.impl.conn.SystemDefaultDnsResolver;
import org.apache.http.protocol.HttpContext;

/**
 * HTTP clients that send nothing twice, wait for nothing for ever, hold few connections, and take
 * no answer that fills the memory. The one exception: what was refused for its token, and so had no
 * effect, is sent again where there is a newer token by now.
 */
public final class BoundedHttp {
  /**
   * The longest answer. The longest that are to be expected are lists: of 1,000 statuses or of 500
   * allocations about 5 MiB. While an answer is read, it takes up to four times its length.
   */
  public static final int MAX_ANSWER_BYTES = 32 * 1024 * 1024;

  private static final Duration CONNECT = Duration.ofSeconds(3);

  /** Of one header; an agent's are short. */
  private static final int MAX_HEADER_BYTES = 16 * 1024;

  private static final int MAX_HEADERS = 200;

  private static final String ENDLESS = "canary.endless";

  private BoundedHttp() {}

  /**
   * @param context for https; empty: that of Java
   * @param silence after which an answer is given up
   */
  public static CloseableHttpClient client(
      Access access, Optional<SSLContext> context, int maxConnections, Duration silence) {
    return HttpClients.custom()
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .setConnectionManager(connections(access, context, maxConnections))
        .setDefaultRequestConfig(timeouts(silence))
        .addInterceptorLast((HttpRequest request, HttpContext _) -> identify(access, request))
        .addInterceptorLast(BoundedHttp::bound)
        .setServiceUnavailableRetryStrategy(new RenewedToken(access))
        .build();
  }

  private static HttpClientConnectionManager connections(
      Access access, Optional<SSLContext> context, int max) {
    var connections =
        new PoolingHttpClientConnectionManager(
            sockets(access, context),
            null,
            access.address().socket().isPresent()
                ? _ -> new InetAddress[] {InetAddress.getLoopbackAddress()}
                : SystemDefaultDnsResolver.INSTANCE);
    connections.setMaxTotal(max);
    connections.setDefaultMaxPerRoute(max);
    connections.setDefaultConnectionConfig(
        ConnectionConfig.custom()
            .setMessageConstraints(
                MessageConstraints.custom()
                    .setMaxLineLength(MAX_HEADER_BYTES)
                    .setMaxHeaderCount(MAX_HEADERS)
                    .build())
            .build());
    return connections;
  }

  private static Registry<ConnectionSocketFactory> sockets(
      Access access, Optional<SSLContext> context) {
    var factories = RegistryBuilder.<ConnectionSocketFactory>create();
    access
        .address()
        .socket()
        .ifPresentOrElse(
            path -> factories.register("http", new UnixSocketFactory(path)),
            () -> factories.register("http", PlainConnectionSocketFactory.getSocketFactory()));
    context.ifPresent(with -> factories.register("https", access.tls().sockets(with)));
    return factories.build();
  }

  private static void identify(Access access, HttpRequest request) {
    access.token().value().ifPresent(token -> request.setHeader(access.tokenHeader(), token));
    access
        .address()
        .login()
        .map(login -> Base64.getEncoder().encodeToString(login.getBytes(UTF_8)))
        .ifPresent(login -> request.setHeader("Authorization", "Basic " + login));
  }

  private static void bound(HttpResponse response, HttpContext context) {
    if (response.getEntity() != null && context.getAttribute(ENDLESS) == null) {
      var connection = HttpClientContext.adapt(context).getConnection();
      var success = response.getStatusLine().getStatusCode() / 100 == 2;
      response.setEntity(
          new BoundedEntity(response.getEntity(), MAX_ANSWER_BYTES, success, connection));
    }
  }

  /** For an answer that is read piece by piece as it comes, and never held as a whole. */
  public static HttpContext endless() {
    var context = HttpClientContext.create();
    context.setAttribute(ENDLESS, true);
    return context;
  }

  public static RequestConfig timeouts(Duration silence) {
    return RequestConfig.custom()
        .setConnectTimeout((int) CONNECT.toMillis())
        .setConnectionRequestTimeout((int) CONNECT.toMillis())
        .setSocketTimeout((int) silence.toMillis())
        .build();
  }

  /** Once per request, and only after the token was refused. */
  private record RenewedToken(Access access) implements ServiceUnavailableRetryStrategy {
    @Override
    public boolean retryRequest(HttpResponse response, int executions, HttpContext context) {
      int status = response.getStatusLine().getStatusCode();
      var refused =
          Optional.ofNullable(
                  HttpClientContext.adapt(context)
                      .getRequest()
                      .getFirstHeader(access.tokenHeader()))
              .map(Header::getValue);
      return executions == 1
          && (status == 401 || status == 403)
          && access.token().isOtherThan(refused);
    }

    @Override
    public long getRetryInterval() {
      return 0;
    }
  }
}
