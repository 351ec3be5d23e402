package io.canaryrun.adapter.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority, always of the same name, that Java's own tool makes, and servers that it signs. */
final class TestAuthority {
  private static final String PASSWORD = "changeit";
  private final Path directory;

  private TestAuthority(Path directory) {
    this.directory = directory;
  }

  static TestAuthority in(Path directory) throws IOException {
    var authority = new TestAuthority(Files.createDirectories(directory));
    authority.make("ca.p12", "ca", "-ext", "bc:c");
    return authority;
  }

  /**
   * @param options of keytool
   */
  SSLContext server(String... options) throws IOException, GeneralSecurityException {
    var copy = StandardCopyOption.REPLACE_EXISTING;
    Files.copy(directory.resolve("ca.p12"), directory.resolve("server.p12"), copy);
    var signed = new ArrayList<>(List.of("-signer", "ca"));
    signed.addAll(List.of(options));
    make("server.p12", "server", signed.toArray(String[]::new));
    var store = store("server.p12");
    store.deleteEntry("ca");
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** In a file, as {@code …_CACERT} names it. */
  Path certificate() throws IOException, GeneralSecurityException {
    var encoded = store("ca.p12").getCertificate("ca").getEncoded();
    return Files.writeString(
        directory.resolve("ca.pem"),
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(encoded)));
  }

  private KeyStore store(String file) throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(directory.resolve(file).toFile(), PASSWORD.toCharArray());
  }

  private void make(String file, String name, String... options) {
    var command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
    command.addAll(
        List.of(
            "-genkeypair",
            "-keystore",
            directory.resolve(file).toString(),
            "-storetype",
            "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD, "-keyalg", "EC", "-alias", name));
    command.addAll(List.of("-dname", "CN=" + name));
    command.addAll(List.of(options));
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("keytool.log").toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(Files.readString(directory.resolve("keytool.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
