package dev.pagewalk.tools.debug.packet;

import java.util.Map;

/** What LLDB asks besides: what kind of machine this is, {@code qHostInfo} and {@code qProcessInfo}. */
final class PlatformPackets {
    private static final String PLATFORM =
            "triple:" + Reply.hexOf("riscv64-unknown-linux-gnu") + ";ptrsize:8;endian:little;";

    private final Client client;

    PlatformPackets(Client client) {
        this.client = client;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("qHostInfo", packet -> Reply.text(PLATFORM));
        table.put(
                "qProcessInfo",
                packet -> Reply.text("pid:%x;".formatted(client.selected().pid()) + PLATFORM));
    }
}
