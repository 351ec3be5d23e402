package io.canaryrun.fake;

import io.canaryrun.codec.CommandCodec;
import io.canaryrun.codec.GenerationCodec;
import io.canaryrun.codec.MemberCodec;
import io.canaryrun.codec.StatusCodec;
import io.canaryrun.codec.StoredKeys;
import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Member;
import io.canaryrun.core.phase.RunStatus;
import io.canaryrun.fake.FakeKv.Entry;
import io.canaryrun.port.Leases;
import io.canaryrun.port.PortFailure;
import io.canaryrun.port.RunStore;
import io.canaryrun.port.Server;
import io.canaryrun.port.ServiceCatalog;
import io.canaryrun.port.StoredDefinition;
import io.canaryrun.port.StoredMember;
import io.canaryrun.port.StoredStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Consul: one store for everything, the transactions of the real adapter, and values as text, so
 * that only what the codec keeps is read again. Nothing waits here; a watch answers at once.
 */
public final class FakeConsul implements RunStore, Leases, ServiceCatalog {
  private static final String PREFIX = "canary/";
  private static final String RUNS = "canary/runs/";
  private static final String STATUS = "canary/status/";
  private static final String COMMANDS = "canary/commands/";
  private static final String MEMBERS = "canary/members/";
  private static final String GZIP_IN_BASE64 = "H4sI";
  private static final String USER = "user";
  private static final String CLIENT = "client";

  private static final int REMEMBERED = 8;

