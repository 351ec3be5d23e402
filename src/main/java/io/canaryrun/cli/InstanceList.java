package io.canaryrun.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.canaryrun.core.observation.Member;
import io.canaryrun.operator.Holdings;
import io.canaryrun.operator.Holdings.Holder;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;

/** Who is alive and holds what, for people and for programs. */
final class InstanceList {
  private static final String ROW = "%-32s %-20s %-12s %6s %5s  %s%n";
  private static final ObjectMapper JSON = new ObjectMapper();

  private InstanceList() {}

  static void table(PrintWriter out, Holdings holdings, Instant now) {
    if (holdings.daemons().isEmpty()) {
      out.println("no daemon is alive, or it may not show itself");
    }
    if (!holdings.daemons().isEmpty() || !holdings.others().isEmpty()) {
      out.printf(ROW, "INSTANCE", "NODE", "VERSION", "ALIVE", "RUNS", "WHICH");
    }
    holdings.daemons().forEach(daemon -> row(out, daemon, now));
    holdings.others().forEach(other -> row(out, other, now));
    if (!holdings.unheld().isEmpty()) {
      out.println("held by nobody: " + String.join(", ", holdings.unheld()));
    }
  }

  private static void row(PrintWriter out, Holder holder, Instant now) {
    var member = holder.member();
    out.print(
        ROW.formatted(
                holder.instance(),
                member.flatMap(Member::node).orElse("-"),
                member.map(Member::version).orElse("-"),
                member.map(it -> StatusText.age(Duration.between(it.since(), now))).orElse("-"),
                holder.runs().size(),
                String.join(", ", holder.runs()))
            .stripTrailing());
    out.println();
  }

  static String json(Holdings holdings) {
    var node = JSON.createObjectNode();
    var instances = node.putArray("instances");
    holdings.daemons().forEach(daemon -> daemon(instances.addObject(), daemon));
    var others = node.putArray("others");
    holdings.others().forEach(other -> holder(others.addObject(), other));
    holdings.unheld().forEach(node.putArray("unheld")::add);
    return node.toPrettyString();
  }

  private static void daemon(ObjectNode node, Holder daemon) {
    holder(node, daemon);
    node.put("version", daemon.member().map(Member::version).orElse(null));
    node.put("since", daemon.member().map(it -> it.since().toString()).orElse(null));
    node.put("node", daemon.member().flatMap(Member::node).orElse(null));
  }

  private static void holder(ObjectNode node, Holder holder) {
    node.put("instance", holder.instance());
    holder.runs().forEach(node.putArray("runs")::add);
  }
}
