package io.canaryrun.web;

import io.quarkus.vertx.http.runtime.filters.Filters;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * The daemon's port shows, and does nothing: whoever reaches it has shown no permission. People and
 * pipelines act through Consul, with a token of their own.
 */
@Singleton
final class ReadOnly {
  private static final List<String> ALLOWED = List.of("GET", "HEAD", "OPTIONS");

  /** Before everything else that a request meets. */
  private static final int FIRST = 1_000;

  private static final int METHOD_NOT_ALLOWED = 405;

  void register(@Observes Filters filters) {
    filters.register(
        request -> {
          if (ALLOWED.contains(request.request().method().name())) {
            request.next();
          } else {
            request
                .response()
                .setStatusCode(METHOD_NOT_ALLOWED)
                .putHeader("Allow", String.join(", ", ALLOWED))
                .end("this port only shows; act with canary promote, abort, pause and resume\n");
          }
        },
        FIRST);
  }
}