  private final InstantSource time;
  private final FakeKv kv;
  private final Map<String, Optional<RunStatus>> statuses =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<RunStatus>> eldest) {
          return size() > REMEMBERED;
        }
      };
  private Supplier<Stream<Instance>> registered = Stream::empty;
  private boolean down;
  private boolean showsSessions = true;
  private String version = "1.22.3";

  /**
   * A value that was written.
   *
   * @param session by which it was written; {@code user} for what a person wrote, {@code consul}
   *     for a lock that was released because its session ended
   */
  public record Write(Instant at, String key, String text, String session) {}

  public FakeConsul(InstantSource time) {
    this.time = time;
    this.kv = new FakeKv(time);
  }

  /** Told of each change of a key. */
  public void onChange(Runnable listener) {
    kv.onChange(listener);
  }

  // What a test does and looks at.

  /** Writes a definition, whatever is there. */
  public void userWrites(String name, String definition) {
    var _ = kv.transaction(USER).set(RUNS + name, definition).commit();
  }

  /** Writes whatever a person may write under the prefix. */
  public void userPuts(String key, String text) {
    var _ = kv.transaction(USER).set(PREFIX + key, text).commit();
  }

  /** Commands that nobody has heeded or removed. */
  public Set<String> presentCommands() {
    return kv.list(COMMANDS).keySet();
  }

  /** The keys below the prefix that begin like that, down or not. */
  public List<String> presentKeys(String beginning) {
    return kv.list(PREFIX).keySet().stream().filter(key -> key.startsWith(beginning)).toList();
  }

  /** Writes a command for the present definition, with a person's own hands. */
  public void userAsks(String name, String action) {
    var text = "{\"generation\":%d,\"by\":\"ada\"}".formatted(presentGeneration(name).orElse(0L));
    userPuts("commands/" + name + "/" + action, text);
  }

  public void userDeletes(String name) {
    userRemoves("runs/" + name);
  }

  /** Removes whatever a person may remove under the prefix. */
  public void userRemoves(String key) {
    var _ = kv.transaction(USER).delete("canary/" + key).commit();
  }

  /** How much later than their TTL sessions end from now on; Consul may take as long again. */
  public void setSessionLateness(Duration after) {
    kv.setLateness(after);
  }

  /** All sessions end, and their lock delays are forgotten, as after a change of the leader. */
  public void loseSessions() {
    kv.loseSessions();
  }

  /** Nobody is answered until {@link #comeBack}. */
  public void goDown() {
    down = true;
  }

  /** What its agent tells of itself from now on. */
  public void shows(String newVersion) {
    version = newVersion;
  }

  /** Sessions may not be read from now on. */
  public void hidesSessions() {
    showsSessions = false;
  }

  public void comeBack() {
    down = false;
  }

  /** Every value that was written, oldest first; a removal is an empty text. */
  public List<Write> writes() {
    return kv.changes().stream()
        .map(change -> new Write(change.at(), change.key(), change.text().orElse(""), change.by()))
        .toList();
  }

  /** The session that holds a run. */
  public Optional<String> lockHolder(String name) {
    return kv.get(STATUS + name).flatMap(Entry::session);
  }

  /** The status as it is, down or not. */
  public Optional<RunStatus> presentStatus(String name) {
    return kv.get(STATUS + name).flatMap(entry -> read(entry.text()));
  }

  /** The phase of each run's status, down or not. */
  public Map<String, String> presentStates() {
    return kv.list(STATUS).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                status ->
                    read(status.getValue().text()).map(it -> it.phase().toString()).orElse("?")));
  }

  /** The names of all runs with a definition or a status, down or not. */
  public Set<String> presentRuns() {
    var names = new TreeSet<>(kv.list(RUNS).keySet());
    names.addAll(kv.list(STATUS).keySet());
    return names;
  }

  /** The definition as it is, down or not. */
  public Optional<String> presentDefinition(String name) {
    return kv.get(RUNS + name).map(Entry::text);
  }

  /** The definition's index as it is, down or not. */
  public Optional<Long> presentGeneration(String name) {
    return kv.get(RUNS + name).map(Entry::modifyIndex);
  }

  void register(Supplier<Stream<Instance>> instances) {
    registered = instances;
  }

  private FakeKv up() {
    if (down) {
      throw new PortFailure.Unavailable("Consul did not answer", null);
    }
    return kv;
  }

  // Definitions.

  @Override
  public Optional<StoredDefinition> definition(String name) {
    return up().get(RUNS + name).map(entry -> definition(name, entry));
  }

  @Override
  public List<StoredDefinition> definitions() {
    return up().list(RUNS).entrySet().stream()
        .map(entry -> definition(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static StoredDefinition definition(String name, Entry entry) {
    return new StoredDefinition(name, entry.modifyIndex(), entry.text());
  }

  @Override
  public OptionalLong writeDefinition(String name, String text, long over) {
    var key = RUNS + name;
    return indexAfter(up().transaction(CLIENT).cas(key, text, over), key);
  }

  @Override
  public void deleteDefinition(String name) {
    var _ = up().transaction(CLIENT).delete(RUNS + name).commit();
  }

  @Override
  public Optional<String> value(String key) {
    return up().get(key).map(Entry::text);
  }

  // Statuses.

  @Override
  public Optional<StoredStatus> status(String name) {
    return up().get(STATUS + name).map(entry -> status(name, entry));
  }

  @Override
  public List<StoredStatus> statuses() {
    return up().list(STATUS).entrySet().stream()
        .map(entry -> status(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public List<Command> commands(String name) {
    return up().list(COMMANDS + name + "/").entrySet().stream()
        .map(
            entry ->
                CommandCodec.read(
                    entry.getKey(), entry.getValue().modifyIndex(), entry.getValue().text()))
        .toList();
  }

  @Override
  public Map<String, List<Command>> commands() {
    return up().list(COMMANDS).keySet().stream()
        .map(key -> key.split("/", -1)[0])
        .distinct()
        .collect(Collectors.toMap(name -> name, this::commands));
  }

  @Override
  public void writeCommand(String name, Command.Asked command) {
    var _ =
        up().transaction(CLIENT).set(command(name, command), CommandCodec.write(command)).commit();
  }

  @Override
  public void removeCommand(String name, Command command) {
    var _ =
        up().transaction(CLIENT).deleteCas(command(name, command), command.modifyIndex()).commit();
  }

  private static String command(String name, Command command) {
    return COMMANDS + name + "/" + command.action();
  }

  private StoredStatus status(String name, Entry entry) {
    return new StoredStatus(
        name, entry.modifyIndex(), entry.session(), read(entry.text()), entry.text());
  }

  /** Most texts are read many times before the next one is written. */
  private Optional<RunStatus> read(String text) {
    return statuses.computeIfAbsent(text, StatusCodec::read);
  }

  @Override
  public Optional<Generation> generation(String name, long number) {
    var key = frozen(name, number);
    return up().get(key).map(entry -> generation(key, entry));
  }

  private static Generation generation(String key, Entry entry) {
    try {
      return GenerationCodec.read(Base64.getDecoder().decode(entry.text()));
    } catch (IllegalArgumentException e) {
      throw new PortFailure.Corrupt(key + " is not what was written there");
    }
  }

  private static String frozen(String name, long number) {
    return generations(name) + number;
  }

  private static String generations(String name) {
    return "canary/generations/%s/".formatted(name);
  }

  @Override
  public List<RunStatus> history(String name) {
    return up().list(past(name)).values().stream()
        .flatMap(entry -> read(entry.text()).stream())
        .sorted(
            Comparator.comparingLong((RunStatus past) -> past.generation().orElse(0)).reversed())
        .toList();
  }

  private static String past(String name) {
    return "canary/history/%s/".formatted(name);
  }

  @Override
  public Optional<StoredStatus> claim(
      String name, Optional<StoredStatus> seen, RunStatus initial, String session) {
    var key = STATUS + name;
    var text =
        seen.filter(it -> it.status().isPresent())
            .map(StoredStatus::text)
            .orElseGet(() -> StatusCodec.write(initial));
    long over = seen.map(StoredStatus::modifyIndex).orElse(0L);
    return up().transaction(session).checkIndex(key, over).lock(key, text, session).commit()
        ? status(name)
        : Optional.empty();
  }

  @Override
  public Optional<Started> start(
      String name,
      String definition,
      long over,
      Optional<StoredStatus> seen,
      RunStatus initial,
      String session) {
    var key = STATUS + name;
    var started =
        up().transaction(CLIENT)
            .cas(RUNS + name, definition, over)
            .checkIndex(key, seen.map(StoredStatus::modifyIndex).orElse(0L))
            .lock(key, StatusCodec.write(initial), session)
            .commit();
    return started
        ? Optional.of(
            new Started(definition(name).orElseThrow().modifyIndex(), status(name).orElseThrow()))
        : Optional.empty();
  }

  @Override
  public OptionalLong freeze(Generation generation, RunStatus status, long over, String session) {
    var bytes = GenerationCodec.write(generation);
    if (bytes.length > MAX_GENERATION_BYTES) {
      throw new PortFailure.Rejected("the generation is too large: " + bytes.length);
    }
    var frozen = frozen(generation.run(), generation.number());
    var key = STATUS + generation.run();
    return indexAfter(
        up().transaction(session)
            .checkSession(key, session)
            .checkIndex(RUNS + generation.run(), generation.number())
            .checkIndex(frozen, 0)
            .set(frozen, Base64.getEncoder().encodeToString(bytes))
            .cas(key, StatusCodec.write(status), over),
        key);
  }

  @Override
  public OptionalLong write(RunStatus status, long over, String session, Optional<Command> heeded) {
    var key = STATUS + status.name();
    var text = StatusCodec.write(status);
    var transaction = up().transaction(session).checkSession(key, session).cas(key, text, over);
    if (status.phase().isTerminal() && status.generation().isPresent()) {
      transaction.set(past(status.name()) + status.generation().getAsLong(), text);
    }
    heeded.ifPresent(
        command -> transaction.deleteCas(command(status.name(), command), command.modifyIndex()));
    return indexAfter(transaction, key);
  }

  private OptionalLong indexAfter(FakeKv.Transaction transaction, String key) {
    return transaction.commit()
        ? OptionalLong.of(kv.get(key).orElseThrow().modifyIndex())
        : OptionalLong.empty();
  }

  @Override
  public void release(String name, String session) {
    var key = STATUS + name;
    up().get(key)
        .ifPresent(
            entry -> {
              var _ = kv.transaction(session).unlock(key, entry.text(), session).commit();
            });
  }

  @Override
  public void prune(String name, int keep) {
    history(name).stream()
        .skip(keep)
        .flatMap(past -> past.generation().stream().boxed())
        .forEach(
            number -> {
              var _ =
                  kv.transaction(CLIENT)
                      .delete(past(name) + number)
                      .delete(frozen(name, number))
                      .commit();
            });
  }

  @Override
  public List<StoredMember> members() {
    return up().list(MEMBERS).entrySet().stream()
        .filter(entry -> !entry.getKey().isEmpty() && !entry.getKey().contains("/"))
        .map(
            entry ->
                new StoredMember(
                    entry.getKey(),
                    entry.getValue().modifyIndex(),
                    entry.getValue().session(),
                    MemberCodec.read(entry.getValue().text())))
        .toList();
  }

  @Override
  public boolean join(Member member, String session) {
    return up().transaction(session)
        .lock(MEMBERS + member.instance(), MemberCodec.write(member), session)
        .commit();
  }

  @Override
  public void leave(String instance, String session) {
    var key = MEMBERS + instance;
    var _ = up().transaction(session).checkSession(key, session).delete(key).commit();
  }

  @Override
  public void removeMember(StoredMember dead) {
    var _ =
        up().transaction(CLIENT).deleteCas(MEMBERS + dead.instance(), dead.modifyIndex()).commit();
  }

  @Override
  public void tryReading() {
    var _ = up();
  }

  @Override
  public void tryWriting() {
    var _ = up();
  }

  @Override
  public void tryDefining() {
    var _ = up();
  }

  @Override
  public SortedSet<String> names() {
    var names = new TreeSet<>(up().list(RUNS).keySet());
    names.addAll(up().list(STATUS).keySet());
    return names;
  }

  @Override
  public SortedMap<String, List<String>> keys() {
    return up().list(PREFIX).keySet().stream()
        .filter(key -> StoredKeys.run(key).isPresent())
        .collect(
            Collectors.groupingBy(
                key -> StoredKeys.run(key).orElseThrow(),
                TreeMap::new,
                Collectors.mapping(PREFIX::concat, Collectors.toList())));
  }

  @Override
  public List<Garbage> garbage() {
    var garbage = new ArrayList<Garbage>();
    up().list(PREFIX)
        .forEach(
            (key, entry) ->
                problem(key, entry)
                    .ifPresent(problem -> garbage.add(new Garbage(PREFIX + key, problem))));
    return garbage;
  }

  private static Optional<String> problem(String key, Entry entry) {
    if (StoredKeys.FOLDERS.stream().noneMatch(key::startsWith) || StoredKeys.isFolder(key)) {
      return Optional.empty();
    }
    return StoredKeys.problem(key, bytes(key, entry.text()));
  }

  private static byte[] bytes(String key, String text) {
    return key.startsWith("generations/") && text.startsWith(GZIP_IN_BASE64)
        ? Base64.getDecoder().decode(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean forget(String name, Optional<StoredStatus> seen) {
    return up().transaction(CLIENT)
        .checkIndex(RUNS + name, 0)
        .checkIndex(STATUS + name, seen.map(StoredStatus::modifyIndex).orElse(0L))
        .delete(STATUS + name)
        .deleteTree(generations(name))
        .deleteTree(past(name))
        .deleteTree(COMMANDS + name + "/")
        .commit();
  }

  @Override
  public long awaitDefinitionChange(long after, Duration atMost) {
    return up().lastIndex(RUNS);
  }

  @Override
  public long awaitStatusChange(long after, Duration atMost) {
    return up().lastIndex(STATUS);
  }

  // Sessions and services.

  @Override
  public String open(String instance, Duration ttl, Duration lockDelay) {
    return up().openSession(ttl, lockDelay);
  }

  @Override
  public boolean renew(String session) {
    return up().renewSession(session);
  }

  @Override
  public void destroy(String session) {
    up().endSession(session);
  }

  @Override
  public boolean isOpen(String session) {
    return up().isOpen(session) && showsSessions;
  }

  @Override
  public Server server() {
    var _ = up();
    return new Server("http://consul:8500", Optional.of(version), time.instant());
  }

  @Override
  public String datacenter() {
    var _ = up();
    return "dc1";
  }

  @Override
  public List<Instance> instances(List<String> services) {
    var _ = up();
    return registered.get().filter(instance -> services.contains(instance.service())).toList();
  }
}
