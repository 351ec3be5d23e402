package io.canaryrun.operator;

import static io.canaryrun.core.phase.Reason.JOB_REJECTED;

import io.canaryrun.codec.Jobs;
import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.core.spec.JobSource;
import java.util.Map;

/** Gets the job that a definition names, wherever it is, as far as that is allowed. */
final class JobResolver {
  private final Ports ports;
  private final AllowList allow;

  JobResolver(Ports ports, AllowList allow) {
    this.ports = ports;
    this.allow = allow;
  }

  /**
   * @throws Refusal it is not allowed, or not a job that can have canaries
   */
  JobDocument resolve(CanaryRun run, JobSource source) {
    var job = Jobs.targeted(Jobs.source(read(run, source)), run.nomad());
    var unsupported = Jobs.unsupported(job);
    if (!unsupported.isEmpty()) {
      throw new Refusal(JOB_REJECTED, "job " + job.id() + ": " + String.join("; ", unsupported));
    }
    Refusal.unless(allow.job(job.id()), "job", "CANARY_ALLOW_JOBS");
    Jobs.drivers(job)
        .forEach(driver -> Refusal.unless(allow.driver(driver), "driver", "CANARY_ALLOW_DRIVERS"));
    return job;
  }

  private JobDocument read(CanaryRun run, JobSource source) {
    return switch (source) {
      case JobSource.Hcl(var hcl, var variables) ->
          ports.cluster().parse(run.nomad(), hcl, variables);
      case JobSource.Json(var json) -> Jobs.read(json);
      case JobSource.ConsulKey(var key) -> read(run, key);
      case JobSource.NomadJob(var id, var changes) -> {
        Refusal.unless(allow.job(id), "job", "CANARY_ALLOW_JOBS");
        var job =
            ports
                .cluster()
                .job(run.nomad(), id)
                .orElseThrow(
                    () -> new Refusal(JOB_REJECTED, "Nomad knows no job " + id + " to start from"));
        if (job.stopped()) {
          throw new Refusal(JOB_REJECTED, "job " + id + " is stopped: start it first");
        }
        yield Jobs.changed(job.document(), changes);
      }
    };
  }

  private JobDocument read(CanaryRun run, String key) {
    Refusal.unless(allow.consulKey(key), "Consul key", "CANARY_ALLOW_CONSUL_KEYS");
    var text =
        ports
            .store()
            .value(key)
            .orElseThrow(() -> new Refusal(JOB_REJECTED, "Consul has no key " + key));
    return text.stripLeading().startsWith("{")
        ? Jobs.read(text)
        : ports.cluster().parse(run.nomad(), text, Map.of());
  }
}
