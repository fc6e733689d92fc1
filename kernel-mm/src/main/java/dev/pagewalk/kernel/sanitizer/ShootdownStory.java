package dev.pagewalk.kernel.sanitizer;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.shootdown.InvalidationObserver.Telling;
import java.util.ArrayList;
import java.util.List;

/** What became of one shootdown: which harts were told, how, and when they answered. */
final class ShootdownStory {
    /** Of those who were told, a sentence names so many. */
    private static final int MOST_NAMED = 8;

    private static final long NOT_ANSWERED = -1;

    private record Told(int hartId, Telling how, long answeredCycle) {
        String describe() {
            String answer = "";
            if (how == Telling.INTERRUPTED) {
                answer = answeredCycle == NOT_ANSWERED ? ", has not answered" : ", answered at cycle " + answeredCycle;
            } else if (answeredCycle != NOT_ANSWERED) {
                answer = ", read at cycle " + answeredCycle;
            }
            return "hart " + hartId + " (" + how.label() + answer + ")";
        }
    }

    private final long number;
    private final int initiator;
    private final long issuedCycle;

    /** In the order of telling. */
    private final List<Told> told = new ArrayList<>();

    ShootdownStory(long number, int initiator, long issuedCycle) {
        this.number = number;
        this.initiator = initiator;
        this.issuedCycle = issuedCycle;
    }

    long number() {
        return number;
    }

    void told(int hartId, Telling how) {
        told.add(new Told(hartId, how, NOT_ANSWERED));
    }

    void answered(int hartId, long cycle) {
        for (int i = told.size() - 1; i >= 0; i--) {
            if (told.get(i).hartId == hartId) {
                told.set(i, new Told(hartId, told.get(i).how, cycle));
                return;
            }
        }
    }

    /**
     * The story as part of a sentence.
     *
     * @param user a hart of interest: whether it was told
     */
    String describe(int user) {
        StringBuilder story = new StringBuilder();
        story.append(String.format("shootdown %d was issued by hart %d at cycle %d", number, initiator, issuedCycle));
        if (!told.isEmpty()) {
            List<String> named =
                    told.stream().limit(MOST_NAMED).map(Told::describe).toList();
            story.append("; told: ").append(String.join(", ", named));
            if (told.size() > MOST_NAMED) {
                story.append(" and ").append(told.size() - MOST_NAMED).append(" more");
            }
        }
        if (user != initiator && told.stream().noneMatch(each -> each.hartId == user)) {
            story.append("; hart ").append(user).append(" was not told");
        }
        return story.toString();
    }

    void save(ByteArrayDataOutput out) {
        out.writeLong(number);
        out.writeInt(initiator);
        out.writeLong(issuedCycle);
        out.writeInt(told.size());
        for (Told each : told) {
            out.writeInt(each.hartId);
            out.writeByte(each.how.ordinal());
            out.writeLong(each.answeredCycle);
        }
    }

    static ShootdownStory restore(ByteArrayDataInput in) {
        ShootdownStory story = new ShootdownStory(in.readLong(), in.readInt(), in.readLong());
        for (int count = in.readInt(); count > 0; count--) {
            story.told.add(new Told(in.readInt(), Telling.values()[in.readByte()], in.readLong()));
        }
        return story;
    }
}
