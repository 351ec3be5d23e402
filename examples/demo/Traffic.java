import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Steady, bounded traffic over keep-alive connections, and an account of who answered how. */
final class Traffic {
  private static final int CONNECTIONS = 32;
  private static final byte[] REQUEST =
      "GET /hello HTTP/1.1\r\nHost: api.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final int port;
  private final long pauseNanos;
  private final Map<String, Tally> byJobAndVersion = new TreeMap<>();
  private long unanswered;
  private String lastProblem = "";

  /** What one version of one job answered. */
  record Tally(long requests, long errors, Instant firstError, long afterFirstError) {
    static final Tally NONE = new Tally(0, 0, null, 0);

    Tally plus(boolean error) {
      return new Tally(
          requests + 1,
          errors + (error ? 1 : 0),
          error && firstError == null ? Instant.now() : firstError,
          afterFirstError + (firstError == null ? 0 : 1));
    }
  }

  /**
   * @param perSecond requests over all connections together
   */
  Traffic(int port, int perSecond) {
    this.port = port;
    this.pauseNanos = 1_000_000_000L * CONNECTIONS / perSecond;
  }

  void start() {
    for (int i = 0; i < CONNECTIONS; i++) {
      long offset = pauseNanos * i / CONNECTIONS;
      Thread.ofPlatform().daemon().name("traffic-" + i).start(() -> run(offset));
    }
  }

  synchronized Tally of(String job, String version) {
    return byJobAndVersion.getOrDefault(job + " " + version, Tally.NONE);
  }

  synchronized long total() {
    return byJobAndVersion.values().stream().mapToLong(Tally::requests).sum();
  }

  /** Requests that got no answer of the service at all: none, if instances come and go cleanly. */
  synchronized long unanswered() {
    return unanswered;
  }

  synchronized String lastProblem() {
    return lastProblem;
  }

  private void run(long offset) {
    Connection connection = null;
    for (long next = System.nanoTime() + offset; ; next += pauseNanos) {
      long now = System.nanoTime();
      if (next > now) {
        LockSupport.parkNanos(next - now);
      } else {
        next = now; // Never catch up in a burst.
      }
      connection = request(connection);
    }
  }

  private Connection request(Connection kept) {
    try {
      var connection = kept == null ? new Connection(port) : kept;
      try {
        return answered(connection);
      } catch (EOFException closed) {
        if (kept == null) {
          throw closed;
        }
        return answered(new Connection(port)); // It was closed before it took the request.
      }
    } catch (IOException e) {
      failed(e.toString());
      return null;
    }
  }

  private Connection answered(Connection connection) throws IOException {
    var answer = connection.exchange();
    if (answer.job == null) {
      failed("answered " + answer.status + " by HAProxy");
    } else {
      count(answer);
    }
    if (answer.close) {
      connection.close();
      return null;
    }
    return connection;
  }

  private synchronized void count(Answer answer) {
    byJobAndVersion.merge(
        answer.job + " " + answer.version,
        Tally.NONE.plus(answer.status >= 500),
        (before, _) -> before.plus(answer.status >= 500));
  }

  private synchronized void failed(String why) {
    unanswered++;
    lastProblem = why;
  }

  private record Answer(int status, String job, String version, boolean close) {}

  private static final class Connection {
    private final Socket socket = new Socket();
    private final InputStream in;

    Connection(int port) throws IOException {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(15_000);
      socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
      in = new BufferedInputStream(socket.getInputStream());
    }

    void close() throws IOException {
      socket.close();
    }

    Answer exchange() throws IOException {
      try {
        socket.getOutputStream().write(REQUEST);
      } catch (IOException e) {
        throw (EOFException) new EOFException("closed while idle").initCause(e);
      }
      int status = Integer.parseInt(line(true).split(" ", 3)[1]);
      String job = null;
      String version = null;
      boolean close = false;
      int length = 0;
      for (var header = line(false); !header.isEmpty(); header = line(false)) {
        int colon = header.indexOf(':');
        var value = header.substring(colon + 1).strip();
        switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
          case "x-job" -> job = value;
          case "x-version" -> version = value;
          case "content-length" -> length = Integer.parseInt(value);
          case "connection" -> close = value.equalsIgnoreCase("close");
          default -> {}
        }
      }
      if (in.readNBytes(length).length < length) {
        throw new IOException("the connection broke within an answer");
      }
      return new Answer(status, job, version, close);
    }

    private String line(boolean first) throws IOException {
      var line = new StringBuilder(64);
      for (int next = read(first && line.isEmpty()); next != '\n'; next = read(false)) {
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }

    private int read(boolean first) throws IOException {
      int next;
      try {
        next = in.read();
      } catch (SocketException e) {
        throw first ? (EOFException) new EOFException("closed").initCause(e) : e;
      }
      if (next < 0) {
        throw first
            ? new EOFException("closed without an answer")
            : new IOException("the connection broke within an answer");
      }
      return next;
    }
  }
}
