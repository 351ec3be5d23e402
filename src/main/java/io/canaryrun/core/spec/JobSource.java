package io.canaryrun.core.spec;

import java.util.Map;

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
      variables = Map.copyOf(variables);
    }
  }

  /** A job in Nomad's JSON, with or without the surrounding {@code {"Job": …}}. */
  record Json(String json) implements JobSource {}

  /** A Consul key that holds HCL or Nomad's JSON. */
  record ConsulKey(String key) implements JobSource {}

  /** The job as registered in Nomad now, with changes. */
  record NomadJob(String jobId, JobChanges set) implements JobSource {}
}
