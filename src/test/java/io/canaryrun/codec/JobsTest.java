package io.canaryrun.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.canaryrun.core.observation.JobDocument;
import io.canaryrun.core.observation.Stamps;
import io.canaryrun.core.spec.JobChanges;
import io.canaryrun.core.spec.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobsTest {
  private static final JobDocument STORED =
      Jobs.read(
          """
          {"ID":"api","Name":"api","Type":"service","Namespace":"default","Region":"global",
           "Status":"running","Version":3,"JobModifyIndex":40,"ModifyIndex":41,"CreateIndex":9,
           "SubmitTime":17,"Stable":true,"Stop":false,"FutureField":{"A":[1,{"B":null}]},
           "Meta":{"team":"a","canary_run":"api","canary_generation":"5",
                   "canary_role":"production","canary_digest":"x","canary_owner":"dc1/canary/"},
           "Update":{"Canary":2,"AutoPromote":true,"MaxParallel":1,"HealthCheck":"checks"},
           "TaskGroups":[{"Name":"web","Count":4,
             "Update":{"Canary":2,"AutoPromote":true,"AutoRevert":true,"MaxParallel":1},
             "Scaling":{"ID":"s","Min":2,"Max":9,"CreateIndex":3,"ModifyIndex":4},
             "Constraints":[{"LTarget":"${attr.nomad.version}","RTarget":">= 1.7.0-a",
                             "Operand":"semver"},
                            {"LTarget":"${attr.kernel.name}","RTarget":"linux","Operand":"="}],
             "Networks":[{"DynamicPorts":[{"Label":"http","To":8080}]}],
             "Services":[{"Name":"api","PortLabel":"http"},
                         {"Name":"${JOB}-admin","PortLabel":"http","Provider":"consul"},
                         {"Name":"internal","PortLabel":"http","Provider":"nomad"}],
             "Tasks":[{"Name":"web","Driver":"docker","Config":{"image":"api:41","x":1},
                       "Env":{"A":"1"},"KillTimeout":30000000000,
                       "Services":[{"PortLabel":"http"}]}]},
            {"Name":"worker","Count":2,"Tasks":[{"Name":"work","Driver":"exec"}]}]}
          """);

  @Test
  void findsAJobWithAndWithoutItsEnvelope() {
    assertEquals(
        Jobs.read("{\"ID\":\"a\",\"X\":1}"), Jobs.read("{\"Job\":{\"ID\":\"a\",\"X\":1}}"));
    assertThrows(UnusableJob.class, () -> Jobs.read("{\"Name\":\"a\"}"));
    assertThrows(UnusableJob.class, () -> Jobs.read("job \"a\" {}"));
  }

  @Test
  void aSourceHasNoStampsAndNothingThatNomadAdded() {
    // When
    var source = Json.parse(Jobs.source(STORED).json());

    // Then
    assertEquals("{\"team\":\"a\"}", source.get("Meta").toString());
    for (var field : List.of("Status", "Version", "JobModifyIndex", "Stop", "Stable")) {
      assertFalse(source.has(field), field);
    }
    assertEquals("{\"A\":[1,{\"B\":null}]}", source.get("FutureField").toString());
    assertEquals(1, source.at("/TaskGroups/0/Constraints").size());
  }

  @Test
  void aRestorableJobKeepsItsStamps() {
    var restorable = Json.parse(Jobs.restorable(STORED).json());
    assertEquals("5", restorable.at("/Meta/canary_generation").asText());
    assertFalse(restorable.has("JobModifyIndex"));
  }

  @Test
  void aReleaseChangesWhatItNamesAndNothingElse() {
    // Given
    var changes =
        new JobChanges(
            Optional.of("api:42"), Map.of("B", "2"), Map.of("release", "42"), Optional.of("web"));

    // When
    var changed = Json.parse(Jobs.changed(STORED, changes).json());

    // Then
    assertEquals(
        "{\"image\":\"api:42\",\"x\":1}", changed.at("/TaskGroups/0/Tasks/0/Config").toString());
    assertEquals("{\"A\":\"1\",\"B\":\"2\"}", changed.at("/TaskGroups/0/Tasks/0/Env").toString());
    assertEquals("42", changed.at("/Meta/release").asText());
    assertTrue(changed.at("/TaskGroups/1").equals(Json.parse(STORED.json()).at("/TaskGroups/1")));
  }

  @Test
  void asksWhichTaskIsMeantWhereThereAreSeveral() {
    var unnamed = new JobChanges(Optional.of("api:42"), Map.of(), Map.of(), Optional.empty());
    var wrong = new JobChanges(Optional.of("api:42"), Map.of(), Map.of(), Optional.of("wep"));
    assertEquals(
        "/spec/job/set/task: the job has the tasks web, work: name the one that changes",
        assertThrows(UnusableJob.class, () -> Jobs.changed(STORED, unnamed)).getMessage());
    assertEquals(
        "/spec/job/set/task: the job has no task wep, it has web, work",
        assertThrows(UnusableJob.class, () -> Jobs.changed(STORED, wrong)).getMessage());
  }

  @Test
  void derivesACanaryJob() {
    // When
    var canary = Jobs.canaryOf(Jobs.source(STORED), "-canary", 8, "http");

    // Then
    var node = Json.parse(canary.json());
    assertEquals("api-canary", canary.id());
    assertEquals("api-canary", node.path("Name").asText());
    assertEquals(8, node.at("/TaskGroups/0/Count").asInt());
    assertEquals(2, node.at("/TaskGroups/1/Count").asInt());
    assertEquals(
        "{\"Canary\":0,\"AutoPromote\":false,\"AutoRevert\":false,\"MaxParallel\":1}",
        node.at("/TaskGroups/0/Update").toString());
    assertFalse(node.at("/TaskGroups/0").has("Scaling"));
    assertEquals(
        List.of("api-canary", "api-canary-admin-canary", "api-canary-web-web"),
        Jobs.consulServices(canary, "http"));
    assertEquals(8, Jobs.countOf(canary, "http"));
  }

  @Test
  void knowsTheServicesOfGroupsWithThePort() {
    assertEquals(List.of("api", "api-admin", "api-web-web"), Jobs.consulServices(STORED, "http"));
    assertEquals(List.of(), Jobs.consulServices(STORED, "grpc"));
    assertEquals(0, Jobs.countOf(STORED, "grpc"));
  }

  @Test
  void refusesWhatCannotBeACanary() {
    assertEquals(List.of(), Jobs.unsupported(STORED));
    assertEquals(
        List.of(
            "it is of type batch, only service jobs can be run as canaries",
            "it has a block Periodic, which canaries do not support",
            "it has no task group"),
        Jobs.unsupported(Jobs.read("{\"ID\":\"a\",\"Type\":\"batch\",\"Periodic\":{\"X\":1}}")));
    assertEquals(Set.of("docker", "exec"), Jobs.drivers(STORED));
  }

  /** Where Consul trusts Nomad's identities, Nomad adds one to each service, named after it. */
  @Test
  void identityOfAServiceIsNamedAfterTheCanarysService() {
    // Given
    var named =
        """
        {"ID":"%1$s","Name":"%1$s","Type":"service","TaskGroups":[{"Name":"web","Count":1,
          "Networks":[{"DynamicPorts":[{"Label":"http"}]}],
          "Services":[{"Name":"%1$s","PortLabel":"http","Identity":{
            "Name":"consul-service_%1$s-http","ServiceName":"%1$s","Audience":["consul.io"]}}],
          "Tasks":[{"Name":"web","Driver":"docker"}]}]}
        """;
    var source = Jobs.source(Jobs.read(named.formatted("api")));

    // When
    var canary = Jobs.canaryOf(source, "-canary", 1, "http");

    // Then
    assertTrue(Jobs.isSubmitted(canary, Jobs.read(named.formatted("api-canary"))), canary.json());
    assertTrue(canary.json().contains("consul.io"), canary.json());
  }

  @Test
  void recognisesItsOwnSubmissionBehindWhatNomadAdds() {
    // Given
    var submitted =
        Jobs.read(
            """
            {"ID":"a","Update":{"Canary":1},"Meta":{"canary_run":"a"},
             "TaskGroups":[{"Name":"g","Count":2,"Constraints":null,
               "Tasks":[{"Name":"t","Driver":"exec","KillTimeout":"30s","Leader":false,
                         "Resources":{"CPU":100}}]}]}
            """);
    var stored =
        """
        {"ID":"a","Name":"a","Region":"global","Update":{"MaxParallel":1},
         "Meta":{"canary_run":"a"},
         "TaskGroups":[{"Name":"g","Count":5,"Constraints":[{"LTarget":"x"}],
           "Tasks":[{"Name":"t","Driver":"exec","KillTimeout":30000000000,
                     "Resources":{"CPU":%d,"MemoryMB":300}}]}]}
        """;

    // Then
    assertTrue(Jobs.isSubmitted(submitted, Jobs.read(stored.formatted(100))));
    assertFalse(Jobs.isSubmitted(submitted, Jobs.read(stored.formatted(200))));
  }

  @Test
  void comparesStoredJobsButForCountsAndBookkeeping() {
    // Given
    var later =
        Jobs.read(
            STORED
                .json()
                .replace("\"Version\":3", "\"Version\":9")
                .replace("\"Count\":4", "\"Count\":7"));
    var edited = Jobs.read(STORED.json().replace("api:41", "api:66"));

    // Then
    assertTrue(Jobs.sameButForCounts(STORED, later));
    assertFalse(Jobs.sameButForCounts(STORED, edited));
  }

  @Test
  void stampsAndStops() {
    // When
    var stamped = Jobs.stamped(Jobs.source(STORED), "api", 7, Stamps.Role.CANARY, "dc1/canary/");
    var stopped = Json.parse(Jobs.stopped(stamped, "ErrorsExceeded").json());

    // Then
    assertEquals("7", stopped.at("/Meta/canary_generation").asText());
    assertEquals("canary", stopped.at("/Meta/canary_role").asText());
    assertEquals("ErrorsExceeded", stopped.at("/Meta/canary_stop_reason").asText());
    assertEquals("a", stopped.at("/Meta/team").asText());
    assertTrue(stopped.path("Stop").asBoolean());
  }

  @Test
  void everyGroupHasCanariesInModeDeployment() {
    // Given
    var job =
        Jobs.read(
            """
            {"ID":"a","TaskGroups":[
              {"Name":"web","Count":1,"Networks":[{"DynamicPorts":[{"Label":"http"}]}],
               "Update":{"MaxParallel":2,"AutoPromote":true}},
              {"Name":"admin","Services":[{"Name":"admin"}]},
              {"Name":"worker","Count":2},
              {"Name":"off","Count":0}]}
            """);

    // When
    var groups = Json.parse(Jobs.withCanaries(job, 3, "http").json()).path("TaskGroups");

    // Then
    assertEquals(
        "{\"MaxParallel\":2,\"AutoPromote\":false,\"Canary\":3}",
        groups.at("/0/Update").toString());
    assertEquals("{\"Canary\":3,\"AutoPromote\":false}", groups.at("/1/Update").toString());
    assertEquals("{\"Canary\":2,\"AutoPromote\":false}", groups.at("/2/Update").toString());
    assertEquals("{\"Canary\":0,\"AutoPromote\":false}", groups.at("/3/Update").toString());
  }

  @Test
  void aRunsNamespaceIsTheJobs() {
    // Given
    var target = new Target("web", Optional.of("eu"));

    // When
    var moved = Json.parse(Jobs.targeted(STORED, target).json());

    // Then
    assertEquals("web", moved.path("Namespace").asText());
    assertEquals("eu", moved.path("Region").asText());
    var elsewhere = Jobs.read(STORED.json().replace("\"default\"", "\"ops\""));
    assertEquals(
        "job api has the namespace ops, the run has web: make them the same",
        assertThrows(UnusableJob.class, () -> Jobs.targeted(elsewhere, target)).getMessage());
  }
}
