package io.canaryrun.core.spec;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Where a Nomad job's specification comes from. */
public sealed interface JobSource {

  /**
   * A job in HCL, parsed by Nomad itself.
   *
   * @param variables values of the input variables that the HCL declares, each as HCL text of its
   *     literal (a string value is quoted)
   */
  record Hcl(String hcl, Map<String, String> variables) implements JobSource {
    public Hcl {
      variables = Collections.unmodifiableMap(new TreeMap<>(variables));
    }
  }

  /** A job in Nomad's JSON, with or without the surrounding {@code {"Job": …}}. */
  record Json(String json) implements JobSource {}

  /** A Consul key that holds HCL or Nomad's JSON. */
  record ConsulKey(String key) implements JobSource {}

  /** The job as registered in Nomad now, with changes. */
  record NomadJob(String jobId, JobChanges set) implements JobSource {}
}
