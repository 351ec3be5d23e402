package io.canaryrun.adapter.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.canaryrun.port.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.utils.DateUtils;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.util.EntityUtils;

/** What an agent tells of itself. */
public final class ServerReader {
  private ServerReader() {}

  /**
   * @param version where that is in the answer, a JSON Pointer
   * @throws IOException there was no answer, or one that tells nothing
   */
  public static Server read(CloseableHttpClient http, Access access, String version)
      throws IOException {
    var ask = RequestBuilder.get(access.address().base().resolve("/v1/agent/self")).build();
    try (var response = http.execute(ask)) {
      var status = response.getStatusLine().getStatusCode();
      var body = EntityUtils.toString(response.getEntity(), StandardCharsets.UTF_8);
      var wrong = access.wrongScheme(status, body);
      if (wrong.isPresent()) {
        throw wrong.get();
      }
      var forbidden = status == 401 || status == 403;
      if (status != 200 && !forbidden) {
        throw new IOException("status %d: %s".formatted(status, body.strip()));
      }
      return new Server(
          access.address().toString(),
          forbidden ? Optional.empty() : version(body, version),
          time(response));
    }
  }

  private static Optional<String> version(String body, String pointer) throws IOException {
    var version = new ObjectMapper().readTree(body).at(pointer);
    return version.isTextual() ? Optional.of(version.asText()) : Optional.empty();
  }

  /** Every answer of these servers has one, also a refusal. */
  private static Instant time(HttpResponse response) throws IOException {
    var date = response.getFirstHeader(HttpHeaders.DATE);
    var time = date == null ? null : DateUtils.parseDate(date.getValue());
    if (time == null) {
      throw new IOException("the answer has no date");
    }
    return time.toInstant();
  }
}
