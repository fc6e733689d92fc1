package dev.pagewalk.emulator.engine.code;

import dev.pagewalk.emulator.hart.Hart;

/** What stands in the way of the interpreter at an instruction, so that another engine may have its say first. */
public interface Mark {
    /**
     * A hart has come to the instruction: {@code hart.pc} is its address, the fetch has been paid for.
     *
     * @return what the interpreter is to do
     */
    Visit visit(Hart hart);
}
