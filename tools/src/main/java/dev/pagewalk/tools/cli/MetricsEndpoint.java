package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.meters.MetricsServer;
import dev.pagewalk.tools.meters.ScrapedMeters;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.net.InetSocketAddress;

/** {@code --metrics}: the endpoint for Prometheus, told to the user. */
final class MetricsEndpoint {
    private MetricsEndpoint() {}

    /**
     * Listens, and says where.
     *
     * @param address null for no endpoint
     * @param meters what is told there
     * @return null where there is none
     * @throws UserErrorException USAGE where the address cannot be listened on
     */
    static MetricsServer open(InetSocketAddress address, ScrapedMeters meters) throws UserErrorException {
        if (address == null) {
            return null;
        }
        try {
            MetricsServer server = new MetricsServer(address, meters);
            ListenAddress.warnOfStrangers("metrics", address.getAddress());
            Messages.printBare(
                    "metrics: http://" + ListenAddress.text(address.getAddress(), server.port()) + MetricsServer.PATH);
            return server;
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, "--metrics: " + e.getMessage());
        }
    }
}
