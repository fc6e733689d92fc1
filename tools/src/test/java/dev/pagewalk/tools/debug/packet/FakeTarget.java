package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.ThreadAction;
import dev.pagewalk.tools.debug.target.ThreadId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A guest of the test's making: processes are lists of threads, each process has one page of memory, and what the session
 * brings about is written down in {@link #calls}.
 */
final class FakeTarget implements DebugTarget {
    static final long PAGE_ADDRESS = 0x1000;
    static final int PAGE_BYTES = 4096;
    static final byte[] PROGRAM = "\177ELF}#$*program".getBytes(StandardCharsets.ISO_8859_1);

    final List<String> calls = new ArrayList<>();
    final Map<Integer, List<ThreadId>> processes = new TreeMap<>();
    final Set<Integer> attached = new TreeSet<>();
    final Map<ThreadId, long[]> registers = new HashMap<>();
    final Map<Integer, byte[]> memory = new HashMap<>();
    byte[] signalInformation;
    String monitorText = "";
    RuntimeException bug;

    /** Adds a process whose threads are {@code pid}, {@code pid + 1}, and so on. */
    void process(int pid, int threads) {
        List<ThreadId> ids = new ArrayList<>();
        for (int index = 0; index < threads; index++) {
            ThreadId thread = new ThreadId(pid, pid + index);
            long[] values = new long[PC_REGISTER + 1];
            Arrays.setAll(values, register -> register == 0 ? 0 : register * 0x100L + thread.tid());
            values[PC_REGISTER] = PAGE_ADDRESS + 0x10 * thread.tid();
            registers.put(thread, values);
            ids.add(thread);
        }
        processes.put(pid, ids);
        memory.put(pid, new byte[PAGE_BYTES]);
    }

    /** The process is no more. */
    void end(int pid) {
        processes.remove(pid);
        attached.remove(pid);
    }

    private void call(String format, Object... arguments) {
        calls.add(format.formatted(arguments));
    }

    @Override
    public List<Integer> processes() {
        return List.copyOf(processes.keySet());
    }

    @Override
    public List<Integer> attachedProcesses() {
        return List.copyOf(attached);
    }

    @Override
    public boolean attach(int pid) {
        call("attach %d", pid);
        return processes.containsKey(pid) && attached.add(pid);
    }

    @Override
    public void detach(int pid) {
        call("detach %d", pid);
        attached.remove(pid);
    }

    @Override
    public boolean kill(int pid) {
        call("kill %d", pid);
        return processes.containsKey(pid);
    }

    @Override
    public List<ThreadId> threads() {
        return attached.stream().flatMap(pid -> processes.get(pid).stream()).toList();
    }

    @Override
    public boolean isAlive(ThreadId thread) {
        return threads().contains(thread);
    }

    private void require(ThreadId thread) {
        if (!isAlive(thread)) {
            throw new IllegalStateException("the session asks of " + thread + ", which is not there");
        }
    }

    private void require(int pid) {
        if (!attached.contains(pid)) {
            throw new IllegalStateException("the session asks of process " + pid + ", which is not attached");
        }
    }

    @Override
    public String threadName(ThreadId thread) {
        require(thread);
        return "hello<&>";
    }

    @Override
    public int hart(ThreadId thread) {
        require(thread);
        return thread.tid() % 4;
    }

    @Override
    public String threadState(ThreadId thread) {
        require(thread);
        return "running on hart " + hart(thread);
    }

    @Override
    public OptionalLong register(ThreadId thread, int number) {
        require(thread);
        if (bug != null) {
            throw bug;
        }
        if (number <= PC_REGISTER) {
            return OptionalLong.of(registers.get(thread)[number]);
        }
        return number == FIRST_CSR_REGISTER + 0xC00 ? OptionalLong.of(12345) : OptionalLong.empty();
    }

    @Override
    public boolean setRegister(ThreadId thread, int number, long value) {
        require(thread);
        if (number > PC_REGISTER) {
            return false;
        }
        call("set %d.%d %d=%x", thread.pid(), thread.tid(), number, value);
        if (number != 0) {
            registers.get(thread)[number] = value;
        }
        return true;
    }

    @Override
    public byte[] readMemory(int pid, long address, int lengthBytes) {
        require(pid);
        long offset = address - PAGE_ADDRESS;
        if (lengthBytes < 0) {
            throw new IllegalArgumentException("the session asks for " + lengthBytes + " bytes");
        }
        if (offset < 0 || offset >= PAGE_BYTES) {
            return new byte[0];
        }
        return Arrays.copyOfRange(memory.get(pid), (int) offset, (int) Math.min(PAGE_BYTES, offset + lengthBytes));
    }

    @Override
    public boolean writeMemory(int pid, long address, byte[] bytes) {
        require(pid);
        long offset = address - PAGE_ADDRESS;
        if (offset < 0 || offset + bytes.length > PAGE_BYTES || offset + bytes.length < 0) {
            return false;
        }
        call("write %d %x %d bytes", pid, address, bytes.length);
        System.arraycopy(bytes, 0, memory.get(pid), (int) offset, bytes.length);
        return true;
    }

    @Override
    public boolean insert(int pid, DebugPoint point) {
        require(pid);
        call("insert %d %s %x %x", pid, point.kind(), point.address(), point.lengthBytes());
        return point.address() != 0xBAD;
    }

    @Override
    public void remove(int pid, DebugPoint point) {
        require(pid);
        call("remove %d %s %x %x", pid, point.kind(), point.address(), point.lengthBytes());
    }

    @Override
    public void catchSystemCalls(int pid, Set<Integer> numbers) {
        require(pid);
        call("catch %d %s", pid, numbers);
    }

    @Override
    public void passSignals(Set<Integer> signals) {
        call("pass %s", signals);
    }

    @Override
    public byte[] auxiliaryVector(int pid) {
        require(pid);
        return new byte[] {6, 0, 0, 0, 0, 0, 0, 0, '#', 16, 0, 0, 0, 0, 0, 0};
    }

    @Override
    public String programPath(int pid) {
        if (!processes.containsKey(pid)) {
            throw new IllegalStateException("no process " + pid);
        }
        return "/bin/hello";
    }

    @Override
    public Optional<byte[]> file(int pid, String path) {
        if (!processes.containsKey(pid)) {
            throw new IllegalStateException("no process " + pid);
        }
        return path.equals("/bin/hello") ? Optional.of(PROGRAM) : Optional.empty();
    }

    @Override
    public Optional<byte[]> signalInformation(ThreadId thread) {
        require(thread);
        return Optional.ofNullable(signalInformation);
    }

    @Override
    public String monitor(ThreadId selected, String command) {
        require(selected);
        call("monitor %s", command);
        return monitorText;
    }

    @Override
    public void resume(Map<ThreadId, ThreadAction> actions) {
        actions.keySet().forEach(this::require);
        new TreeMap<>(actions)
                .forEach((thread, action) -> call("resume %d.%d %s", thread.pid(), thread.tid(), spelled(action)));
    }

    private static String spelled(ThreadAction action) {
        if (action instanceof ThreadAction.Continue go) {
            return "c" + go.signal();
        } else if (action instanceof ThreadAction.Step step) {
            return "s" + step.signal();
        } else if (action instanceof ThreadAction.StepInRange range) {
            return "r%x,%x".formatted(range.startAddress(), range.endAddress());
        }
        throw new IllegalArgumentException(action.toString());
    }

    @Override
    public void reverseStep(ThreadId thread) {
        require(thread);
        call("reverse-step %d.%d", thread.pid(), thread.tid());
    }

    @Override
    public void reverseContinue(ThreadId thread) {
        require(thread);
        call("reverse-continue %d.%d", thread.pid(), thread.tid());
    }

    @Override
    public boolean restart(List<String> arguments) {
        call("restart %s", arguments);
        processes.clear();
        attached.clear();
        process(1, 1);
        attached.add(1);
        return true;
    }
}
