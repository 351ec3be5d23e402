package io.canaryrun.adapter.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.apache.http.HttpHost;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.protocol.HttpContext;

/** Connects to one Unix domain socket, whatever host a request names. */
record UnixSocketFactory(Path path) implements ConnectionSocketFactory {

  /** A plain one, which the HTTP client sets its options on and throws away. */
  @Override
  public Socket createSocket(HttpContext context) {
    return new Socket();
  }

  @Override
  public Socket connectSocket(
      int timeoutMillis,
      Socket unused,
      HttpHost host,
      InetSocketAddress remote,
      InetSocketAddress local,
      HttpContext context)
      throws IOException, ConnectTimeoutException {
    unused.close();
    var socket = UnixSocket.connect(path);
    socket.setSoTimeout(timeoutMillis);
    return socket;
  }
}
