package dev.pagewalk.images.asm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All names of one source, through both passes. */
final class Symbols {
    private final Map<String, Symbol> byName = new LinkedHashMap<>();
    private final Map<Long, List<Value>> numericLabels = new HashMap<>();
    private final Map<Long, Integer> numericLabelsPassed = new HashMap<>();
    private final Map<String, AssemblyError> firstReferences = new LinkedHashMap<>();
    private boolean secondPass;

    /** The symbol called {@code name}, made where nothing spoke of it yet. */
    Symbol get(String name) {
        return byName.computeIfAbsent(name, Symbol::new);
    }

    /** The symbol called {@code name}, or null. */
    Symbol find(String name) {
        return byName.get(name);
    }

    /** In the order in which the source first speaks of them. */
    Collection<Symbol> all() {
        return byName.values();
    }

    /** Notes the use of a name that has no definition yet: an error unless one follows. */
    void noteReference(String name, AssemblyError errorIfUndefined) {
        firstReferences.putIfAbsent(name, errorIfUndefined);
    }

    /** The names used and never defined. */
    List<AssemblyError> undefined() {
        List<AssemblyError> errors = new ArrayList<>();
        firstReferences.forEach((name, error) -> {
            Symbol symbol = byName.get(name);
            if (symbol == null || !symbol.isDefined()) {
                errors.add(error);
            }
        });
        return errors;
    }

    void defineNumericLabel(long number, Value place) {
        if (!secondPass) {
            numericLabels.computeIfAbsent(number, key -> new ArrayList<>()).add(place);
        }
        numericLabelsPassed.merge(number, 1, Integer::sum);
    }

    /** The place of {@code 1b} (the last label 1) or {@code 1f} (the next one); null where there is none (yet). */
    Value numericLabel(long number, boolean forward) {
        List<Value> places = numericLabels.getOrDefault(number, List.of());
        int index = numericLabelsPassed.getOrDefault(number, 0) - (forward ? 0 : 1);
        return index >= 0 && index < places.size() ? places.get(index) : null;
    }

    void startSecondPass() {
        secondPass = true;
        numericLabelsPassed.clear();
    }
}
