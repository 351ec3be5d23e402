package io.canaryrun.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.JobDocument;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The frozen generation, compressed, as it lies in KV. */
public final class GenerationCodec {

  /** Uncompressed: a definition and three jobs, each as large as any that Nomad takes. */
  private static final int MAX_BYTES = 16 << 20;

  private GenerationCodec() {}

  /** Gzipped JSON. */
  public static byte[] write(Generation generation) {
    var node = Json.object();
    node.put("run", generation.run());
    node.put("generation", generation.number());
    node.put("digest", generation.digest());
    node.put("definition", generation.definition());
    node.set("canaryJob", Json.parse(generation.canaryJob().json()));
    node.put("canaries", generation.canaries());
    var services = node.putArray("services");
    generation.services().forEach(services::add);
    generation.productionJob().ifPresent(job -> node.set("productionJob", Json.parse(job.json())));
    generation
        .before()
        .ifPresent(
            before -> {
              var production = node.putObject("before");
              production.put("modifyIndex", before.modifyIndex());
              production.put("version", before.version());
              production.set("job", Json.parse(before.document().json()));
            });
    return compressed(Json.write(node));
  }

  static byte[] compressed(String text) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IllegalArgumentException the bytes are no generation
   */
  public static Generation read(byte[] bytes) {
    try {
      return read(Json.parse(json(bytes)));
    } catch (UnusableJob e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static String json(byte[] bytes) {
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      var text = gzip.readNBytes(MAX_BYTES + 1);
      if (text.length > MAX_BYTES) {
        throw new IllegalArgumentException("more than %d bytes".formatted(MAX_BYTES));
      }
      return new String(text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("not gzip", e);
    }
  }

  private static Generation read(ObjectNode node) {
    var run = Json.need(Json.text(node, "run"), "run");
    var definition = Json.need(Json.text(node, "definition"), "definition");
    if (!(DefinitionCodec.read(run, definition)
        instanceof DefinitionCodec.Result.Valid(var spec))) {
      throw new IllegalArgumentException("the frozen definition is invalid");
    }
    return new Generation(
        run,
        node.path("generation").asLong(),
        Json.need(Json.text(node, "digest"), "digest"),
        definition,
        spec,
        Json.need(job(node, "canaryJob"), "canaryJob"),
        node.path("canaries").asInt(),
        services(node),
        job(node, "productionJob"),
        job(node.path("before"), "job")
            .map(
                job ->
                    new Generation.Production(
                        job,
                        node.path("before").path("modifyIndex").asLong(),
                        node.path("before").path("version").asLong())));
  }

  private static List<String> services(ObjectNode node) {
    return StreamSupport.stream(node.path("services").spliterator(), false)
        .map(name -> name.asText())
        .toList();
  }

  private static Optional<JobDocument> job(JsonNode node, String field) {
    return node.hasNonNull(field)
        ? Optional.of(Jobs.read(Json.write(node.get(field))))
        : Optional.empty();
  }
}
