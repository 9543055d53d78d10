package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;

/** Gives users their passwords and rights. What is there already stays, and nothing is taken away. */
final class AccessCreator implements AutoCloseable {

    /** Kafka's own default; with passwords that nobody can guess more would only cost every login. */
    private static final ScramCredentialInfo SCRAM = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);

    private final AdminConnection kafka;
    private final Admin admin;

    AccessCreator(KafkaCluster cluster) {
        this.kafka = AdminConnection.open(cluster, AdminConnection.CHANGE_TIMEOUT);
        this.admin = kafka.admin();
    }

    /** @param passwords of the users, by their names */
    void setPasswords(Map<String, String> passwords) {
        List<UserScramCredentialAlteration> wanted = new ArrayList<>();
        passwords.forEach((user, password) -> wanted.add(new UserScramCredentialUpsertion(user, SCRAM, password)));
        kafka.get(admin.alterUserScramCredentials(wanted).all());
    }

    void grant(Collection<AclBinding> rights) {
        kafka.get(admin.createAcls(rights).all());
    }

    @Override
    public void close() {
        kafka.close();
    }
}
