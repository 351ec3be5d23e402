package io.canaryrun.core.spec;

import java.time.Duration;

/**
 * How long a run may take.
 *
 * @param verdict from {@code SubmittingJob} to the verdict; a pause does not stop it
 * @param approval of {@code AwaitingApproval}
 * @param promotion of {@code Promoting}
 */
public record Deadlines(Duration verdict, Duration approval, Duration promotion) {}
