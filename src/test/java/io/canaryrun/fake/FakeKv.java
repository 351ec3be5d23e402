package io.canaryrun.fake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Consul's key-value store with sessions: every transaction is all or nothing, a session that is
 * not renewed ends exactly after its TTL, the earliest that Consul may, unless it is told to be
 * late.
 */
final class FakeKv {
  private final InstantSource time;
  private final Map<String, Session> sessions = new HashMap<>();
  private final Map<String, Instant> lockDelays = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final NavigableMap<String, Long> lastIndexes = new TreeMap<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private NavigableMap<String, Entry> entries = new TreeMap<>();
  private long index = 10; // A store that was used before.
  private int opened;
  private Duration lateness = Duration.ZERO;

  /**
   * @param locks how often it was locked; what a value is compared with, together with the text
   */
  record Entry(String text, long modifyIndex, Optional<String> session, long locks) {}

  private record Session(String id, Instant endsAt, Duration ttl, Duration lockDelay) {}

  /**
   * Something that was written or removed.
   *
   * @param text empty: the key was removed
   */
  record Change(Instant at, String key, Optional<String> text, long index, String by) {}

  FakeKv(InstantSource time) {
    this.time = time;
  }

  List<Change> changes() {
    return changes;
  }

  /** Told of each change. */
  void onChange(Runnable listener) {
    listeners.add(listener);
  }

  private void record(Change change) {
    changes.add(change);
    lastIndexes.put(change.key, change.index);
    listeners.forEach(Runnable::run);
  }

  String openSession(Duration ttl, Duration lockDelay) {
    expire();
    var id = "session-" + ++opened;
    sessions.put(id, new Session(id, time.instant().plus(ttl), ttl, lockDelay));
    return id;
  }

  boolean renewSession(String id) {
    expire();
    return sessions.computeIfPresent(
            id, (_, it) -> new Session(id, time.instant().plus(it.ttl), it.ttl, it.lockDelay))
        != null;
  }

  boolean isOpen(String id) {
    expire();
    return sessions.containsKey(id);
  }

  void endSession(String id) {
    expire();
    Optional.ofNullable(sessions.get(id)).ifPresent(session -> end(session, time.instant()));
  }

  private void expire() {
    sessions.values().stream()
        .filter(session -> !time.instant().isBefore(session.endsAt.plus(lateness)))
        .toList()
        .forEach(session -> end(session, session.endsAt.plus(lateness)));
  }

  /** How much later than their TTL sessions end from now on. */
  void setLateness(Duration after) {
    lateness = after;
  }

  /** All sessions are gone, and so is the leader who remembers what is not to be locked yet. */
  void loseSessions() {
    List.copyOf(sessions.values()).forEach(session -> end(session, time.instant()));
    lockDelays.clear();
  }

  /** What it locked is released, and cannot be locked again for a while. */
  private void end(Session session, Instant at) {
    sessions.remove(session.id);
    index++;
    entries.replaceAll(
        (key, entry) -> {
          if (!entry.session.equals(Optional.of(session.id))) {
            return entry;
          }
          lockDelays.put(key, at.plus(session.lockDelay));
          record(new Change(at, key, Optional.of(entry.text), index, "consul"));
          return new Entry(entry.text, index, Optional.empty(), entry.locks);
        });
  }

  Optional<Entry> get(String key) {
    expire();
    return Optional.ofNullable(entries.get(key));
  }

  /** Everything under a prefix, by what follows it. */
  NavigableMap<String, Entry> list(String prefix) {
    expire();
    var found = new TreeMap<String, Entry>();
    entries
        .subMap(prefix, prefix + Character.MAX_VALUE)
        .forEach((key, entry) -> found.put(key.substring(prefix.length()), entry));
    return found;
  }

  /** Of the last change under a prefix, removals included; 1: there was none. */
  long lastIndex(String prefix) {
    expire();
    return lastIndexes.subMap(prefix, prefix + Character.MAX_VALUE).values().stream()
        .max(Comparator.naturalOrder())
        .orElse(1L);
  }

  /**
   * @param by for the record of changes
   */
  Transaction transaction(String by) {
    expire();
    return new Transaction(by);
  }

  /** What is refused once, stays refused; nothing is seen of it before it is committed. */
  final class Transaction {
    private final NavigableMap<String, Entry> next = new TreeMap<>(entries);
    private final List<Change> done = new ArrayList<>();
    private final String by;
    private boolean refused;

    private Transaction(String by) {
      this.by = by;
    }

    private Transaction require(boolean condition) {
      refused |= !condition;
      return this;
    }

    /**
     * @param expected 0: the key must not exist
     */
    Transaction checkIndex(String key, long expected) {
      var entry = next.get(key);
      return require((entry == null ? 0 : entry.modifyIndex) == expected);
    }

    Transaction checkSession(String key, String session) {
      var entry = next.get(key);
      return require(entry != null && entry.session.equals(Optional.of(session)));
    }

    Transaction cas(String key, String text, long expected) {
      return checkIndex(key, expected).set(key, text);
    }

    /** Keeps whatever lock there is. */
    Transaction set(String key, String text) {
      var session = Optional.ofNullable(next.get(key)).flatMap(Entry::session);
      return put(key, text, session, 0);
    }

    Transaction lock(String key, String text, String session) {
      var entry = Optional.ofNullable(next.get(key));
      var holder = entry.flatMap(Entry::session);
      require(sessions.containsKey(session));
      require(holder.isEmpty() || holder.get().equals(session));
      require(!time.instant().isBefore(lockDelays.getOrDefault(key, Instant.MIN)));
      long locks = entry.map(Entry::locks).orElse(0L) + (holder.isPresent() ? 0 : 1);
      return put(key, text, Optional.of(session), locks);
    }

    Transaction unlock(String key, String text, String session) {
      checkSession(key, session);
      return put(key, text, Optional.empty(), refused ? 0 : next.get(key).locks);
    }

    /** What is gone already is no conflict. */
    Transaction deleteCas(String key, long expected) {
      return next.containsKey(key) ? checkIndex(key, expected).delete(key) : this;
    }

    Transaction deleteTree(String prefix) {
      List.copyOf(next.subMap(prefix, prefix + Character.MAX_VALUE).keySet()).forEach(this::delete);
      return this;
    }

    Transaction delete(String key) {
      if (next.remove(key) != null) {
        done.add(new Change(time.instant(), key, Optional.empty(), index + 1, by));
      }
      return this;
    }

    /** An entry that stays as it is keeps its index. */
    private Transaction put(String key, String text, Optional<String> session, long locks) {
      var before = next.get(key);
      var same =
          before != null && before.equals(new Entry(text, before.modifyIndex, session, locks));
      if (!same) {
        next.put(key, new Entry(text, index + 1, session, locks));
        done.add(new Change(time.instant(), key, Optional.of(text), index + 1, by));
      }
      return this;
    }

    /**
     * @return false: refused as a whole
     */
    boolean commit() {
      if (!refused) {
        entries = next;
        done.forEach(FakeKv.this::record);
        index++;
      }
      return !refused;
    }
  }
}
