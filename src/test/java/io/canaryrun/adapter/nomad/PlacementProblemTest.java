package io.canaryrun.adapter.nomad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.hashicorp.nomad.apimodel.Evaluation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacementProblemTest {

  @Test
  void saysWhatIsInTheWay() throws IOException {
    assertEquals(
        Optional.of(
            "group a: cannot be placed: constraint ${attr.kernel.name} = plan9 filtered 3 nodes, "
                + "memory exhausted on 2 nodes, quota limit cpu; "
                + "group b: cannot be placed: 4 nodes filtered, 1 exhausted; "
                + "group c: cannot be placed: no node of its datacenters and node pool is eligible"),
        problem(
            evaluation(
                7,
                "complete",
                """
                "c":{"NodesEvaluated":0},
                "b":{"NodesEvaluated":5,"NodesFiltered":4,"NodesExhausted":1},
                "a":{"ConstraintFiltered":{"${attr.kernel.name} = plan9":3},
                     "DimensionExhausted":{"memory":2},"QuotaExhausted":["cpu"]}
                """)));
  }

  @Test
  void newestEvaluationThatSaysSomethingCounts() throws IOException {
    var failed = "\"web\":{\"NodesEvaluated\":0}";

    assertEquals(
        Optional.empty(),
        problem(evaluation(7, "complete", failed), evaluation(9, "complete", "")));
    assertEquals(
        Optional.of(
            "group web: cannot be placed: no node of its datacenters and node pool is eligible"),
        problem(
            evaluation(9, "blocked", ""),
            evaluation(7, "complete", failed),
            evaluation(10, "canceled", "")));
    assertEquals(Optional.empty(), problem());
  }

  private static Optional<String> problem(Evaluation... evaluations) {
    return PlacementProblem.of(new ArrayList<>(List.of(evaluations)));
  }

  private static Evaluation evaluation(long index, String status, String failed)
      throws IOException {
    return Evaluation.fromJson(
        "{\"CreateIndex\":%d,\"Status\":\"%s\",\"FailedTGAllocs\":{%s}}"
            .formatted(index, status, failed));
  }
}
