package io.canaryrun.e2e;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import com.sun.net.httpserver.SimpleFileServer.OutputLevel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** The archive of a release on a web server. */
final class ClientArchive implements AutoCloseable {
  private final HttpServer server;
  private final Path archive;

  private ClientArchive(HttpServer server, Path archive) {
    this.server = server;
    this.archive = archive;
  }

  static ClientArchive serve(Path archive) throws IOException {
    var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var server = SimpleFileServer.createFileServer(loopback, archive.getParent(), OutputLevel.NONE);
    server.start();
    return new ClientArchive(server, archive);
  }

  /** What a pipeline must know of it. */
  Map<String, String> settings() throws IOException {
    return Map.of(
        "CANARY_ARCHIVES",
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "CANARY_SHA256",
        sha256());
  }

  private String sha256() throws IOException {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
