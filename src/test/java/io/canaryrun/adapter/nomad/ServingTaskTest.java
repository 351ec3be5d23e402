package io.canaryrun.adapter.nomad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.hashicorp.nomad.apimodel.TaskGroup;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingTaskTest {
  private static final String HELPER = "{'Name':'helper','Lifecycle':{'Hook':'prestart'}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "its own service   | {'Name':'web','Services':[{'PortLabel':'http'}]}",
        "is the leader     | {'Name':'web','Leader':true}",
        "publishes the port| {'Name':'web','Config':{'ports':['admin','http']}}"
      })
  void taskThatHasThePort(String why, String task) throws IOException {
    assertEquals(
        Optional.of("web"),
        ServingTask.of(group("'Tasks':[{'Name':'proxy'},%s]".formatted(task)), "http"),
        why);
  }

  @Test
  void taskThatAServiceOfTheGroupNames() throws IOException {
    var group =
        group(
            """
            'Services':[{'PortLabel':'admin','TaskName':'admin'},
                        {'PortLabel':'http','TaskName':'web'}],
            'Tasks':[{'Name':'admin','Leader':true},{'Name':'web'}]
            """);

    assertEquals(Optional.of("web"), ServingTask.of(group, "http"));
  }

  @Test
  void otherwiseTheFirstThatIsNoHelper() throws IOException {
    var group = group("'Tasks':[%s,{'Name':'web'},{'Name':'logger'}]".formatted(HELPER));

    assertEquals(Optional.of("web"), ServingTask.of(group, "http"));
    assertEquals(Optional.empty(), ServingTask.of(group("'Tasks':[%s]".formatted(HELPER)), "http"));
  }

  private static TaskGroup group(String fields) throws IOException {
    return TaskGroup.fromJson("{'Name':'web',%s}".formatted(fields).replace('\'', '"'));
  }
}
