package dev.pagewalk.emulator.engine.translator;

/**
 * What has come of a request.
 *
 * @param bytecode null where there is none
 * @param code null where there is none
 * @param refusal why not, or null
 */
record Translation(TranslationRequest request, RegionBytecode bytecode, RegionCode code, String refusal) {}
