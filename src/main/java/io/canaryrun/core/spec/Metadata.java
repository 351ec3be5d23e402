package io.canaryrun.core.spec;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The name of a run and what its user attached to it; labels and annotations decide nothing. */
public record Metadata(String name, Map<String, String> labels, Map<String, String> annotations) {

  /** A fresh value of this annotation makes a definition with the same content a new generation. */
  public static final String RERUN = "canary/rerun";

  /** Safe as the last segment of a Consul key and in a Nomad {@code meta} value. */
  public static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,126}[a-z0-9])?");

  public Metadata {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name must match " + NAME);
    }
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
  }

  public Optional<String> rerun() {
    return Optional.ofNullable(annotations.get(RERUN));
  }
}
