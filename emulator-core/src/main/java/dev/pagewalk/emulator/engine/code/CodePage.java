package dev.pagewalk.emulator.engine.code;

import dev.pagewalk.emulator.engine.DropReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The code of one physical frame: 2048 slots, one for each 2-byte boundary, each filled when its instruction is first
 * executed.
 *
 * <p>There are two views of the slots. {@link #words} holds decoded instructions and nothing else. {@link #marked} is what the
 * interpreter executes from; it holds {@link DecodedWord#MARK} where someone wants to be asked first.
 */
public final class CodePage {
    /** Slots of a page. */
    public static final int SLOTS = 2048;

    private final long frameAddress;
    private final long[] words = new long[SLOTS];

    /** The same array as {@link #words} while there are no marks. */
    private long[] marked = words;

    /** By slot; null while there are none. */
    private Mark[] marks;

    private final List<CodeUser> users = new ArrayList<>(0);
    private int changes;
    private int translations;

    CodePage(long frameAddress) {
        this.frameAddress = frameAddress;
    }

    /** The physical address of the frame. */
    public long frameAddress() {
        return frameAddress;
    }

    /** Decoded instructions by slot, {@link dev.pagewalk.emulator.isa.Opcode#NONE} where none is kept; not to be changed. */
    public long[] words() {
        return words;
    }

    /** The same, with marks; not to be changed. Another array once the first mark is put. */
    public long[] marked() {
        return marked;
    }

    /** The slot of an address in the page. */
    public static int slotOf(long address) {
        return (int) address >>> 1 & SLOTS - 1;
    }

    /** Keeps a decoded instruction. */
    public void keep(int slot, long word) {
        words[slot] = word;
        if (marked != words && marked[slot] != DecodedWord.MARK) {
            marked[slot] = word;
        }
    }

    /** Who is to be asked at a slot; null where nobody ever wanted to be. */
    public Mark mark(int slot) {
        return marks == null ? null : marks[slot];
    }

    /** Has someone asked whenever execution comes to a slot. */
    public void setMark(int slot, Mark mark) {
        if (marks == null) {
            marks = new Mark[SLOTS];
            marked = words.clone();
        }
        marks[slot] = mark;
        marked[slot] = DecodedWord.MARK;
    }

    /** Lets the interpreter pass a mark without asking; {@link #setMark} puts it back. */
    public void passMark(int slot) {
        if (marked != words) {
            marked[slot] = words[slot];
        }
    }

    /** Registers someone who has to know when the code changes. */
    public void addUser(CodeUser user) {
        users.add(user);
    }

    /** In the order of their registration; not to be changed. */
    public List<CodeUser> users() {
        return users;
    }

    /** How often a store has changed code that somebody used. */
    public int changes() {
        return changes;
    }

    /** How often code of the page has been translated. */
    public int translations() {
        return translations;
    }

    public void countTranslation() {
        translations++;
    }

    public void removeUser(CodeUser user) {
        users.remove(user);
    }

    /** Empties slots; marks stay, their instructions are decoded again. */
    void clear(int firstSlot, int lastSlot, DropReason reason) {
        Arrays.fill(words, firstSlot, lastSlot + 1, 0);
        if (marked != words) {
            for (int slot = firstSlot; slot <= lastSlot; slot++) {
                if (marked[slot] != DecodedWord.MARK) {
                    marked[slot] = 0;
                }
            }
        }
        for (CodeUser user : List.copyOf(users)) {
            if (user.covers(this, firstSlot, lastSlot)) {
                users.remove(user);
                changes += reason == DropReason.STORE ? 1 : 0;
                user.drop(reason);
            }
        }
    }
}
