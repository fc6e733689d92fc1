package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.ThreadAction;
import dev.pagewalk.tools.debug.target.ThreadId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the guest goes on: {@code vCont}, the old {@code c C s S}, and backward {@code bs bc}. */
final class ResumePackets {
    private static final String ACTIONS = "vCont;c;C;s;S;t;r";

    private final DebugTarget target;
    private final Client client;

    ResumePackets(DebugTarget target, Client client) {
        this.target = target;
        this.client = client;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("vCont?", packet -> Reply.text(ACTIONS));
        table.put("vCont", this::resumeEach);
        table.put("c", packet -> resumeContinued(packet, false, false));
        table.put("C", packet -> resumeContinued(packet, false, true));
        table.put("s", packet -> resumeContinued(packet, true, false));
        table.put("S", packet -> resumeContinued(packet, true, true));
        table.put("bs", packet -> {
            ThreadId thread = client.lastStopped(client.continued());
            return client.reverse(() -> target.reverseStep(thread));
        });
        table.put("bc", packet -> {
            ThreadId thread = client.lastStopped(client.continued());
            return client.reverse(() -> target.reverseContinue(thread));
        });
    }

    /** An action and the threads it is for; without an action they stand still. */
    private record Clause(Optional<ThreadAction> action, ThreadSelector threads) {}

    /** Of each thread the leftmost action that is for it is taken. */
    private Reply resumeEach(PacketReader packet) {
        List<Clause> clauses = new ArrayList<>();
        do {
            packet.expect(';');
            clauses.add(clause(packet));
        } while (!packet.isAtEnd());
        Map<ThreadId, ThreadAction> actions = new LinkedHashMap<>();
        for (ThreadId thread : target.threads()) {
            clauses.stream()
                    .filter(clause -> clause.threads().matches(thread))
                    .findFirst()
                    .flatMap(Clause::action)
                    .ifPresent(action -> actions.put(thread, action));
        }
        if (actions.isEmpty()) {
            throw new PacketException(PacketError.NO_SUCH_THREAD);
        }
        return client.resume(actions);
    }

    private static Clause clause(PacketReader packet) {
        Optional<ThreadAction> action = switch (packet.character()) {
            case 'c' -> Optional.of(new ThreadAction.Continue(ThreadAction.NO_SIGNAL));
            case 'C' -> Optional.of(new ThreadAction.Continue(signal(packet)));
            case 's' -> Optional.of(new ThreadAction.Step(ThreadAction.NO_SIGNAL));
            case 'S' -> Optional.of(new ThreadAction.Step(signal(packet)));
            case 'r' -> Optional.of(range(packet));
            case 't' -> Optional.empty();
            default -> throw new PacketException(PacketError.MALFORMED);
        };
        return new Clause(action, packet.accept(':') ? ThreadSelector.read(packet) : ThreadSelector.EVERY_THREAD);
    }

    private static ThreadAction range(PacketReader packet) {
        long start = packet.hexLong();
        packet.expect(',');
        return new ThreadAction.StepInRange(start, packet.hexLong());
    }

    private static int signal(PacketReader packet) {
        return SignalNumbers.toLinux(packet.hexInt()).orElseThrow(() -> new PacketException(PacketError.MALFORMED));
    }

    /**
     * The old packets: {@code c [address]}, {@code C signal[;address]}, and so with {@code s}.
     *
     * <p>When {@code Hc} names a thread, that one alone goes on; else all do, and a step or a signal is for the selected one.
     */
    private Reply resumeContinued(PacketReader packet, boolean step, boolean withSignal) {
        int signal = withSignal ? signal(packet) : ThreadAction.NO_SIGNAL;
        ThreadId thread = client.first(client.continued());
        if (!packet.isAtEnd()) {
            if (withSignal) {
                packet.expect(';');
            }
            long address = packet.hexLong();
            packet.expectEnd();
            if (!target.setRegister(thread, DebugTarget.PC_REGISTER, address)) {
                return Reply.error(PacketError.NOT_POSSIBLE);
            }
        }
        Map<ThreadId, ThreadAction> actions = new LinkedHashMap<>();
        for (ThreadId other : target.threads()) {
            if (client.continued().matches(other)) {
                actions.put(other, new ThreadAction.Continue(ThreadAction.NO_SIGNAL));
            }
        }
        actions.put(thread, step ? new ThreadAction.Step(signal) : new ThreadAction.Continue(signal));
        return client.resume(actions);
    }
}
