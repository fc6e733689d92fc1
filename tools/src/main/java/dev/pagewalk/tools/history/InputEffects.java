package dev.pagewalk.tools.history;

/** What inputs do to a guest. */
public interface InputEffects {
    /** Has an input take effect, the same at the same position of the run. Returns whether it could. */
    boolean apply(RecordedInput input);
}
