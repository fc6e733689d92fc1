package dev.pagewalk.tools.machine;

import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a shootdown policy that there is. */
final class ShootdownPolicyConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
        List<String> names = ShootdownPolicies.names();
        if (names.contains(text)) {
            return text;
        }
        int last = names.size() - 1;
        throw new TypeConversionException(
                "'" + text + "' must be " + String.join(", ", names.subList(0, last)) + " or " + names.get(last));
    }
}
