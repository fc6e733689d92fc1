package dev.pagewalk.kernel.shootdown;

import static dev.pagewalk.kernel.shootdown.ShootdownRig.ALL_PAGES;
import static dev.pagewalk.kernel.shootdown.ShootdownRig.AT;
import static dev.pagewalk.kernel.shootdown.ShootdownRig.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.shootdown.policy.TargetedPolicy;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.mmu.access.AccessType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Harts that run, fault, unmap, protect, fork, switch, idle and end at random, under every policy and with few and many
 * ASIDs: the sanitizer finds nothing, whoever waits is woken, and in the end all frames are back.
 */
class RandomShootdownsTest {
    private static final int SPACES = 3;
    private static final int PAGES = 12;
    private static final int STEPS = 2500;
    private static final AccessType[] ACCESSES = {AccessType.LOAD, AccessType.STORE};

    /** What a space's lock would be: one hart changes its map, or several serve faults in it. */
    private static final class Place {
        AddressSpace space;
        int changedBy = NOBODY;
        int faults;
    }

    private static final int NOBODY = -1;

    private static final class Run {
        final ShootdownRig rig;
        final Random random;
        final int harts;
        final int freeAtStart;
        final Place[] places = new Place[SPACES];
        final List<AddressSpace> children = new ArrayList<>();
        final int[] at;
        final boolean[] changing;
        final int[] services;
        final boolean[] pending;
        final boolean[] wakes;
        int waits;

        Run(ShootdownPolicy policy, long seed) {
            random = new Random(seed);
            harts = 2 + random.nextInt(5);
            rig = new ShootdownRig(policy, harts, 1 + random.nextInt(5));
            rig.space.destroy();
            freeAtStart = rig.freeFrames();
            at = new int[harts];
            changing = new boolean[harts];
            services = new int[harts];
            pending = new boolean[harts];
            wakes = new boolean[harts];
            Arrays.setAll(places, i -> new Place());
            for (Place place : places) {
                place.space = rig.newSpace();
            }
            for (int hartId = 0; hartId < harts; hartId++) {
                load(hartId, random.nextInt(SPACES));
            }
        }

        private void load(int hartId, int place) {
            at[hartId] = place;
            rig.memory.run(hartId, places[place].space);
        }

        private Place place(int hartId) {
            return places[at[hartId]];
        }

        void steps(int count) throws KernelException {
            for (int step = 0; step < count; step++) {
                step(random.nextInt(harts));
            }
        }

        void step(int hartId) throws KernelException {
            noteSignals();
            Hart hart = rig.hart(hartId);
            if (services[hartId] > 0 && random.nextBoolean()) {
                rig.memory.meter.workOn(hart);
                rig.end(hartId);
                services[hartId]--;
                if (services[hartId] == 0 && hart.phase() == HartPhase.BUSY) {
                    hart.enter(HartPhase.RUNNING);
                }
            } else if (pending[hartId] && services[hartId] < 2 && random.nextBoolean()) {
                pending[hartId] = false;
                services[hartId]++;
                rig.begin(hartId);
            } else if (services[hartId] == 0) {
                stepOutsideOfServices(hartId, hart);
            }
            noteSignals();
        }

        private void stepOutsideOfServices(int hartId, Hart hart) throws KernelException {
            switch (hart.phase()) {
                case RUNNING -> runs(hartId);
                case WAITING -> {
                    if (wakes[hartId]) {
                        wakes[hartId] = false;
                        rig.finish(hartId);
                        leaveKernel(hartId);
                    }
                }
                case IDLE -> {
                    if (random.nextInt(4) == 0) {
                        load(hartId, random.nextInt(SPACES));
                    }
                }
                case BUSY, QUEUED -> throw new AssertionError(hart.phase());
            }
        }

        private void noteSignals() {
            rig.memory.interrupted.forEach(hartId -> pending[hartId] = true);
            rig.memory.woken.forEach(hartId -> {
                assertThat(wakes[hartId]).as("hart %d is woken twice", hartId).isFalse();
                wakes[hartId] = true;
            });
            rig.forget();
        }

