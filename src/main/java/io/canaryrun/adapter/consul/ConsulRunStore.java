package io.canaryrun.adapter.consul;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.kv.model.GetValue;
import io.canaryrun.codec.CommandCodec;
import io.canaryrun.codec.GenerationCodec;
import io.canaryrun.codec.StatusCodec;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Member;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredMember;
import io.canaryrun.port.StoredStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** Runs in Consul KV. */
public final class ConsulRunStore implements RunStore {

  /** Of one transaction: Consul takes 64. */
  private static final int MAX_DELETIONS = 60;

  private final ConsulConnection consul;
  private final Keys keys;
  private final KeyInventory inventory;
  private final MemberKeys members;

  /**
   * @param prefix of all keys, ends with a slash
   */
  public ConsulRunStore(ConsulConnection consul, String prefix) {
    this.consul = consul;
    this.keys = new Keys(prefix);
    this.inventory = new KeyInventory(consul, keys);
    this.members = new MemberKeys(consul, keys);
  }

  @Override
  public Optional<StoredDefinition> definition(String name) {
    return consul
        .read(keys.run(name))
        .map(value -> new StoredDefinition(name, value.getModifyIndex(), text(value)));
  }

  @Override
  public List<StoredDefinition> definitions() {
    return list(
        keys.runs(),
        (name, value) -> new StoredDefinition(name, value.getModifyIndex(), text(value)));
  }

  @Override
  public OptionalLong writeDefinition(String name, String text, long over) {
    var key = keys.run(name);
    return index(transaction("write definition " + name).cas(key, text, over).commit(), key);
  }

  @Override
  public void deleteDefinition(String name) {
    var _ = transaction("delete definition " + name).delete(keys.run(name)).commit();
  }

  @Override
  public Optional<String> value(String key) {
    return consul.read(key).map(ConsulRunStore::text);
  }

  @Override
  public Optional<StoredStatus> status(String name) {
    return consul.read(keys.status(name)).map(value -> status(name, value));
  }

  @Override
  public List<StoredStatus> statuses() {
    return list(keys.statuses(), ConsulRunStore::status);
  }

  @Override
  public List<Command> commands(String name) {
    return list(
        keys.commands(name),
        (action, value) -> CommandCodec.read(action, value.getModifyIndex(), text(value)));
  }

  @Override
  public Map<String, List<Command>> commands() {
    var commands = new TreeMap<String, List<Command>>();
    for (var value : values(keys.commands())) {
      var parts = value.getKey().substring(keys.commands().length()).split("/", -1);
      if (parts.length == 2 && !parts[1].isEmpty()) {
        commands
            .computeIfAbsent(parts[0], _ -> new ArrayList<>())
            .add(CommandCodec.read(parts[1], value.getModifyIndex(), text(value)));
      }
    }
    return commands;
  }

  @Override
  public void writeCommand(String name, Command.Asked command) {
    var _ =
        transaction("write command %s for run %s".formatted(command.action(), name))
            .set(keys.command(name, command.action()), CommandCodec.write(command).getBytes(UTF_8))
            .commit();
  }

  @Override
  public void removeCommand(String name, Command command) {
    var _ =
        transaction("remove command %s for run %s".formatted(command.action(), name))
            .deleteCas(keys.command(name, command.action()), command.modifyIndex())
            .commit();
  }

  private static StoredStatus status(String name, GetValue value) {
    var text = text(value);
    return new StoredStatus(
        name,
        value.getModifyIndex(),
        Optional.ofNullable(value.getSession()),
        StatusCodec.read(text),
        text);
  }

  @Override
  public Optional<Generation> generation(String name, long number) {
    var key = keys.generation(name, number);
    return consul.read(key).map(value -> generation(key, value));
  }

  private static Generation generation(String key, GetValue value) {
    try {
      return GenerationCodec.read(Base64.getDecoder().decode(value.getValue()));
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new PortFailure.Corrupt("%s is not what was written there: %s".formatted(key, e));
    }
  }

  @Override
  public List<RunStatus> history(String name) {
    return list(keys.history(name), (_, value) -> StatusCodec.read(text(value))).stream()
        .flatMap(Optional::stream)
        .sorted(
            Comparator.comparingLong((RunStatus past) -> past.generation().orElse(0)).reversed())
        .toList();
  }

