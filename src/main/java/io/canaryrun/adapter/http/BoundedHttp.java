package io.canaryrun.adapter.http;

import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.HttpClients;

/** HTTP clients that send nothing twice, wait for nothing for ever, and hold few connections. */
public final class BoundedHttp {
  private static final Duration CONNECT = Duration.ofSeconds(3);

  private BoundedHttp() {}

  /**
   * @param context for https; empty: that of Java
   * @param silence after which an answer is given up
   */
  public static HttpClientBuilder client(
      TlsSettings tls, Optional<SSLContext> context, int maxConnections, Duration silence) {
    var builder =
        HttpClients.custom()
            .disableAutomaticRetries()
            .disableRedirectHandling()
            .disableCookieManagement()
            .setMaxConnTotal(maxConnections)
            .setMaxConnPerRoute(maxConnections)
            .setDefaultRequestConfig(timeouts(silence));
    context.ifPresent(
        with -> builder.setSSLSocketFactory(new SSLConnectionSocketFactory(with, tls.hostnames())));
    return builder;
  }

  public static RequestConfig timeouts(Duration silence) {
    return RequestConfig.custom()
        .setConnectTimeout((int) CONNECT.toMillis())
        .setConnectionRequestTimeout((int) CONNECT.toMillis())
        .setSocketTimeout((int) silence.toMillis())
        .build();
  }
}
