package io.canaryrun.codec;

import io.canaryrun.core.spec.Analysis;
import io.canaryrun.core.spec.CanaryJobSpec;
import io.canaryrun.core.spec.CanaryRun;
import io.canaryrun.core.spec.Counters;
import io.canaryrun.core.spec.Deadlines;
import io.canaryrun.core.spec.Health;
import io.canaryrun.core.spec.JobSource;
import io.canaryrun.core.spec.Metadata;
import io.canaryrun.core.spec.Promotion;
import io.canaryrun.core.spec.Target;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** From JSON to a definition, with every default and every limit. */
final class DefinitionReader {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration WEEK = Duration.ofDays(7);

  /** Counts up to 2⁵³ are exact wherever they are shown. */
  private static final long MAX_COUNT = 1L << 53;

  private static final Pattern NAMESPACE = Pattern.compile("[a-zA-Z0-9-]{1,128}");
  private static final Pattern SUFFIX = Pattern.compile("[a-zA-Z0-9._-]{1,64}");
  private static final Pattern PORT = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final Pattern PATH = Pattern.compile("/[!-~]{0,2000}");
  private static final Pattern JSON_POINTER = Pattern.compile("(?:/(?:[^~/]|~[01])*)+");

  private final List<Problem> problems;

  DefinitionReader(List<Problem> problems) {
    this.problems = problems;
  }

  /** Empty where there are problems. */
  Optional<CanaryRun> read(Fields root, String key) {
    root.word("apiVersion", "", List.of("canary/v1"));
    root.word("kind", "", List.of("CanaryRun"));
    var metadata = metadata(root.object("metadata"), key);
    var spec = root.object("spec");
    var job = spec.optional("job").flatMap(fields -> new JobSourceReader(fields).read(true));
    var canaryFields = spec.object("canary");
    var canary = canary(canaryFields, job.isPresent());
    var run =
        new Parts(
            target(spec.object("nomad")),
            job,
            canary,
            health(spec.object("health")),
            counters(spec.object("counters")),
            analysis(spec.object("analysis")),
            promotion(spec, job.isPresent()),
            deadlines(spec));
    if (isDeployment(canary) && run.promotion().mode() == Promotion.Mode.NONE) {
      spec.problem("promote", "is \"none\": in mode \"deployment\" it is always \"deploy\"");
    }
    if (!spec.has("job") && !canaryFields.has("job")) {
      spec.problem("", "needs a job, or a canary.job written by hand");
    }
    spec.refuseOthers();
    root.refuseOthers();
    return problems.isEmpty()
        ? Optional.of(run.withMetadata(metadata.orElseThrow()))
        : Optional.empty();
  }

  private static boolean isDeployment(Optional<CanaryJobSpec> canary) {
    return canary.filter(it -> it.mode() == CanaryJobSpec.Mode.DEPLOYMENT).isPresent();
  }

  /** Everything but the metadata. */
  private record Parts(
      Target target,
      Optional<JobSource> job,
      Optional<CanaryJobSpec> canary,
      Health health,
      Counters counters,
      Analysis analysis,
      Promotion promotion,
      Deadlines deadlines) {
    CanaryRun withMetadata(Metadata metadata) {
      return new CanaryRun(
          metadata,
          target,
          job,
          canary.orElseThrow(),
          health,
          counters,
          analysis,
          promotion,
          deadlines);
    }
  }

  private Optional<Metadata> metadata(Fields fields, String key) {
    var name = fields.text("name", "");
    var labels = fields.texts("labels");
    var annotations = fields.texts("annotations");
    fields.refuseOthers();
    if (!Metadata.NAME.matcher(name).matches()) {
      fields.problem(
          "name", "is \"%s\"; it must match %s".formatted(name, Metadata.NAME.pattern()));
      return Optional.empty();
    }
    if (!name.equals(key)) {
      fields.problem("name", "is \"%s\"; the key says \"%s\"".formatted(name, key));
    }
    return Optional.of(new Metadata(name, labels, annotations));
  }

  private static Target target(Fields fields) {
    var target =
        new Target(
            fields.text(
                "namespace",
                "default",
                text -> NAMESPACE.matcher(text).matches(),
                "a Nomad namespace"),
            fields.text("region"));
    fields.refuseOthers();
    return target;
  }

  private static Optional<CanaryJobSpec> canary(Fields fields, boolean derivable) {
    var mode =
        fields.word("mode", "job", List.of("job", "deployment")).equals("deployment")
            ? CanaryJobSpec.Mode.DEPLOYMENT
            : CanaryJobSpec.Mode.JOB;
    if (mode == CanaryJobSpec.Mode.DEPLOYMENT) {
      for (var field : List.of("job", "suffix")) {
        if (fields.has(field)) {
          fields.problem(field, "is for mode \"job\": leave it out in mode \"deployment\"");
        }
      }
    }
    var count = fields.whole("count", 1, 1, CanaryJobSpec.MAX_COUNT);
    var suffix =
        fields.text(
            "suffix",
            "-canary",
            text -> SUFFIX.matcher(text).matches(),
            "1 to 64 letters, digits, dots, dashes or underscores");
    var job = fields.optional("job").flatMap(source -> new JobSourceReader(source).read(false));
    fields.refuseOthers();
    return job.isPresent() || derivable
        ? Optional.of(new CanaryJobSpec(mode, (int) count, suffix, job))
        : Optional.empty();
  }

