package io.canaryrun.adapter.consul;

/**
 * The keys of the contract.
 *
 * @param prefix ends with a slash
 */
record Keys(String prefix) {

  String runs() {
    return prefix + "runs/";
  }

  String run(String name) {
    return runs() + name;
  }

  String statuses() {
    return prefix + "status/";
  }

  String status(String name) {
    return statuses() + name;
  }

  String commands() {
    return prefix + "commands/";
  }

  String commands(String name) {
    return commands() + name + "/";
  }

  String command(String name, String action) {
    return commands(name) + action;
  }

  String generations(String name) {
    return prefix + "generations/" + name + "/";
  }

  String generation(String name, long number) {
    return generations(name) + number;
  }

  String history(String name) {
    return prefix + "history/" + name + "/";
  }

  String past(String name, long number) {
    return history(name) + number;
  }

  String members() {
    return prefix + "members/";
  }

  String member(String instance) {
    return members() + instance;
  }

  /** Neither the folder itself nor in a folder below it. */
  static boolean isDirectlyIn(String folder, String key) {
    return key.length() > folder.length() && key.indexOf('/', folder.length()) < 0;
  }
}
