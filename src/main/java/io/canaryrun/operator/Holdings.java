package io.canaryrun.operator;

import io.canaryrun.core.observation.Member;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.core.phase.RunStatus.Owner;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredMember;
import io.canaryrun.port.StoredStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who is alive, and who holds which runs, as the locks say.
 *
 * @param daemons all that are alive, by name
 * @param others who holds runs and is no daemon that shows itself, such as {@code canary run}
 * @param unheld runs that somebody ought to carry on, and nobody holds
 */
public record Holdings(List<Holder> daemons, List<Holder> others, List<String> unheld) {

  /**
   * Somebody with a session.
   *
   * @param member empty where it does not show what it is
   */
  public record Holder(String instance, Optional<Member> member, List<String> runs) {}

  /** From what was read at about the same time, the members first. */
  public static Holdings of(
      List<StoredMember> members, List<StoredDefinition> definitions, List<StoredStatus> statuses) {
    var bySession =
        statuses.stream()
            .filter(status -> status.lockedBy().isPresent())
            .collect(
                Collectors.groupingBy(
                    status -> status.lockedBy().get(), TreeMap::new, Collectors.toList()));
    var daemons = new ArrayList<Holder>();
    for (var member : members) {
      member
          .lockedBy()
          .map(bySession::remove)
          .or(() -> member.lockedBy().map(_ -> List.of()))
          .map(held -> new Holder(member.instance(), member.member(), names(held)))
          .ifPresent(daemons::add);
    }
    var others =
        bySession.entrySet().stream()
            .map(
                held ->
                    new Holder(
                        owner(held.getKey(), held.getValue()),
                        Optional.empty(),
                        names(held.getValue())))
            .sorted(Comparator.comparing(Holder::instance))
            .toList();
    daemons.sort(Comparator.comparing(Holder::instance));
    return new Holdings(List.copyOf(daemons), others, unheld(definitions, statuses));
  }

  private static List<String> names(List<StoredStatus> held) {
    return held.stream().map(StoredStatus::name).sorted().toList();
  }

  /** By its own words, where it has written any. */
  private static String owner(String session, List<StoredStatus> held) {
    return held.stream()
        .flatMap(status -> status.status().flatMap(RunStatus::owner).stream())
        .filter(owner -> owner.session().equals(session))
        .map(Owner::instance)
        .findFirst()
        .orElse("session " + session);
  }

  private static List<String> unheld(
      List<StoredDefinition> definitions, List<StoredStatus> statuses) {
    Map<String, StoredDefinition> defined =
        definitions.stream().collect(Collectors.toMap(StoredDefinition::name, it -> it));
    Map<String, StoredStatus> known =
        statuses.stream().collect(Collectors.toMap(StoredStatus::name, it -> it));
    var names = new TreeSet<>(defined.keySet());
    names.addAll(known.keySet());
    return names.stream()
        .filter(
            name ->
                Work.isFree(
                    Optional.ofNullable(defined.get(name)), Optional.ofNullable(known.get(name))))
        .toList();
  }
}
