package io.canaryrun.adapter.counters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.codec.Mutator;
import io.canaryrun.core.Given;
import io.canaryrun.core.analysis.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a canary answers, it is counted or the read has failed. */
class MutatedBodyTest {

  @Test
  void bodiesAreCountedOrTheReadHasFailed() {
    var right =
        List.of(
            "{\"requestCount\":1000,\"errorCount\":3}", "{\"requestCount\":0,\"errorCount\":0}");
    Mutator.forAll(
        mutator -> {
          var body = mutator.mutated(mutator.oneOf(right)).getBytes(UTF_8);
          switch (CountersBody.read(body, Given.run().counters())) {
            case Reading.Counted(var requests, var errors) ->
                assertTrue(requests >= 0 && errors >= 0);
            case Reading.Failed(var why) -> assertEquals(1, why.lines().count());
          }
        });
  }
}
