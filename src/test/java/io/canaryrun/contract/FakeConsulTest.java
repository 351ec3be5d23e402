package io.canaryrun.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.canaryrun.fake.FakeConsul;
import io.canaryrun.fake.ManualTime;
import io.canaryrun.port.Leases;
import io.canaryrun.port.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The simulation's Consul keeps what the real one promises. */
class FakeConsulTest extends RunStoreContract {
  private final ManualTime time = new ManualTime();
  private final FakeConsul consul = new FakeConsul(time);

  @Override
  RunStore store() {
    return consul;
  }

  @Override
  void userPuts(String key, String text) {
    consul.userPuts(key, text);
  }

  @Override
  Leases leases() {
    return consul;
  }

  @Override
  Instant now() {
    return time.instant();
  }

  @Test
  void sessionThatNobodyRenewsEnds() {
    // Given
    var session = leases().open("test", Duration.ofSeconds(10), Duration.ZERO);

    // When
    time.pass(Duration.ofMinutes(1));

    // Then
    assertFalse(leases().renew(session));
    assertEquals(Optional.empty(), consul.lockHolder("any"));
  }
}