  @Override
  public Optional<StoredStatus> claim(
      String name, Optional<StoredStatus> seen, RunStatus initial, String session) {
    var key = keys.status(name);
    var status = seen.flatMap(StoredStatus::status).orElse(initial);
    var text =
        seen.filter(it -> it.status().isPresent())
            .map(StoredStatus::text)
            .orElseGet(() -> StatusCodec.write(initial));
    var index =
        index(
            transaction("claim run " + name)
                .checkIndex(key, seen.map(StoredStatus::modifyIndex).orElse(0L))
                .lock(key, text, session)
                .commit(),
            key);
    return index.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new StoredStatus(
                name, index.getAsLong(), Optional.of(session), Optional.of(status), text));
  }

  @Override
  public Optional<Started> start(
      String name,
      String definition,
      long over,
      Optional<StoredStatus> seen,
      RunStatus initial,
      String session) {
    var key = keys.status(name);
    var text = StatusCodec.write(initial);
    return transaction("start run " + name)
        .cas(keys.run(name), definition, over)
        .checkIndex(key, seen.map(StoredStatus::modifyIndex).orElse(0L))
        .lock(key, text, session)
        .commit()
        .map(
            indexes ->
                new Started(
                    indexes.get(keys.run(name)),
                    new StoredStatus(
                        name, indexes.get(key), Optional.of(session), Optional.of(initial), text)));
  }

  @Override
  public OptionalLong freeze(Generation generation, RunStatus status, long over, String session) {
    var name = generation.run();
    var bytes = GenerationCodec.write(generation);
    if (bytes.length > MAX_GENERATION_BYTES) {
      throw RunStore.tooLarge(bytes.length);
    }
    var frozen = keys.generation(name, generation.number());
    var key = keys.status(name);
    return index(
        transaction("freeze generation %d of run %s".formatted(generation.number(), name))
            .checkSession(key, session)
            .checkIndex(keys.run(name), generation.number())
            .checkIndex(frozen, 0)
            .set(frozen, bytes)
            .cas(key, StatusCodec.write(status), over)
            .commit(),
        key);
  }

  @Override
  public OptionalLong write(RunStatus status, long over, String session, Optional<Command> heeded) {
    var key = keys.status(status.name());
    var text = StatusCodec.write(status);
    var transaction =
        transaction("write status of run " + status.name())
            .checkSession(key, session)
            .cas(key, text, over);
    if (status.phase().isTerminal() && status.generation().isPresent()) {
      transaction.set(
          keys.past(status.name(), status.generation().getAsLong()), text.getBytes(UTF_8));
    }
    heeded.ifPresent(
        command ->
            transaction.deleteCas(
                keys.command(status.name(), command.action()), command.modifyIndex()));
    return index(transaction.commit(), key);
  }

  @Override
  public void release(String name, String session) {
    var key = keys.status(name);
    consul
        .read(key)
        .filter(value -> session.equals(value.getSession()))
        .ifPresent(
            value -> {
              var _ =
                  transaction("release run " + name)
                      .checkIndex(key, value.getModifyIndex())
                      .unlock(key, text(value), session)
                      .commit();
            });
  }

  /** Generations are gone when the history does not name them any more. */
  @Override
  public void prune(String name, int keep) {
    var old =
        history(name).stream()
            .skip(keep)
            .flatMap(past -> past.generation().stream().boxed())
            .toList();
    for (var numbers = old; !numbers.isEmpty(); ) {
      var some = numbers.subList(0, Math.min(numbers.size(), MAX_DELETIONS / 2));
      var transaction = transaction("prune history of run " + name);
      some.forEach(
          number ->
              transaction.delete(keys.past(name, number)).delete(keys.generation(name, number)));
      var _ = transaction.commit();
      numbers = numbers.subList(some.size(), numbers.size());
    }
  }

  @Override
  public List<StoredMember> members() {
    return list(keys.members(), MemberKeys::read);
  }

  @Override
  public boolean join(Member member, String session) {
    return members.join(member, session);
  }

  @Override
  public void leave(String instance, String session) {
    members.leave(instance, session);
  }

  @Override
  public void removeMember(StoredMember dead) {
    members.remove(dead);
  }

  @Override
  public void tryReading() {
    inventory.tryReading();
  }

  @Override
  public void tryWriting() {
    inventory.tryWriting();
  }

  @Override
  public void tryDefining() {
    inventory.tryDefining();
  }

  @Override
  public SortedSet<String> names() {
    return inventory.names();
  }

  @Override
  public SortedMap<String, List<String>> keys() {
    return inventory.byRun();
  }

  @Override
  public List<Garbage> garbage() {
    return inventory.garbage();
  }

  @Override
  public boolean forget(String name, Optional<StoredStatus> seen) {
    return inventory.forget(name, seen);
  }

  @Override
  public long awaitDefinitionChange(long after, Duration atMost) {
    return awaitChange(keys.runs(), after, atMost);
  }

  @Override
  public long awaitStatusChange(long after, Duration atMost) {
    return awaitChange(keys.statuses(), after, atMost);
  }

  private long awaitChange(String prefix, long after, Duration atMost) {
    var query = new QueryParams(waitSeconds(atMost), after);
    long index = consul.waitFor("watch " + prefix, client -> client.getKVKeysOnly(prefix, query));
    return index < after ? 0 : index;
  }

  /** Rounded up: consul-api waits whole seconds, and Consul takes none for five minutes. */
  private static long waitSeconds(Duration atMost) {
    return atMost.plusSeconds(1).minusNanos(1).toSeconds();
  }

  /** Makes something of a key's last part and its value. */
  private interface Reader<T> {
    T read(String name, GetValue value);
  }

  private <T> List<T> list(String prefix, Reader<T> reader) {
    return values(prefix).stream()
        .filter(value -> Keys.isDirectlyIn(prefix, value.getKey()))
        .map(value -> reader.read(value.getKey().substring(prefix.length()), value))
        .toList();
  }

  private List<GetValue> values(String prefix) {
    var values =
        consul.query(
            "list keys " + prefix,
            client ->
                client.getKVValues(ConsulConnection.encoded(prefix), ConsulConnection.CONSISTENT));
    return values == null ? List.of() : values;
  }

  private Transaction transaction(String request) {
    return new Transaction(consul, request);
  }

  private static OptionalLong index(Optional<Map<String, Long>> indexes, String key) {
    return indexes.map(all -> OptionalLong.of(all.get(key))).orElse(OptionalLong.empty());
  }

  private static String text(GetValue value) {
    return Optional.ofNullable(value.getDecodedValue(UTF_8)).orElse("");
  }
}
