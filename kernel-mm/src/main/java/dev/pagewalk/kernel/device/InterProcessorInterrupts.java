package dev.pagewalk.kernel.device;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.shootdown.HartBits;
import dev.pagewalk.kernel.shootdown.IpiSender;
import dev.pagewalk.kernel.timeline.KernelTimeline;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * Lets a hart interrupt others through the ACLINT's software-interrupt device. Whoever sends leaves his request somewhere
 * first: an interrupt carries none, and several on their way to one hart are one.
 */
public final class InterProcessorInterrupts implements IpiSender, Snapshotable {
    /** QEMU's virt machine has its MSWI there; msip of hart i is at 4 i. */
    private static final long PENDING = 0x0200_0000L;

    private static final int REGISTER_BYTES = 4;

    private final DeviceBus bus;
    private final CostMeter meter;
    private final int sendCycles;
    private final KernelTimeline timeline;

    /** Harts that one is on its way to, or that have not yet begun to serve it, as bits. */
    private long underWay;

    /** @param sendCycles what sending one costs the sender, the register access included */
    public InterProcessorInterrupts(DeviceBus bus, CostMeter meter, int sendCycles, KernelTimeline timeline) {
        this.bus = bus;
        this.meter = meter;
        this.sendCycles = sendCycles;
        this.timeline = timeline;
    }

    /**
     * Interrupts a hart, unless an earlier interrupt has yet to be served there: its service will find both requests.
     */
    @Override
    public void send(int hartId) {
        send(hartId, "shootdown interrupt");
    }

    @Override
    public boolean isUnderWay(int hartId) {
        return HartBits.contains(underWay, hartId);
    }

    private void send(int hartId, String purpose) {
        if (isUnderWay(hartId)) {
            return;
        }
        underWay |= HartBits.of(hartId);
        if (meter.hart() != null) {
            timeline.sends(hartId, purpose, sendCycles);
        }
        bus.writePaid(PENDING + (long) hartId * REGISTER_BYTES, REGISTER_BYTES, 1);
    }

    /** Makes a hart look whether it is to execute something else. The sender pays for the message as for any other. */
    public void reschedule(int hartId) {
        if (!isUnderWay(hartId)) {
            meter.charge(sendCycles);
            send(hartId, "reschedule interrupt");
        }
    }

    /** A hart begins to serve the interrupt: whatever is requested from now on takes another. */
    public void received(int hartId) {
        underWay &= ~HartBits.of(hartId);
        bus.writePaid(PENDING + (long) hartId * REGISTER_BYTES, REGISTER_BYTES, 0);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(underWay);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        underWay = in.readLong();
    }
}
