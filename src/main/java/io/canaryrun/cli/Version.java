package io.canaryrun.cli;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
@Singleton
public final class Version implements IVersionProvider {
  private final String version;

  Version(@ConfigProperty(name = "quarkus.application.version") String version) {
    this.version = version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"canary " + version};
  }
}
