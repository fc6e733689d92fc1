package dev.pagewalk.kernel.shootdown;

/** How far a hart has got with a shootdown; for those who look. */
public enum AnswerState {
    /** It was not asked, or has answered. */
    NONE("no answer due"),
    /** It will find a note. */
    NOTE_POSTED("note not read yet"),
    /** An interrupt has been sent that it does not serve yet. */
    INTERRUPT_SENT("interrupt not taken yet"),
    /** It serves the interrupt: it flushes when that is over. */
    SERVING("serving the interrupt");

    private final String label;

    AnswerState(String label) {
        this.label = label;
    }

    /** For people, such as {@code interrupt not taken yet}. */
    public String label() {
        return label;
    }
}
