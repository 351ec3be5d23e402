package io.canaryrun.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon's port shows, and does nothing, on this machine only. */
@Tag("e2e")
@ExtendWith(Locked.Shared.class)
@Execution(ExecutionMode.CONCURRENT)
class PortTest {
  private static final int LONGEST = 16 * 1024;

  private final int port;

  PortTest(Locked locked) {
    this.port = locked.port();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE"})
  void takesNoOrders(String method) throws Exception {
    for (var path : List.of("/q/health", "/api/v1/runs/api/promote", "/nowhere")) {
      assertEquals(405, status(method, path, "{}"), path);
    }
  }

  @Test
  void takesNoLongRequests() throws Exception {
    assertEquals(200, status("GET", "/q/health/live", "x".repeat(LONGEST)));
    assertEquals(413, status("GET", "/q/health/live", "x".repeat(LONGEST + 1)));
  }

  @Test
  void listensToThisMachineOnly() throws IOException {
    var addresses =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .toList();
    connect(InetAddress.getLoopbackAddress());
    for (var address : addresses) {
      assertThrows(ConnectException.class, () -> connect(address), address + "");
    }
  }

  private void connect(InetAddress address) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 2_000);
    }
  }

  private int status(String method, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
            .timeout(Duration.ofSeconds(10))
            .method(method, BodyPublishers.ofString(body))
            .build();
    try (var client = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    }
  }
}