        private void runs(int hartId) throws KernelException {
            int what = random.nextInt(100);
            if (what < 70) {
                touch(hartId);
            } else if (what < 85) {
                change(hartId);
            } else if (what < 93) {
                load(hartId, random.nextInt(SPACES));
            } else if (what < 96) {
                rig.memory.workOn(hartId);
                rig.shootdowns.sweep(rig.hart(hartId));
                rig.hart(hartId).enter(HartPhase.RUNNING);
            } else if (what < 98) {
                rig.idle(hartId);
            } else {
                end(hartId);
            }
        }

        private long anyAddress() {
            int page = random.nextInt(20) == 0 ? ALL_PAGES : random.nextInt(PAGES);
            return AT + page * PAGE;
        }

        private void touch(int hartId) {
            Place place = place(hartId);
            long address = anyAddress();
            AccessType type = ACCESSES[random.nextInt(ACCESSES.length)];
            if (rig.memory.touch(hartId, address, type) >= 0 || place.changedBy != NOBODY) {
                return;
            }
            rig.memory.workOn(hartId);
            place.faults++;
            if (!rig.shootdowns.waitForPage(rig.hart(hartId), place.space.translations(), address)) {
                rig.memory.faults.handle(place.space, address, type);
            }
            leaveKernel(hartId);
        }

        private void change(int hartId) throws KernelException {
            Place place = place(hartId);
            if (place.changedBy != NOBODY || place.faults > 0) {
                return;
            }
            rig.memory.workOn(hartId);
            place.changedBy = hartId;
            changing[hartId] = true;
            long start = anyAddress();
            long lengthBytes = (1 + random.nextInt(3)) * PAGE;
            switch (random.nextInt(5)) {
                case 0 -> place.space.unmap(start, lengthBytes);
                case 1 -> {
                    if (rig.shootdowns.settle(place.space.translations(), start, start + lengthBytes)) {
                        place.space.map(new MapRequest(start, lengthBytes, 3, false, MapRequest.Placement.FIXED));
                    }
                }
                case 2 -> protect(place.space, start, lengthBytes, random.nextBoolean() ? 1 : 3);
                case 3 -> {
                    if (children.size() < 3) {
                        children.add(rig.memory.fork(place.space, ForkStrategy.COPY_ON_WRITE));
                    } else {
                        children.remove(random.nextInt(3)).destroy();
                    }
                }
                default -> place.space.unmap(AT, random.nextBoolean() ? lengthBytes : (ALL_PAGES + 1) * PAGE);
            }
            leaveKernel(hartId);
        }

        private static void protect(AddressSpace space, long start, long lengthBytes, int protection) {
            try {
                space.protect(start, lengthBytes, protection);
            } catch (KernelException gap) {
                // What was mapped before it has been changed.
            }
        }

        /** A space ends that nobody runs, and another takes its place. */
        private void end(int hartId) {
            int which = random.nextInt(SPACES);
            Place place = places[which];
            for (int other = 0; other < harts; other++) {
                boolean uses = at[other] == which && rig.hart(other).phase() != HartPhase.IDLE;
                if (uses && (other != hartId || services[other] > 0)) {
                    return;
                }
            }
            if (place.changedBy != NOBODY || place.faults > 0) {
                return;
            }
            rig.memory.workOn(hartId);
            AddressSpace ending = place.space;
            ending.retire();
            while (rig.waits(hartId)) {
                noteSignals();
                for (int other = 0; other < harts; other++) {
                    if (pending[other] && other != hartId) {
                        pending[other] = false;
                        rig.serve(other);
                    }
                }
                noteSignals();
                assertThat(wakes[hartId]).as("all have left").isTrue();
                wakes[hartId] = false;
                rig.finish(hartId);
            }
            ending.destroy();
            place.space = rig.newSpace();
            rig.hart(hartId).enter(HartPhase.RUNNING);
            load(hartId, which);
        }

