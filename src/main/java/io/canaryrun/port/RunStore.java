package io.canaryrun.port;

import io.canaryrun.core.observation.Command;
import io.canaryrun.core.observation.Generation;
import io.canaryrun.core.observation.Member;
import io.canaryrun.core.phase.RunStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Definitions, statuses, generations and history of runs, in Consul KV.
 *
 * <p>Every read of a single key is consistent, and tells an absent key (empty) from a forbidden one
 * ({@link PortFailure.Rejected}). An empty list proves nothing: Consul gives one to a token without
 * permission, too. Every write of an owner is one transaction that fails when its session is gone
 * or somebody wrote in between; nothing is ever sent twice.
 */
public interface RunStore {

  // What users write.

  Optional<StoredDefinition> definition(String name);

  /** All definitions that may be listed; for finding work, never for concluding a deletion. */
  List<StoredDefinition> definitions();

  /**
   * Writes a definition.
   *
   * @param over the ModifyIndex it replaces, 0: it must not exist
   * @return its ModifyIndex; empty: somebody else wrote it in between
   */
  OptionalLong writeDefinition(String name, String text, long over);

  /** Removes a definition; whether it existed is not told. */
  void deleteDefinition(String name);

  /** Another key of Consul KV, as named by {@code consulKey}. */
  Optional<String> value(String key);

  /** Commands for a run; an empty list proves nothing. */
  List<Command> commands(String name);

  /** The commands for all runs, by the run's name. */
  Map<String, List<Command>> commands();

  /** Writes a command, over an earlier one of its kind; its ModifyIndex is Consul's to give. */
  void writeCommand(String name, Command.Asked command);

  /** Removes a command, unless it was written anew. */
  void removeCommand(String name, Command command);

  // What the owner of a run writes.

  Optional<StoredStatus> status(String name);

  List<StoredStatus> statuses();

  /**
   * The frozen generation; empty: it was never frozen, or pruned, or removed by hand.
   *
   * @throws PortFailure.Corrupt somebody wrote over it
   */
  Optional<Generation> generation(String name, long number);

  /** Final statuses of a run, newest generation first. */
  List<RunStatus> history(String name);

  /**
   * Takes a run's lock, leaving its status as it is.
   *
   * @param seen the status as read; where there is none, or what is there is none, {@code initial}
   *     becomes it
   * @return the status as it is now; empty: somebody else was faster
   */
  Optional<StoredStatus> claim(
      String name, Optional<StoredStatus> seen, RunStatus initial, String session);

  /**
   * Writes a definition and, in the same transaction, a status locked by {@code session}: no agent
   * can take the run in between.
   *
   * @param definition text, over ModifyIndex {@code over} (0: must not exist)
   * @param seen the status as read; empty: there is none
   * @return empty: somebody holds the run, or wrote in between
   */
  Optional<Started> start(
      String name,
      String definition,
      long over,
      Optional<StoredStatus> seen,
      RunStatus initial,
      String session);

  /** What {@link #start} wrote. */
  record Started(long generation, StoredStatus status) {}

  /**
   * Writes the generation, which must not exist, and the status.
   *
   * @param over ModifyIndex of the status as last seen
   * @return the new ModifyIndex of the status; empty: the lock is lost, the definition changed, or
   *     somebody wrote in between
   * @throws PortFailure.Rejected the generation is larger than {@value #MAX_GENERATION_BYTES} bytes
   *     compressed
   */
  OptionalLong freeze(Generation generation, RunStatus status, long over, String session);

  int MAX_GENERATION_BYTES = 190_000;

  /** What is said of a generation that is larger. */
  static PortFailure.Rejected tooLarge(int bytes) {
    return new PortFailure.Rejected(
        "definition and jobs are %d bytes compressed; at most %d fit: make the jobs smaller"
            .formatted(bytes, MAX_GENERATION_BYTES));
  }

  /**
   * Writes the status; the answer is as that of {@link #freeze}. A terminal one is also history.
   *
   * @param heeded a command that is removed in the same transaction; one that was written anew
   *     meanwhile refuses it
   */
  OptionalLong write(RunStatus status, long over, String session, Optional<Command> heeded);

  /** Gives the lock back; nothing happens where it is not held. */
  void release(String name, String session);

  /** Removes all but the newest {@code keep} entries of a run's history, with their generations. */
  void prune(String name, int keep);

  // Who is alive: for display, and for whoever cannot go on himself.

  /** All daemons that show themselves, and what those left that have died. */
  List<StoredMember> members();

  /**
   * Shows a daemon as long as that session lives, over whatever its key holds.
   *
   * @return false: the session is gone, or another one shows a daemon of that name
   */
  boolean join(Member member, String session);

  /** Removes a daemon; nothing happens where it is not shown by that session. */
  void leave(String instance, String session);

  /** Removes what a dead daemon left, unless it was written since. */
  void removeMember(StoredMember dead);

  // A look at everything.

  /** Names of the runs that have a definition or a status, as far as they may be listed. */
  SortedSet<String> names();

  /**
   * Tries out whether keys of every kind may be read; nothing is changed.
   *
   * @throws PortFailure.Rejected some may not, and they are named
   */
  void tryReading();

  /**
   * Tries out whether the keys may be written that an agent writes, and leaves them as they are.
   *
   * @throws PortFailure.Rejected some may not, and they are named
   */
  void tryWriting();

  /** The same for definitions, which people and {@code canary run} write. */
  void tryDefining();

  /** Every key of a run, by the run's name. */
  SortedMap<String, List<String>> keys();

  /** Keys that nobody can make anything of. */
  List<Garbage> garbage();

  /** A key, and what is wrong with it. */
  record Garbage(String key, String problem) {}

  /**
   * Removes all keys of a run that has no definition: status, generations, history and commands.
   *
   * @param seen its status as read; empty: it has none
   * @return false: there is a definition, or its status was written or taken since; nothing was
   *     removed
   */
  boolean forget(String name, Optional<StoredStatus> seen);

  // News.

  /**
   * Waits until anything under definitions changes.
   *
   * @param after index of the last answer, 0 at first; an index that went back starts anew
   * @param atMost more than zero; a store may round it up to whole seconds
   * @return the index to wait after next
   */
  long awaitDefinitionChange(long after, Duration atMost);

  /** The same for statuses: somebody moved, finished, took or released a run. */
  long awaitStatusChange(long after, Duration atMost);
}
