package dev.pagewalk.tools.testing;

import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;

/** The engines under which a test runs: most guests of tests are short, so code is translated when they come to it again. */
public enum TestedEngine {
    INTERPRETER(EngineOptions.of(EngineKind.INTERPRETER)),
    TRANSLATOR(EngineOptions.of(EngineKind.TRANSLATOR).withHotVisits(2));

    private final EngineOptions options;

    TestedEngine(EngineOptions options) {
        this.options = options;
    }

    public EngineOptions options() {
        return options;
    }
}
