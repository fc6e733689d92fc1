package dev.pagewalk.emulator.engine.code;

/** Told by the interpreter where code is and how execution comes to it. */
public interface DecodeListener {
    /** Nobody wants to know. */
    DecodeListener NONE = new DecodeListener() {
        @Override
        public void onDecoded(CodePage page, int slot, long word) {}

        @Override
        public void onEntered(CodePage page, int slot) {}
    };

    /** An instruction is decoded and kept: it is about to be executed for the first time. */
    void onDecoded(CodePage page, int slot, long word);

    /** Execution has come to a page from another one. */
    void onEntered(CodePage page, int slot);
}
