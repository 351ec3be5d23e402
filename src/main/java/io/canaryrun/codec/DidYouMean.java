package io.canaryrun.codec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the word that was probably meant. */
public final class DidYouMean {
  private DidYouMean() {}

  /** {@code ; did you mean …?}, or nothing where no word is near. */
  public static String suggest(String word, Collection<String> words) {
    return words.stream()
        .filter(other -> distance(word, other) <= Math.max(1, Math.min(word.length(), 10) * 2 / 5))
        .min(Comparator.comparingInt(other -> distance(word, other)))
        .map(other -> "; did you mean " + other + "?")
        .orElse("");
  }

  /** Levenshtein's edit distance of the beginnings, upper and lower case alike. */
  private static int distance(String a, String b) {
    var from = cut(a);
    var to = cut(b);
    var row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(40, text.length())).toLowerCase(Locale.ROOT);
  }
}
