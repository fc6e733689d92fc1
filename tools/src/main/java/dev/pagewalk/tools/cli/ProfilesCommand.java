package dev.pagewalk.tools.cli;

import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "profiles",
        mixinStandardHelpOptions = true,
        description = "Lists the timing profiles; with names, their figures and where each comes from.",
        footer = {"", "Examples:", "  pagewalk profiles", "  pagewalk profiles u74 rocket"})
final class ProfilesCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "NAME", description = "profiles to list in full (default: all, briefly)")
    List<String> names = List.of();

    @Override
    public Integer call() throws UserErrorException {
        if (names.isEmpty()) {
            for (TimingProfile profile : TimingProfiles.list()) {
                boolean isDefault = profile.name().equals(TimingProfiles.DEFAULT_NAME);
                System.out.printf("%-14s %s%s%n", profile.name(), profile.description(), isDefault ? " (default)" : "");
            }
            System.out.println();
            System.out.println("'pagewalk profiles NAME' lists a profile's figures with their sources.");
        }
        for (String name : names) {
            print(find(name));
        }
        return 0;
    }

    private static TimingProfile find(String name) throws UserErrorException {
        try {
            return TimingProfiles.find(name);
        } catch (IllegalArgumentException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        }
    }

    private static void print(TimingProfile profile) {
        System.out.println(profile.name() + ": " + profile.description());
        for (TimingProfile.Figure figure : profile.figures()) {
            System.out.printf("  %-42s %12s  %s%n", figure.key(), figure.value(), figure.source());
        }
        System.out.println();
    }
}
