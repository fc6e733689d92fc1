package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.MemorySnapshot;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Harts under a shootdown policy, which a test moves by hand: hart 0 takes things away, the others are told. The sanitizer
 * watches, and all flushes are written down.
 */
final class ShootdownRig {
    static final long PAGE = 4096;
    static final long AT = 0x4000_0000L;
    static final int ALL_PAGES = 80;

    final TestMemory memory;
    final Shootdowns shootdowns;
    final AddressSpace space;

    /** Since {@link #forget}: "hart what". */
    final List<String> flushes = new ArrayList<>();

    ShootdownRig(ShootdownPolicy policy) {
        this(policy, 6, 16);
    }

    ShootdownRig(ShootdownPolicy policy, int harts, int asidBits) {
        this(policy, harts, asidBits, UnaryOperator.identity());
    }

    /** @param mistakes stand between the kernel's fences and the MMU */
    ShootdownRig(ShootdownPolicy policy, int harts, int asidBits, UnaryOperator<Invalidation> mistakes) {
        memory = new TestMemory(
                64 << 20,
                PagingMode.SV48,
                HugePages.NEVER,
                right -> writingDown(mistakes.apply(right)),
                harts,
                policy,
                asidBits,
                "skylake");
        shootdowns = memory.shootdowns;
        memory.workOn(0);
        space = newSpace();
    }

    private Invalidation writingDown(Invalidation invalidation) {
        return (hart, flush, now) -> {
            flushes.add(hart.id() + " " + describe(flush));
            invalidation.flush(hart, flush, now);
        };
    }

    private static String describe(TlbFlush flush) {
        if (!flush.everyAddress()) {
            return "page " + (flush.startAddress() - AT) / PAGE;
        }
        return flush.asid() == TlbFlush.EVERY_ASID ? "everything" : "asid " + flush.asid();
    }

    /** One with memory at {@link #AT}, and a page behind it that keeps the tables there. */
    AddressSpace newSpace() {
        AddressSpace made = memory.space();
        try {
            made.map(new MapRequest(AT, (ALL_PAGES + 1) * PAGE, 3, false, MapRequest.Placement.FIXED));
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
        return made;
    }

    Hart hart(int hartId) {
        return memory.harts.get(hartId);
    }

    /** The hart runs in a space, and has pages of it in its TLBs. */
    void run(int hartId, AddressSpace which, int pages) {
        memory.run(hartId, which);
        for (int page = 0; page < pages; page++) {
            store(hartId, which, AT + page * PAGE);
        }
        store(hartId, which, AT + ALL_PAGES * PAGE);
    }

    void run(int hartId, int pages) {
        run(hartId, space, pages);
    }

    /** The hart's guest stores to an address; the kernel helps where the page is not there. */
    void store(int hartId, AddressSpace which, long address) {
        if (memory.touch(hartId, address, AccessType.STORE) < 0) {
            Hart worker = memory.meter.hart();
            memory.workOn(hartId);
            if (memory.faults.handle(which, address, AccessType.STORE) != null) {
                throw new AssertionError(String.format("hart %d cannot store to 0x%x", hartId, address));
            }
            memory.meter.workOn(worker);
            hart(hartId).enter(HartPhase.RUNNING);
            memory.touch(hartId, address, AccessType.STORE);
        }
    }

    /** The hart has nothing to run, and keeps what it has loaded. */
    void idle(int hartId) {
        hart(hartId).enter(HartPhase.IDLE);
    }

    /** Forgets flushes, interrupts and wake-ups. */
    void forget() {
        flushes.clear();
        memory.interrupted.clear();
        memory.woken.clear();
    }

    /** Hart 0 enters the kernel and unmaps pages, from the first one on; their tables stay. */
    void unmap(int pages) {
        unmap(0, 0, pages);
    }

    void unmap(int hartId, int firstPage, int pages) {
        memory.workOn(hartId);
        try {
            space.unmap(AT + firstPage * PAGE, pages * PAGE);
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
    }

    /** Hart 0 unmaps all, so that tables go. */
    void unmapAll() {
        unmap(ALL_PAGES + 1);
    }

    /** Hart 0 takes the right to store away from pages; nothing is freed. */
    void protect(int hartId, int firstPage, int pages) {
        memory.workOn(hartId);
        try {
            space.protect(AT + firstPage * PAGE, pages * PAGE, 1);
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
    }

    /** As if no work of any hart had taken place later. */
    private long nowCycle() {
        return memory.harts.stream()
                .mapToLong(hart -> hart.cycle + hart.chargedCycles())
                .max()
                .orElseThrow();
    }

    void begin(int hartId) {
        long nowCycle = nowCycle();
        memory.meter.workOn(hart(hartId), nowCycle);
        if (hart(hartId).phase() == HartPhase.RUNNING) {
            hart(hartId).enter(HartPhase.BUSY);
        }
        shootdowns.beginService(hart(hartId), nowCycle);
    }

    void end(int hartId) {
        shootdowns.endService(hart(hartId), nowCycle());
    }

    /** The hart serves the interrupt that it was sent. */
    void serve(int hartId) {
        HartPhase before = hart(hartId).phase();
        begin(hartId);
        end(hartId);
        hart(hartId).enter(before);
    }

    /** All harts that were interrupted serve it. */
    void serveAll() {
        List<Integer> interrupted = List.copyOf(memory.interrupted);
        memory.interrupted.clear();
        interrupted.forEach(this::serve);
    }

    /** The hart's step is over: it waits, unless nothing is outstanding. */
    boolean waits(int hartId) {
        boolean outstanding = shootdowns.pendingStep(hart(hartId)) != null;
        if (outstanding) {
            hart(hartId).enter(HartPhase.WAITING);
        }
        return outstanding;
    }

    /** The hart goes on in the kernel. */
    void finish(int hartId) {
        memory.workOn(hartId);
        shootdowns.finish(hart(hartId));
    }

    boolean hasCached(int hartId, int page) {
        Tlb tlb = hart(hartId).mmu().l2();
        for (int entry = tlb.nextValid(0); entry >= 0; entry = tlb.nextValid(entry + 1)) {
            if (tlb.virtualAddress(entry) == AT + page * PAGE) {
                return true;
            }
        }
        return false;
    }

    int freeFrames() {
        return memory.frames.freeFrames();
    }

    List<String> reports() {
        return memory.sanitizer.reports();
    }

    /** Everything that the machine is, its RAM apart. */
    record State(MemorySnapshot ram, byte[] others) {}

    State save() {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        memory.harts.forEach(hart -> hart.save(out));
        memory.frames.save(out);
        space.save(out);
        shootdowns.save(out);
        memory.sanitizer.save(out);
        return new State(memory.ram.snapshot(), out.toByteArray());
    }

    void restore(State state) {
        ByteArrayDataInput in = ByteStreams.newDataInput(state.others());
        memory.harts.forEach(hart -> hart.restore(in));
        memory.ram.restore(state.ram());
        memory.frames.restore(in);
        memory.services.regionBudget().clear();
        space.restore(in);
        shootdowns.restore(in, List.of(space.translations()));
        memory.sanitizer.restore(in);
    }

    static Stream<ShootdownPolicy> policies() {
        return ShootdownPolicies.names().stream()
                .map(name -> ShootdownPolicies.find(name).orElseThrow());
    }
}
