package io.canaryrun.operator;

import io.canaryrun.core.observation.Member;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Shows people that this daemon lives, and others that there is somebody to leave runs to. No
 * failure of it matters.
 */
final class Membership {
  private static final Logger LOG = Logger.getLogger(Membership.class);

  private final RunStore store;
  private final Member self;
  private volatile Optional<String> shownBy = Optional.empty();
  private volatile String told = "";

  Membership(RunStore store, Member self) {
    this.store = store;
    this.self = self;
  }

  /** Shows it with that session, unless it is shown already. */
  void show(String session) {
    if (shownBy.equals(Optional.of(session))) {
      return;
    }
    try {
      if (store.join(self, session)) {
        shownBy = Optional.of(session);
        told = "";
      } else {
        tell("instance %s is not shown yet: its name is taken".formatted(self.instance()));
      }
    } catch (PortFailure e) {
      tell("instance %s is not shown: %s".formatted(self.instance(), e.getMessage()));
    }
  }

  /** Once, until something else is wrong. */
  private void tell(String problem) {
    if (!problem.equals(told)) {
      told = problem;
      LOG.info(problem);
    }
  }

  /** Removes what the dead left, and shows itself anew where somebody wrote over it. */
  void tidy() {
    shownBy = Optional.empty();
    try {
      store.members().stream()
          .filter(member -> member.lockedBy().isEmpty())
          .forEach(store::removeMember);
    } catch (PortFailure e) {
      LOG.debugf("dead instances stay: %s", e.getMessage());
    }
  }

  /** Whether another daemon is seen to live. */
  boolean hasOthers(String session) {
    try {
      return store.members().stream()
          .flatMap(member -> member.lockedBy().stream())
          .anyMatch(by -> !by.equals(session));
    } catch (PortFailure e) {
      LOG.debugf("other instances are not known: %s", e.getMessage());
      return false;
    }
  }

  /** An orderly end. */
  void leave(String session) {
    try {
      store.leave(self.instance(), session);
    } catch (PortFailure e) {
      LOG.debugf("instance stays until its session ends: %s", e.getMessage());
    }
  }
}
