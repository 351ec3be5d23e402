package io.canaryrun.cli;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * What a command does when the process is told to end (Ctrl-C, SIGTERM): it runs before anything is
 * closed, and the process waits for it.
 */
@Singleton
public class Shutdown {
  private volatile Optional<Runnable> action = Optional.empty();
  private volatile boolean begun;

  /** Takes effect until the next call. */
  void on(Runnable work) {
    action = Optional.of(work);
  }

  /** The command has ended by itself. */
  void off() {
    action = Optional.empty();
  }

  /** Whether the process is ending: what fails from now on is of no interest. */
  public boolean hasBegun() {
    return begun;
  }

  void end(@Observes ShutdownEvent event) {
    begun = true;
    action.ifPresent(Runnable::run);
  }
}
