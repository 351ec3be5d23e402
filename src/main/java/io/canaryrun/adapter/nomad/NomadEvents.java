package io.canaryrun.adapter.nomad;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.canaryrun.adapter.http.BoundedHttp;
import io.canaryrun.core.spec.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.jboss.logging.Logger;

/** Nomad's event stream; read token by token, so that no event is held in memory. */
final class NomadEvents {
  private static final String REQUEST = "event stream";

  /** Nomad 1.11.3 sends a heartbeat at once, and then every 30 s. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private static final int MAX_ERROR_BYTES = 10_000;

  private static final JsonFactory JSON = new JsonFactory();
  private static final Logger LOG = Logger.getLogger(NomadEvents.class);

  private final NomadConnection nomad;

  NomadEvents(NomadConnection nomad) {
    this.nomad = nomad;
  }

  void follow(String namespace, Consumer<String> onJob, Duration atMost) {
    var request = request(namespace);
    var timer = new CompletableFuture<Void>();
    var over = timer.completeOnTimeout(null, atMost.toMillis(), MILLISECONDS);
    var ending = over.thenRun(request::abort);
    var heard = new AtomicBoolean();
    try (var response = open(request)) {
      read(response.getEntity().getContent(), onJob, heard);
    } catch (IOException e) {
      LOG.debugf("the event stream ended: %s", e);
    } finally {
      ending.cancel(false);
      over.cancel(false);
    }
    if (!heard.get() && !request.isAborted() && !Thread.currentThread().isInterrupted()) {
      throw nomad.refusedStream(REQUEST, namespace);
    }
  }

  private HttpUriRequest request(String namespace) {
    var address =
        nomad
            .address("/v1/event/stream", new Target(namespace, Optional.empty()))
            .addParameter("topic", "Job")
            .addParameter("topic", "Allocation")
            .addParameter("topic", "Deployment")
            .addParameter("topic", "Evaluation");
    return RequestBuilder.get(NomadConnection.uri(address))
        .setConfig(BoundedHttp.timeouts(SILENCE))
        .build();
  }

  private CloseableHttpResponse open(HttpUriRequest request) {
    try {
      var response = nomad.open(request);
      int status = response.getStatusLine().getStatusCode();
      if (status == 200) {
        return response;
      }
      try (response) {
        var text = response.getEntity().getContent().readNBytes(MAX_ERROR_BYTES);
        throw nomad.failure(REQUEST, status, new String(text, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw nomad.noAnswer(REQUEST, e);
    }
  }

  /** A message is {@code {"Index":…,"Events":[…]}}, a heartbeat {@code {}}. */
  private static void read(InputStream stream, Consumer<String> onJob, AtomicBoolean heard)
      throws IOException {
    try (var json = JSON.createParser(stream)) {
      while (json.nextToken() != null && !Thread.currentThread().isInterrupted()) {
        heard.set(true);
        if (json.currentToken() == JsonToken.START_OBJECT
            && json.getParsingContext().getParent() != null
            && json.getParsingContext().getParent().inArray()) {
          jobOf(json).ifPresent(onJob);
        }
      }
    }
  }

  /** The event of a job has it as its key; that of anything else names it as the first filter. */
  private static Optional<String> jobOf(JsonParser event) throws IOException {
    String topic = "";
    String key = null;
    String filter = null;
    while (event.nextToken() == JsonToken.FIELD_NAME) {
      var field = event.currentName();
      event.nextToken();
      switch (field) {
        case "Topic" -> topic = event.getValueAsString("");
        case "Key" -> key = event.getValueAsString();
        case "FilterKeys" -> filter = firstOf(event);
        default -> event.skipChildren();
      }
    }
    return Optional.ofNullable("Job".equals(topic) ? key : filter);
  }

  private static String firstOf(JsonParser array) throws IOException {
    String first = null;
    if (array.currentToken() == JsonToken.START_ARRAY) {
      while (array.nextToken() != JsonToken.END_ARRAY) {
        first = first == null ? array.getValueAsString() : first;
      }
    }
    return first;
  }
}
