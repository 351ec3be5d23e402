package io.canaryrun.adapter.counters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.7:21345, 10.0.0.7, 21345",
    "node-1.example:80, node-1.example, 80",
    "[2001:db8::7]:8080, 2001:db8::7, 8080",
    "2001:db8::7:8080, 2001:db8::7, 8080",
    "::1:8080, ::1, 8080"
  })
  void readsHostAndPort(String text, String host, int port) {
    assertEquals(new Address(host, port), Address.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10.0.0.7", ":80", "10.0.0.7:", "10.0.0.7:0", "10.0.0.7:65536", "[]:1"})
  void refusesWhatIsNone(String text) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> Address.parse(text));

    assertEquals("the address \"" + text + "\" is not host:port", refusal.getMessage());
  }

  @Test
  void putsIpv6InBracketsForTheHostHeader() {
    assertEquals("[::1]", Address.parse("::1:80").authority());
  }
}
