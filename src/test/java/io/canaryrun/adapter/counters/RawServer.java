package io.canaryrun.adapter.counters;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A server that answers each request with whatever bytes a test wants, at whatever pace. */
final class RawServer implements AutoCloseable {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicLong written = new AtomicLong();
  private final ServerSocket socket;
  private final Answer answer;

  /** Writes an answer; the connection is kept when it returns. */
  interface Answer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  RawServer(Answer answer) throws IOException {
    this("127.0.0.1", answer);
  }

  RawServer(String host, Answer answer) throws IOException {
    this.answer = answer;
    this.socket = new ServerSocket(0, 50, InetAddress.getByName(host));
    Thread.ofVirtual().start(this::accept);
  }

  static Answer json(String body) {
    return text("200 OK", body);
  }

  static Answer text(String status, String body) {
    return out ->
        out.write(
            "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(status, body.getBytes(UTF_8).length, body)
                .getBytes(UTF_8));
  }

  int port() {
    return socket.getLocalPort();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var connection = socket.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (IOException _) {
        return; // Closed by the test.
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = connection.getInputStream();
      var head = new StringBuilder();
      for (int next = in.read(); next >= 0; next = in.read()) {
        head.append((char) next);
        if (head.toString().endsWith("\r\n\r\n")) {
          head.setLength(0);
          answer.write(counting(connection.getOutputStream()));
        }
      }
    } catch (IOException _) {
      // The client has gone, as some tests want it to.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private OutputStream counting(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        out.write(b);
        written.incrementAndGet();
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        written.addAndGet(length);
      }
    };
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
