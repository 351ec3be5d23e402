package io.canaryrun.core.spec;

import java.time.Duration;

/**
 * How the counters of each canary are read.
 *
 * @param port the port label in the job's network
 * @param path the absolute path of the HTTP endpoint that answers with a JSON object
 * @param errors JSON Pointer (RFC 6901) to the number of errors since the process started
 * @param requests JSON Pointer to the number of requests since the process started
 * @param interval from one read of all canaries to the next
 * @param timeout of a single read, connection included
 * @param unreachableFor how long reads of a canary may fail without a break
 */
public record Counters(
    String port,
    String path,
    String errors,
    String requests,
    Duration interval,
    Duration timeout,
    Duration unreachableFor) {}
