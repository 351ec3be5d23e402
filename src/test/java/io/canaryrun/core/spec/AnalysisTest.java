package io.canaryrun.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalysisTest {

  @ParameterizedTest
  @CsvSource({
    "0.05, 0.95, 59",
    "0.01, 0.95, 299",
    "0.01, 0.99, 459",
    "0.10, 0.90, 22",
    "1e-4, 0.95, 29956",
    "1e-4, 0.999, 69075",
    "0.5, 0.5, 1"
  })
  void sizesTheEvidenceAsTheZeroFailureTestDoes(double rate, double confidence, long requests) {
    assertEquals(requests, Analysis.detecting(rate, confidence, 0).requests());
  }

  @ParameterizedTest
  @CsvSource({"3.994e-5, 0.95", "6.140e-5, 0.99", "9.210e-5, 0.999"})
  void confidenceIsThatOfTheUpperBoundAfter75000CleanRequests(double rate, double confidence) {
    assertEquals(confidence, new Analysis(1, 0, rate).confidence(75_000), 1e-4);
  }

  @Test
  void nothingSeenIsNoConfidence() {
    assertEquals(0.0, new Analysis(1, 0, 1e-4).confidence(0));
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0.1", "1, -1, 0.1", "1, 0, 0", "1, 0, 1", "1, 0, NaN"})
  void refusesWhatMakesNoSense(long requests, long maxErrors, double faultRate) {
    assertThrows(
        IllegalArgumentException.class, () -> new Analysis(requests, maxErrors, faultRate));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.5", "1, 0.5", "0.1, 0", "0.1, 1"})
  void refusesToDetectWhatIsNoRate(double rate, double confidence) {
    assertThrows(IllegalArgumentException.class, () -> Analysis.detecting(rate, confidence, 0));
  }
}
