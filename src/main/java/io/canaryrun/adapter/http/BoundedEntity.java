package io.canaryrun.adapter.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.http.HttpConnection;
import org.apache.http.HttpEntity;
import org.apache.http.entity.HttpEntityWrapper;

/**
 * The body of an answer. One that is too long fails to be read, and its connection is closed. An
 * empty one fails where the answer tells of a success: it would be taken for an empty list.
 */
final class BoundedEntity extends HttpEntityWrapper {
  private final int maxBytes;
  private final boolean success;
  private final HttpConnection connection;

  BoundedEntity(HttpEntity body, int maxBytes, boolean success, HttpConnection connection) {
    super(body);
    this.maxBytes = maxBytes;
    this.success = success;
    this.connection = connection;
  }

  @Override
  public InputStream getContent() throws IOException {
    if (getContentLength() > maxBytes) {
      throw tooLong();
    }
    return new Bounded(super.getContent());
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try (var content = getContent()) {
      content.transferTo(out);
    }
  }

  private IOException tooLong() throws IOException {
    connection.shutdown(); // Else the rest would be read only to be thrown away.
    return new IOException(
        "the answer is longer than %d MiB, the most that is taken"
            .formatted(maxBytes / 1024 / 1024));
  }

  private final class Bounded extends FilterInputStream {
    private long rest = maxBytes;
    private boolean tooLong;

    Bounded(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      return (int) counted(super.read(), 1);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      return (int) counted(read, read);
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      return counted(skipped, skipped);
    }

    private long counted(long result, long bytes) throws IOException {
      if (result < 0 && rest == maxBytes && success) {
        throw new IOException("the answer is empty");
      }
      rest -= result < 0 ? 0 : bytes;
      if (rest < 0) {
        tooLong = true;
        throw tooLong();
      }
      return result;
    }

    @Override
    public void close() throws IOException {
      if (!tooLong) {
        super.close();
      }
    }
  }
}
