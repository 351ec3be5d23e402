package io.canaryrun.cli;

import io.canaryrun.operator.Finding;
import java.nio.charset.Charset;

/** A finding on one line. */
final class FindingText {
  private FindingText() {}

  static String line(Finding finding) {
    return line(finding, hasSigns());
  }

  private static boolean hasSigns() {
    return Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"))
        .newEncoder()
        .canEncode("✓✗");
  }

  /**
   * @param signs the terminal can show more than ASCII
   */
  static String line(Finding finding, boolean signs) {
    return "%s  %-26s  %s%s"
        .formatted(
            word(finding.level(), signs),
            finding.check(),
            finding.found(),
            finding.mend().map(mend -> "; " + mend).orElse(""));
  }

  private static String word(Finding.Level level, boolean signs) {
    return switch (level) {
      case OK -> (signs ? "✓" : "+") + " ok     ";
      case WARNING -> "! warning";
      case PROBLEM -> (signs ? "✗" : "x") + " problem";
    };
  }
}
