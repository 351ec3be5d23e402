package io.canaryrun.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.canaryrun.core.spec.JobChanges;
import io.canaryrun.core.spec.JobSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads where a job comes from: exactly one source. */
final class JobSourceReader {
  private static final List<String> SOURCES = List.of("hcl", "json", "consulKey", "nomadJob");

  private final Fields fields;

  JobSourceReader(Fields fields) {
    this.fields = fields;
  }

  /**
   * @param mayBeRegistered whether {@code nomadJob} is a source here
   * @return empty: it has problems
   */
  Optional<JobSource> read(boolean mayBeRegistered) {
    var allowed = mayBeRegistered ? SOURCES : SOURCES.subList(0, 3);
    var given = SOURCES.stream().filter(fields::has).toList();
    var source =
        fields
            .text("hcl")
            .<JobSource>map(hcl -> new JobSource.Hcl(hcl, variables()))
            .or(this::json)
            .or(() -> fields.text("consulKey").map(JobSource.ConsulKey::new))
            .or(() -> fields.text("nomadJob").map(id -> new JobSource.NomadJob(id, changes())));
    if (given.size() != 1 || !allowed.containsAll(given)) {
      fields.problem(
          "",
          "needs exactly one of %s, it has %s"
              .formatted(
                  String.join(", ", allowed), given.isEmpty() ? "none" : String.join(", ", given)));
    }
    refuseMisplaced("variables", "hcl");
    refuseMisplaced("set", "nomadJob");
    fields.any("json");
    fields.any("nomadJob");
    fields.any("consulKey");
    fields.refuseOthers();
    return source;
  }

  private void refuseMisplaced(String field, String source) {
    fields.any(field);
    if (fields.has(field) && !fields.has(source)) {
      fields.problem(field, "belongs to " + source + ", which is not given");
    }
  }

  private Optional<JobSource> json() {
    return fields
        .any("json")
        .flatMap(
            value -> {
              if (value.isObject()) {
                return Optional.of(new JobSource.Json(Json.write(value)));
              }
              fields.problem("json", "must be Nomad's JSON of a job, as an object");
              return Optional.empty();
            });
  }

  private JobChanges changes() {
    return fields
        .secrets("set")
        .map(
            set -> {
              var changes =
                  new JobChanges(
                      set.text("image"), set.texts("env"), set.texts("meta"), set.text("task"));
              set.refuseOthers();
              return changes;
            })
        .orElse(JobChanges.NONE);
  }

  private Map<String, String> variables() {
    var variables = new LinkedHashMap<String, String>();
    fields
        .secrets("variables")
        .ifPresent(
            object ->
                object
                    .names()
                    .forEach(
                        name ->
                            object
                                .any(name)
                                .ifPresent(value -> variables.put(name, hclLiteral(value)))));
    return variables;
  }

  /** JSON is HCL's literal syntax, but for templates in strings. */
  private static String hclLiteral(JsonNode value) {
    return Json.write(value).replace("${", "$${").replace("%{", "%%{");
  }
}
