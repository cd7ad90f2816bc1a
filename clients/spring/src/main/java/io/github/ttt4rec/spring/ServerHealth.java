package io.github.ttt4rec.spring;

import io.github.ttt4rec.client.Client;
import io.github.ttt4rec.client.ClientException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Is up while the server is ready, out of service while it says that it is not, and down if it does not answer. */
final class ServerHealth implements HealthIndicator {
    private final Client client;

    ServerHealth(Client client) {
        this.client = client;
    }

    @Override
    public Health health() {
        try {
            return (client.ready() ? Health.up() : Health.outOfService()).build();
        } catch (ClientException failure) {
            return Health.down(failure).build();
        }
    }
}
