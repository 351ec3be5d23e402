package io.canaryrun.agents;

import io.canaryrun.adapter.http.TlsSettings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * An authority made on the spot, and what it signs: for an agent of Nomad or Consul, and for a
 * client of them.
 */
public final class Certificates {
  private final Path directory;

  private Certificates(Path directory) {
    this.directory = directory;
  }

  private static final class Shared {
    private static final Certificates MADE = made();

    private static Certificates made() {
      try {
        return in(Files.createTempDirectory("canary-tls-"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Those that this process's own requests to agents use. */
  public static Certificates shared() {
    return Shared.MADE;
  }

  /** Others. */
  public static Certificates in(Path directory) {
    var certificates = new Certificates(directory);
    certificates.consul("ca", "create");
    certificates.consul("cert", "create", "-server", "-additional-dnsname=server.global.nomad");
    certificates.consul("cert", "create", "-client");
    return certificates;
  }

  private void consul(String... arguments) {
    var command = new ArrayList<>(List.of("consul", "tls"));
    command.addAll(List.of(arguments));
    try {
      Files.createDirectories(directory);
      var process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("consul-tls.log").toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + " failed, see " + directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Path authority() {
    return directory.resolve("consul-agent-ca.pem");
  }

  /** Of an agent: {@code server.dc1.consul}, {@code server.global.nomad}, 127.0.0.1. */
  Path agent() {
    return directory.resolve("dc1-server-consul-0.pem");
  }

  Path agentKey() {
    return directory.resolve("dc1-server-consul-0-key.pem");
  }

  public Path client() {
    return directory.resolve("dc1-client-consul-0.pem");
  }

  public Path clientKey() {
    return directory.resolve("dc1-client-consul-0-key.pem");
  }

  /** Trusts the authority, and shows the client's certificate. */
  SSLContext context() {
    var settings =
        new TlsSettings(
            "TEST",
            Optional.of(authority()),
            Optional.empty(),
            Optional.of(client()),
            Optional.of(clientKey()),
            Optional.empty(),
            false);
    var vertx = Vertx.vertx();
    try {
      return settings.context(vertx);
    } finally {
      vertx.close();
    }
  }
}
