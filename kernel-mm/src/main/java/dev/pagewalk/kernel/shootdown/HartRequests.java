package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;

/** What one hart has been asked to flush, and what it is about to flush. */
final class HartRequests {
    private final List<FlushRequest> queue = new ArrayList<>();

    /** What the interrupts are about that the hart is handling: one within the other, the latest first. */
    private final Deque<List<PlannedFlush>> services = new ArrayDeque<>();

    boolean isEmpty() {
        return queue.isEmpty();
    }

    void add(FlushRequest request) {
        queue.add(request);
    }

    /** Whether the hart has been asked for a shootdown and has not looked yet. */
    boolean contains(Shootdown shootdown) {
        return queue.stream().anyMatch(request -> request.shootdown() == shootdown);
    }

    /** Returns what has been asked for, in that order, and forgets it. */
    List<FlushRequest> drain() {
        List<FlushRequest> drained = List.copyOf(queue);
        queue.clear();
        return drained;
    }

    void begin(List<PlannedFlush> service) {
        services.push(service);
    }

    List<PlannedFlush> end() {
        return services.pop();
    }

    /** Whether the hart has answered a shootdown of the space, and has yet to flush. */
    boolean owes(SpaceTranslations space) {
        for (List<PlannedFlush> service : services) {
            for (PlannedFlush planned : service) {
                if (planned.acknowledged() && planned.space() == space) {
                    return true;
                }
            }
        }
        return false;
    }

    void save(ByteArrayDataOutput out) {
        out.writeInt(queue.size());
        for (FlushRequest request : queue) {
            out.writeLong(request.shootdown().number());
            out.writeByte(request.what().ordinal());
        }
        out.writeInt(services.size());
        for (List<PlannedFlush> service : services) {
            out.writeInt(service.size());
            service.forEach(planned -> planned.save(out));
        }
    }

    void restore(ByteArrayDataInput in, SortedMap<Long, Shootdown> live, SpacesById spaces) {
        queue.clear();
        for (int count = in.readInt(); count > 0; count--) {
            queue.add(new FlushRequest(live.get(in.readLong()), RemoteFlush.values()[in.readByte()]));
        }
        services.clear();
        for (int count = in.readInt(); count > 0; count--) {
            List<PlannedFlush> service = new ArrayList<>();
            for (int length = in.readInt(); length > 0; length--) {
                service.add(PlannedFlush.restore(in, spaces));
            }
            services.addLast(service);
        }
    }
}