        /** The hart waits where it has to, and lets go of the space's lock where not. */
        private void leaveKernel(int hartId) {
            KernelStep pendingStep = rig.shootdowns.pendingStep(rig.hart(hartId));
            if (rig.waits(hartId)) {
                waits++;
                wakes[hartId] = pendingStep == KernelStep.CONTINUE;
                return;
            }
            Place place = place(hartId);
            if (changing[hartId]) {
                changing[hartId] = false;
                place.changedBy = NOBODY;
            } else if (place.faults > 0) {
                place.faults--;
            }
            rig.hart(hartId).enter(HartPhase.RUNNING);
        }

        /** Lets everything come to its end. */
        void settle() throws KernelException {
            for (int round = 0; round < 400; round++) {
                for (int hartId = 0; hartId < harts; hartId++) {
                    boolean runs = rig.hart(hartId).phase() == HartPhase.RUNNING
                            || rig.hart(hartId).phase() == HartPhase.IDLE;
                    if (!runs || services[hartId] > 0 || pending[hartId]) {
                        step(hartId);
                    }
                }
            }
            for (int hartId = 0; hartId < harts; hartId++) {
                assertThat(rig.hart(hartId).phase()).as("hart %d", hartId).isIn(HartPhase.RUNNING, HartPhase.IDLE);
                load(hartId, at[hartId]);
            }
        }

        void usesNothingStale() {
            for (int hartId = 0; hartId < harts; hartId++) {
                AddressSpace space = place(hartId).space;
                for (int page = 0; page < PAGES; page++) {
                    long address = AT + page * PAGE;
                    long physical = rig.memory.touch(hartId, address, AccessType.LOAD);
                    long pte = space.pageTable().peek(address);
                    boolean isThere = KernelPte.permits(pte, AccessType.LOAD);
                    assertThat(physical)
                            .as("hart %d, page %d", hartId, page)
                            .isEqualTo(isThere ? space.pageTable().look(address).physicalAddress(address) : -1);
                }
            }
        }

        void endAll() {
            for (int hartId = 0; hartId < harts; hartId++) {
                rig.memory.leave(hartId);
            }
            rig.memory.workOn(0);
            children.forEach(AddressSpace::destroy);
            for (Place place : places) {
                place.space.destroy();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.pagewalk.kernel.shootdown.ShootdownRig#policies")
    void nothingStaleIsUsedAndNothingIsLost(ShootdownPolicy policy) throws KernelException {
        for (long seed = 1; seed <= 12; seed++) {
            Run run = new Run(policy, seed);
            String what = policy.name() + ", seed " + seed;
            run.steps(STEPS);
            run.settle();
            assertThat(run.rig.reports()).as(what).isEmpty();
            run.usesNothingStale();
            run.endAll();
            assertThat(run.rig.reports()).as(what).isEmpty();
            assertThat(run.rig.shootdowns.hasParked()).as(what).isFalse();
            assertThat(run.rig.freeFrames()).as(what).isEqualTo(run.freeAtStart);
            assertThat(run.rig.shootdowns.statistics().count).as(what).isPositive();
            assertThat(run.waits).as(what).isPositive();
        }
    }

    static Stream<ShootdownPolicy> mistakes() {
        return Stream.of(
                BrokenPolicies.leavingOneOut(new TargetedPolicy()),
                BrokenPolicies.forgettingMissedGenerations(),
                BrokenPolicies.skippingTooMuch(),
                BrokenPolicies.answeringEarlyForTables(),
                BrokenPolicies.lazyWithTables(),
                BrokenPolicies.latrForAll());
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void eachMistakeIsFoundBeforeLong(ShootdownPolicy broken) throws KernelException {
        for (long seed = 1; seed <= 40; seed++) {
            Run run = new Run(broken, seed);
            for (int step = 0; step < STEPS; step++) {
                run.steps(1);
                if (!run.rig.reports().isEmpty()) {
                    return;
                }
            }
        }
        throw new AssertionError("no report in 40 runs");
    }
}
