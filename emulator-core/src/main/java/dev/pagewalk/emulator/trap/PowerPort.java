package dev.pagewalk.emulator.trap;

/** Through it the test finisher ends the machine; the machine implements it. */
public interface PowerPort {
    /**
     * Ends the run at the current instruction or kernel step.
     *
     * @param status the exit status, 0..65535
     */
    void powerOff(int status);
}
