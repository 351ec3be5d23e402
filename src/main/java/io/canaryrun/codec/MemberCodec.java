package io.canaryrun.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.canaryrun.core.observation.Line;
import io.canaryrun.core.observation.Member;
import java.util.Optional;

/** What a daemon shows of itself as JSON. */
public final class MemberCodec {
  private static final int MAX_BYTES = 4_096;
  private static final int MAX_CHARS = 200;

  private MemberCodec() {}

  /**
   * @return empty: somebody else wrote it
   */
  public static Optional<Member> read(String text) {
    if (text.getBytes(UTF_8).length > MAX_BYTES) {
      return Optional.empty();
    }
    try {
      var node = Json.parse(text);
      return Optional.of(
          new Member(
              line(Json.need(Json.text(node, "instance"), "instance")),
              line(Json.need(Json.text(node, "version"), "version")),
              Json.need(Json.time(node, "since"), "since"),
              Json.text(node, "node").map(MemberCodec::line)));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static String line(String text) {
    var line = Line.of(text.strip(), MAX_CHARS).strip();
    if (line.isEmpty()) {
      throw new IllegalArgumentException("is empty");
    }
    return line;
  }

  public static String write(Member member) {
    var node =
        Json.object()
            .put("instance", member.instance())
            .put("version", member.version())
            .put("since", member.since().toString());
    Json.put(node, "node", member.node());
    return Json.write(node);
  }
}
