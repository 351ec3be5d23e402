package io.canaryrun.cli;

import io.canaryrun.codec.GoDuration;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time as definitions have it, so that a wrong one is refused before anything else. */
public final class DurationConverter implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    return GoDuration.parse(text)
        .orElseThrow(
            () -> new TypeConversionException("'" + text + "' must be like 90s, 45m or 1h30m"));
  }
}
