package io.canaryrun.operator;

import java.time.Duration;

/**
 * The settings of a process that runs runs.
 *
 * @param instance its name, for people
 * @param kvPrefix of all its keys, ends with a slash; part of what marks its jobs
 * @param sessionTtl at least 10 s, Consul's smallest
 * @param lockDelay how long a lost lock cannot be taken
 * @param maxRuns runs held at the same time
 * @param historyKeep ended generations kept per run
 * @param historyKeepDeleted how long all keys of an ended run stay whose definition was deleted
 * @param statusWritesPerSecond for progress, over all runs; phases and errors do not wait for it
 */
public record OperatorSettings(
    String instance,
    String kvPrefix,
    Duration sessionTtl,
    Duration lockDelay,
    int maxRuns,
    int historyKeep,
    Duration historyKeepDeleted,
    int statusWritesPerSecond,
    AllowList allow) {}
