package dev.pagewalk.tools.runner.engine;

import java.util.HashMap;
import java.util.Map;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.hierarchical.Node;

/** The root of the engine's tree; its children are folders. */
final class EngineNode extends EngineDescriptor implements Node<RunContext> {
    private final Map<UniqueId, String> suites = new HashMap<>();

    EngineNode(UniqueId uniqueId) {
        super(uniqueId, "Pagewalk");
    }

    /** What reports call a folder: {@code wanted}, or with a number where that is another folder's name already. */
    String suite(UniqueId folder, String wanted) {
        String known = suites.get(folder);
        if (known != null) {
            return known;
        }
        String name = wanted;
        for (int number = 2; suites.containsValue(name); number++) {
            name = wanted + "-" + number;
        }
        suites.put(folder, name);
        return name;
    }
}
