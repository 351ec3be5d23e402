package io.canaryrun.adapter.consul;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecwid.consul.v1.kv.model.GetValue;
import io.canaryrun.codec.MemberCodec;
import io.canaryrun.core.observation.Member;
import io.canaryrun.port.StoredMember;
import java.util.Optional;

/**
 * The keys by which daemons show that they live. Each is locked by the session that holds the
 * daemon's runs: so both end at the same moment, and whoever reads the locks of both knows who
 * holds what. A session that deletes its keys when it ends would have to be a second one, because
 * the statuses must outlive their owner.
 */
final class MemberKeys {
  private final ConsulConnection consul;
  private final Keys keys;

  MemberKeys(ConsulConnection consul, Keys keys) {
    this.consul = consul;
    this.keys = keys;
  }

  static StoredMember read(String instance, GetValue value) {
    return new StoredMember(
        instance,
        value.getModifyIndex(),
        Optional.ofNullable(value.getSession()),
        Optional.ofNullable(value.getDecodedValue(UTF_8)).flatMap(MemberCodec::read));
  }

  boolean join(Member member, String session) {
    return new Transaction(consul, "show instance " + member.instance())
        .lock(keys.member(member.instance()), MemberCodec.write(member), session)
        .commit()
        .isPresent();
  }

  void leave(String instance, String session) {
    var key = keys.member(instance);
    var _ =
        new Transaction(consul, "remove instance " + instance)
            .checkSession(key, session)
            .delete(key)
            .commit();
  }

  void remove(StoredMember dead) {
    var _ =
        new Transaction(consul, "remove dead instance " + dead.instance())
            .deleteCas(keys.member(dead.instance()), dead.modifyIndex())
            .commit();
  }
}
