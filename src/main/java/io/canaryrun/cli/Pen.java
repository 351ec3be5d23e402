package io.canaryrun.cli;

import java.nio.charset.Charset;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/**
 * Writes lines as whoever reads them can see them.
 *
 * @param colored with colours
 * @param unicode as they are; otherwise with ASCII for the few signs beyond it that we draw with
 */
record Pen(boolean colored, boolean unicode) {
  private static final String SIGNS = "✔✖●◌·├└─█░…";
  private static final String IN_ASCII = "+x*o-|`-#.~";

  /**
   * @param charset of what is written to
   */
  static Pen of(boolean colored, Charset charset) {
    return new Pen(colored, charset.canEncode() && charset.newEncoder().canEncode(SIGNS));
  }

  String write(AttributedString line) {
    var text = colored ? inColors(line) : line.toString();
    return unicode ? text : ascii(text);
  }

  /** JLine's own way replaces the lines that trees are drawn with by plus signs. */
  private static String inColors(AttributedString line) {
    var text = new StringBuilder();
    for (int i = 0; i < line.length(); i = line.runLimit(i)) {
      var run = line.subSequence(i, line.runLimit(i)).toString();
      var style = line.styleAt(i);
      text.append(
          style.equals(AttributedStyle.DEFAULT)
              ? run
              : "\u001b[%sm%s\u001b[0m".formatted(style.toAnsi(), run));
    }
    return text.toString();
  }

  private static String ascii(String text) {
    var plain = text;
    for (int i = 0; i < SIGNS.length(); i++) {
      plain = plain.replace(SIGNS.charAt(i), IN_ASCII.charAt(i));
    }
    return plain;
  }
}
