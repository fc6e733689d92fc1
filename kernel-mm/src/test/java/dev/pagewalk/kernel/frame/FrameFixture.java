package dev.pagewalk.kernel.frame;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.timing.KernelCosts;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;

/** An allocator over the RAM of a machine with harts, of which any can be made to pay; frames go by number. */
final class FrameFixture {
    static final long BASE = PhysicalMemory.RAM_BASE;
    static final long FRAME = 4096;

    final PhysicalMemory memory;
    final KernelCosts costs;
    final FrameAllocator frames;
    private final Machine machine;
    private final CostMeter meter;

    FrameFixture(int totalFrames, int nodes, int harts) {
        TimingProfile profile = TimingProfiles.find("u74");
        machine = new Machine(new MachineConfig(harts, totalFrames * FRAME, PagingMode.SV48, profile));
        memory = machine.bus().memory();
        costs = profile.kernel();
        meter = new CostMeter(costs);
        frames = new FrameAllocator(machine.bus(), meter, NumaNodes.of(nodes, memory.sizeBytes(), harts));
    }

    /** Lets a hart pay from now on. */
    FrameFixture on(int hart) {
        meter.workOn(machine.harts().get(hart));
        return this;
    }

    /** What the paying hart has been charged since this was asked last. */
    long charged() {
        Hart hart = meter.hart();
        return hart.takeCharge();
    }

    static long address(int frame) {
        return BASE + frame * FRAME;
    }

    static int number(long address) {
        return (int) ((address - BASE) / FRAME);
    }

    byte[] state() {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        frames.save(out);
        return out.toByteArray();
    }

    void restore(byte[] state) {
        frames.restore(ByteStreams.newDataInput(state));
    }
}
