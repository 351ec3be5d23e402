package io.canaryrun.agents;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of loopback that nobody else is given: no two of one test run, and none that the system
 * gives to outgoing connections (from 32768 on).
 */
public final class LoopbackPorts {
  private static final int FIRST = 10_000;
  private static final int FIRST_OF_TASKS = 12_000;
  private static final int END_OF_TASKS = 32_000;

  /** Wide: Nomad gives a port to the next task while the last one may still be ending. */
  private static final int RANGE = 2_000;

  private static final int RANGES = (END_OF_TASKS - FIRST_OF_TASKS) / RANGE;

  private static final AtomicInteger PORTS = begin();
  private static final AtomicInteger TASKS = begin();

  private LoopbackPorts() {}

  /** Elsewhere in each test run: two may run side by side. */
  private static AtomicInteger begin() {
    return new AtomicInteger(ThreadLocalRandom.current().nextInt(FIRST_OF_TASKS - FIRST));
  }

  /** One that is free now. */
  public static int free() {
    while (true) {
      int port = FIRST + next(PORTS, FIRST_OF_TASKS - FIRST);
      if (isFree(port)) {
        return port;
      }
    }
  }

  /** Those that one Nomad gives to its tasks: two Nomads know nothing of each other's. */
  record Range(int first, int last) {
    static Range next() {
      int first = FIRST_OF_TASKS + LoopbackPorts.next(TASKS, RANGES) * RANGE;
      return new Range(first, first + RANGE - 1);
    }
  }

  private static int next(AtomicInteger counter, int end) {
    return Math.floorMod(counter.getAndIncrement(), end);
  }

  private static boolean isFree(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
