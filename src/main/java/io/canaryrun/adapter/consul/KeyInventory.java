package io.canaryrun.adapter.consul;

import io.canaryrun.codec.StoredKeys;
import io.canaryrun.port.RunStore.Garbage;
import io.canaryrun.port.StoredStatus;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A look at all keys below the prefix, and whether they may be read and written. */
final class KeyInventory {

  private final ConsulConnection consul;
  private final Keys keys;

  KeyInventory(ConsulConnection consul, Keys keys) {
    this.consul = consul;
    this.keys = keys;
  }

  /**
   * An absent key that may not be read is refused, like one that is there. Where Consul makes it a
   * permission of its own, listing is refused, too.
   */
  void tryReading() {
    var probe = probe();
    for (var folder : StoredKeys.FOLDERS) {
      var _ = consul.read(keys.prefix() + folder + probe);
      var _ = below(keys.prefix() + folder + probe);
    }
  }

  /** Removing an absent key needs the permission to write it, and changes nothing. */
  void tryWriting() {
    var probe = probe();
    var transaction = new Transaction(consul, "write keys below " + keys.prefix());
    StoredKeys.FOLDERS.stream()
        .filter(folder -> !keys.runs().equals(keys.prefix() + folder))
        .forEach(folder -> transaction.delete(keys.prefix() + folder + probe));
    var _ = transaction.commit();
  }

  void tryDefining() {
    var _ =
        new Transaction(consul, "write keys below " + keys.runs())
            .delete(keys.runs() + probe())
            .commit();
  }

  private static String probe() {
    return UUID.randomUUID().toString();
  }

  /** Of runs with a definition or a status. */
  SortedSet<String> names() {
    return Stream.of(keys.runs(), keys.statuses())
        .flatMap(
            folder ->
                below(folder)
                    .filter(key -> Keys.isDirectlyIn(folder, key))
                    .map(key -> key.substring(folder.length())))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  SortedMap<String, List<String>> byRun() {
    var byRun = new TreeMap<String, List<String>>();
    for (var key : all()) {
      StoredKeys.run(key)
          .ifPresent(
              run -> byRun.computeIfAbsent(run, _ -> new ArrayList<>()).add(keys.prefix() + key));
    }
    return byRun;
  }

  /** Without the prefix. */
  private List<String> all() {
    var prefix = keys.prefix();
    return below(prefix)
        .map(key -> key.substring(prefix.length()))
        .filter(key -> StoredKeys.FOLDERS.stream().anyMatch(key::startsWith))
        .filter(key -> !StoredKeys.isFolder(key))
        .toList();
  }

  private Stream<String> below(String prefix) {
    var found =
        consul.query(
            "list keys " + prefix,
            client ->
                client.getKVKeysOnly(
                    ConsulConnection.encoded(prefix), ConsulConnection.CONSISTENT));
    return Stream.ofNullable(found).flatMap(List::stream);
  }

  /** Values are read one by one: together they may be large. */
  List<Garbage> garbage() {
    var garbage = new ArrayList<Garbage>();
    all().stream()
        .filter(StoredKeys::isChecked)
        .forEach(
            key ->
                problem(key)
                    .ifPresent(what -> garbage.add(new Garbage(keys.prefix() + key, what))));
    return garbage;
  }

  /** One that was removed meanwhile is none. */
  private Optional<String> problem(String key) {
    return consul
        .read(keys.prefix() + key)
        .flatMap(
            value ->
                StoredKeys.problem(
                    key,
                    value.getValue() == null
                        ? new byte[0]
                        : Base64.getDecoder().decode(value.getValue())));
  }

  boolean forget(String run, Optional<StoredStatus> seen) {
    var status = keys.status(run);
    var transaction =
        new Transaction(consul, "forget run " + run)
            .checkIndex(keys.run(run), 0)
            .checkIndex(status, seen.map(StoredStatus::modifyIndex).orElse(0L))
            .delete(status);
    Stream.of(keys.generations(run), keys.history(run), keys.commands(run))
        .forEach(transaction::deleteTree);
    return transaction.commit().isPresent();
  }
}
