package dev.pagewalk.images.conformance;

import java.util.List;

/** A row's right-hand side: the cases of the instruction whose mnemonic stands on the left. */
@FunctionalInterface
interface CaseSource {
    List<Case> of(String mnemonic);
}
