package io.canaryrun.adapter.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A connection to a Unix domain socket, as much of it as an HTTP client uses: Java has channels for
 * them, but no {@link Socket}. Reads and writes end after the timeout, when the socket is closed,
 * and when their thread is interrupted.
 */
final class UnixSocket extends Socket {
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private volatile int timeoutMillis;
  private volatile boolean closed;

  private UnixSocket(SocketChannel channel, Selector selector) throws IOException {
    this.channel = channel;
    this.selector = selector;
    channel.configureBlocking(false);
    this.key = channel.register(selector, 0);
  }

  static UnixSocket connect(Path path) throws IOException {
    var channel = open(path);
    try {
      return new UnixSocket(channel, Selector.open());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static SocketChannel open(Path path) throws IOException {
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      throw new IOException("%s: %s".formatted(path, e.getMessage()), e);
    }
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        var buffer = ByteBuffer.wrap(bytes, offset, length);
        int read = channel.read(buffer);
        while (read == 0 && length > 0) {
          await(SelectionKey.OP_READ, "read");
          read = channel.read(buffer);
        }
        return read;
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        var buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
          if (channel.write(buffer) == 0) {
            await(SelectionKey.OP_WRITE, "write");
          }
        }
      }
    };
  }

  private void await(int operation, String what) throws IOException {
    try {
      key.interestOps(operation);
      int ready = selector.select(timeoutMillis); // 0: as long as it takes.
      selector.selectedKeys().clear();
      if (closed) {
        throw new SocketException("socket closed");
      }
      if (Thread.currentThread().isInterrupted()) {
        close();
        throw new SocketException("closed by interrupt");
      }
      if (ready == 0) {
        throw new SocketTimeoutException(what + " timed out");
      }
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw new SocketException("socket closed", e);
    }
  }

  /** Ends what waits, too. */
  @Override
  public void close() throws IOException {
    closed = true;
    try (selector) {
      channel.close();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) {
    // There is no network to linger on.
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    try {
      return channel.getRemoteAddress();
    } catch (IOException e) {
      return null; // As Socket has it where there is none.
    }
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return null; // A client's end has no name.
  }
}
