package io.canaryrun.core.observation;

import java.util.regex.Pattern;

/**
 * What others wrote, as one line for logs and terminals: nothing in it begins another line, moves
 * the cursor, or turns the direction of what follows.
 */
public final class Line {
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

  private Line() {}

  public static String of(String text) {
    return UNSEEN.matcher(text).replaceAll(" ");
  }
}
