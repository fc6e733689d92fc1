package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.emulator.engine.EngineKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What executes kernels, and is compared by how fast it does. */
public enum Peer {
    TRANSLATOR(EngineKind.TRANSLATOR),
    AUTO(EngineKind.AUTO),
    INTERPRETER(EngineKind.INTERPRETER),
    /** QEMU's machine virt: with an MMU in software, page tables of Sv48 and pages of 4 KiB. */
    QEMU_SYSTEM(null),
    /** QEMU's user mode: guest addresses are the host's, without an MMU. */
    QEMU_USER(null),
    /** No emulator: Java does the same to an array. For the chase only. */
    HOST(null);

    private final EngineKind engine;

    Peer(EngineKind engine) {
        this.engine = engine;
    }

    /** Those among which a user chooses. */
    public static List<Peer> choices() {
        return Arrays.stream(values()).filter(peer -> peer != HOST).toList();
    }

    public static Optional<Peer> find(String title) {
        return choices().stream().filter(peer -> peer.title().equals(title)).findFirst();
    }

    /** Its name for people. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is an engine of ours. */
    public boolean isEngine() {
        return engine != null;
    }

    /** Null for others. */
    EngineKind engine() {
        return engine;
    }

    boolean runs(EngineKernel kernel) {
        return isEngine() || this == HOST ? this != HOST || kernel == EngineKernel.CHASE : !kernel.isStorm();
    }
}
