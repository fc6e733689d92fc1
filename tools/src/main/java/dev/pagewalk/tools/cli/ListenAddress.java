package dev.pagewalk.tools.cli;

import com.google.common.net.HostAndPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code [HOST:]PORT}: where a server listens; on the loopback interface alone where no host is given. */
final class ListenAddress implements ITypeConverter<InetSocketAddress> {
    @Override
    public InetSocketAddress convert(String text) {
        return parse(text);
    }

    /** @throws TypeConversionException with a line that says what would be right */
    static InetSocketAddress parse(String text) {
        try {
            boolean isPort = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
            HostAndPort parts = HostAndPort.fromString(
                    isPort || text.startsWith(":") ? "127.0.0.1:" + text.replaceFirst("^:", "") : text);
            // Before a host is looked up: a word without a port is no host that somebody means.
            int port = parts.getPort();
            return new InetSocketAddress(InetAddress.getByName(parts.getHost()), port);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new TypeConversionException("'" + text + "' is not [HOST:]PORT with a port from 0 to 65535");
        } catch (UnknownHostException e) {
            throw new TypeConversionException("'" + text + "' names a host that nobody knows");
        }
    }

    /** Tells the user where a server listens, and warns where others can reach it. */
    static void announce(String what, InetAddress host, int port) {
        warnOfStrangers(what, host);
        Messages.printBare(what + ": listening on " + text(host, port));
    }

    /** Warns where others than this computer can reach a server. */
    static void warnOfStrangers(String what, InetAddress host) {
        if (!host.isLoopbackAddress()) {
            Messages.print("warning: whoever can reach " + host.getHostAddress() + " can use this guest's " + what
                    + "; without a host it is this computer alone");
        }
    }

    /** {@code HOST:PORT}, as it stands in a URL. */
    static String text(InetAddress host, int port) {
        return HostAndPort.fromParts(host.getHostAddress(), port).toString();
    }
}
