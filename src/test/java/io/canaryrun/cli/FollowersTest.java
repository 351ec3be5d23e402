package io.canaryrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FollowersTest {
  @Test
  void worstEndIsTheExitCode() {
    assertEquals(0, Followers.worst(List.of(0, 0)));
    assertEquals(3, Followers.worst(List.of(0, 3, 7)));
    assertEquals(1, Followers.worst(List.of(3, 6, 1)));
    assertEquals(2, Followers.worst(List.of(2, 3)));
    assertEquals(6, Followers.worst(List.of(4, 5, 6, 7)));
    assertEquals(4, Followers.worst(List.of(0, 5, 4)));
  }
}
