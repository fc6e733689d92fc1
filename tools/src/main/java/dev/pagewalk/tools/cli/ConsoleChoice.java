package dev.pagewalk.tools.cli;

import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code stdio} or {@code tcp:[HOST:]PORT}.
 *
 * @param address null for standard input and output
 */
record ConsoleChoice(InetSocketAddress address) {
    private static final String STDIO = "stdio";
    private static final String TCP = "tcp:";

    /** As the user writes it; picocli asks for it at each start, and a record's own would take longest of all there. */
    @Override
    public String toString() {
        return address == null ? STDIO : TCP + address.getHostString() + ":" + address.getPort();
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<ConsoleChoice> {
        @Override
        public ConsoleChoice convert(String text) {
            if (text.equals(STDIO)) {
                return new ConsoleChoice(null);
            }
            if (!text.startsWith(TCP)) {
                throw new TypeConversionException("'" + text + "' is neither stdio nor tcp:[HOST:]PORT");
            }
            return new ConsoleChoice(ListenAddress.parse(text.substring(TCP.length())));
        }
    }
}