  private static Health health(Fields fields) {
    var health =
        new Health(
            fields.duration("deadline", "5m", SECOND, WEEK),
            fields.duration("stableFor", "10s", NONE, HOUR),
            (int) fields.whole("maxRestarts", 0, 0, 1_000_000));
    fields.refuseOthers();
    return health;
  }

  private static Counters counters(Fields fields) {
    var counters =
        new Counters(
            fields.text("port", "http", text -> PORT.matcher(text).matches(), "a port label"),
            fields.text(
                "path",
                "/api/errorAndRequestCount",
                text -> PATH.matcher(text).matches(),
                "an absolute path of printable ASCII"),
            pointer(fields, "errors", "/errorCount"),
            pointer(fields, "requests", "/requestCount"),
            fields.duration("interval", "1s", SHORT, MINUTE),
            fields.duration("timeout", "1s", SHORT, MINUTE),
            fields.duration("unreachableFor", "10s", SECOND, HOUR));
    fields.refuseOthers();
    return counters;
  }

  private static String pointer(Fields fields, String field, String byDefault) {
    return fields.text(
        field,
        byDefault,
        text -> text.length() <= 1_000 && JSON_POINTER.matcher(text).matches(),
        "a JSON Pointer like " + byDefault);
  }

  private static Analysis analysis(Fields fields) {
    var requests = fields.whole("requests", Analysis.DEFAULT_REQUESTS, 1, MAX_COUNT);
    var maxErrors = fields.whole("maxErrors", 0, 0, MAX_COUNT);
    var analysis = new Analysis(requests, maxErrors, Analysis.DEFAULT_FAULT_RATE);
    var detect = fields.optional("detect");
    if (detect.isPresent()) {
      if (fields.has("requests")) {
        fields.problem("detect", "stands beside requests: one of them says how much is enough");
      }
      analysis = detect(detect.get(), maxErrors).orElse(analysis);
    }
    fields.refuseOthers();
    return analysis;
  }

  private static Optional<Analysis> detect(Fields fields, long maxErrors) {
    var errorRate = fields.share("errorRate");
    var confidence = fields.share("confidence");
    for (var field : List.of("errorRate", "confidence")) {
      if (!fields.has(field)) {
        fields.problem(field, "is missing");
      }
    }
    fields.refuseOthers();
    if (errorRate.isEmpty() || confidence.isEmpty()) {
      return Optional.empty();
    }
    var analysis = Analysis.detecting(errorRate.get(), confidence.get(), maxErrors);
    if (analysis.requests() > MAX_COUNT) {
      fields.problem("errorRate", "is too small: more than 2^53 requests would be needed");
    }
    return Optional.of(analysis);
  }

  private static Promotion promotion(Fields spec, boolean hasJob) {
    var mode = spec.word("promote", hasJob ? "deploy" : "none", List.of("deploy", "none"));
    if (mode.equals("deploy") && !hasJob && !spec.has("job")) {
      spec.problem(
          "promote", "is \"deploy\", but there is no job to deploy: give one, or \"none\"");
    }
    var approval = spec.word("approval", "automatic", List.of("automatic", "manual"));
    var webhooks = spec.objects("notify").stream().flatMap(hook -> webhook(hook).stream()).toList();
    if (!webhooks.isEmpty()) {
      spec.problem("notify", "is not supported yet: leave it out");
    }
    return new Promotion(
        mode.equals("deploy") ? Promotion.Mode.DEPLOY : Promotion.Mode.NONE,
        approval.equals("manual") ? Promotion.Approval.MANUAL : Promotion.Approval.AUTOMATIC,
        webhooks);
  }

  private static Optional<Promotion.Webhook> webhook(Fields fields) {
    var url = fields.secret("url", DefinitionReader::isUrl, "an http or https address");
    var on =
        fields.words(
            "on",
            List.of("Succeeded", "Aborted", "Failed"),
            List.of("Succeeded", "Aborted", "Failed", "Invalid"));
    fields.refuseOthers();
    return url.map(it -> new Promotion.Webhook(URI.create(it), Set.copyOf(on)));
  }

  private static boolean isUrl(String text) {
    try {
      var uri = URI.create(text);
      return uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Deadlines deadlines(Fields spec) {
    return new Deadlines(
        spec.duration("deadline", "30m", SECOND, WEEK),
        spec.duration("approvalDeadline", "24h", SECOND, WEEK),
        spec.duration("promoteDeadline", "15m", SECOND, WEEK));
  }
}
