package dev.pagewalk.tools.jupiter;

import dev.pagewalk.devices.display.Framebuffer;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.live.LiveGuest;
import dev.pagewalk.tools.machine.MachineOptions;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.GuestFiles;
import dev.pagewalk.tools.run.GuestRun;
import dev.pagewalk.tools.run.ImageSource;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Boots the guest that an annotation describes: the same machine as {@code pagewalk test} has, so the same costs. */
final class GuestBoot {
    /** What a guest is called that has no image's name. */
    private static final String NAME_OF_SOURCE = "guest.s";

    private static final String SANITIZE = "sanitize";
    private static final String MAX_CYCLES = "max-cycles";

    private final GuestTest wanted;
    private final Class<?> testClass;

    /** @param testClass whose resources images may be */
    GuestBoot(GuestTest wanted, Class<?> testClass) {
        this.wanted = wanted;
        this.testClass = testClass;
    }

    /** @throws UserErrorException where the annotation describes no guest that this machine can run */
    Guest boot() throws UserErrorException {
        if (wanted.image().isEmpty() == wanted.source().isEmpty()) {
            throw wrong("give either an image or a source");
        }
        if (wanted.maxCycles() < 1) {
            throw wrong("maxCycles must be 1 or more, not " + wanted.maxCycles());
        }
        for (String variable : wanted.env()) {
            if (variable.indexOf('=') < 1) {
                throw wrong("env wants KEY=VALUE, not '" + variable + "'");
            }
        }
        String image = wanted.image().isEmpty() ? NAME_OF_SOURCE : wanted.image();
        ElfImage elf = wanted.image().isEmpty()
                ? ImageSource.parse(image, wanted.source().getBytes(StandardCharsets.UTF_8))
                : load(image);
        String name = programName(image);
        MachineOptions machine = MachineOptions.of(machineOptions());
        List<String> argv = new ArrayList<>(List.of(name));
        argv.addAll(List.of(wanted.args()));
        ProgramArguments program = ProgramArguments.of(argv, List.of(wanted.env()));
        GuestFiles files = GuestFiles.ofOptions(List.of(wanted.files()));

        TypedInput input = new TypedInput();
        input.type(wanted.stdin().getBytes(StandardCharsets.UTF_8));
        AtomicReference<MachineAssembly> started = new AtomicReference<>();
        WatchedOutput output = new WatchedOutput(() -> started.get().machine().requestStop());
        LiveGuest guest = new LiveGuest(new LiveGuest.Boot(image, sameArguments -> {
            MachineAssembly assembly = assemble(machine, image, input, output);
            started.set(assembly);
            GuestRun.boot(assembly, image, elf, program, files);
            return assembly;
        }));
        return new Guest(name, elf, wanted.maxCycles(), guest, input, output);
    }

    private static MachineAssembly assemble(
            MachineOptions machine, String image, TypedInput input, WatchedOutput output) throws UserErrorException {
        try {
            return new MachineAssembly(
                    machine.config(),
                    machine.engineOptions(),
                    machine.kernelConfig(),
                    input,
                    output,
                    new Framebuffer());
        } catch (ProgramException e) {
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, image + ": " + e.getMessage());
        }
    }

    private ElfImage load(String image) throws UserErrorException {
        try {
            return ImageSource.load(image);
        } catch (UserErrorException e) {
            if (e.status() != ExitStatus.NO_SUCH_IMAGE) {
                throw e;
            }
        }
        try (InputStream stream = testClass.getResourceAsStream(image)) {
            if (stream != null) {
                return ImageSource.parse(image, ImageSource.readAll(stream, image));
            }
        } catch (IOException e) {
            throw wrong("the resource " + image + " cannot be read: " + e.getMessage());
        }
        throw wrong("no image '" + image + "': neither a guest of the catalog, nor a file, nor a resource of "
                + testClass.getName());
    }

    /** As {@code pagewalk test} calls it: without folders and ending. */
    private static String programName(String image) {
        String file = image.substring(image.lastIndexOf('/') + 1);
        return file.replaceFirst("\\.(?:[sS]|elf)$", "");
    }

    private Map<String, String> machineOptions() throws UserErrorException {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("harts", wanted.harts() == 0 ? "" : Integer.toString(wanted.harts()));
        options.put("ram", wanted.ram());
        options.put("paging", wanted.paging());
        options.put("profile", wanted.profile());
        options.put("engine", wanted.engine());
        options.put("shootdown", wanted.shootdown());
        options.put("fork", wanted.fork());
        options.values().removeIf(String::isEmpty);
        for (String option : wanted.options()) {
            int equals = option.indexOf('=');
            String name = option.substring(0, equals < 0 ? option.length() : equals);
            if (!name.startsWith("--")) {
                throw wrong("options are written --name=value, not '" + option + "'");
            }
            name = name.substring("--".length());
            if (name.equals(MAX_CYCLES)) {
                throw wrong("the limit is maxCycles, no option");
            }
            if (options.put(name, equals < 0 ? "true" : option.substring(equals + 1)) != null) {
                throw wrong("--" + name + " is there twice");
            }
        }
        options.putIfAbsent(SANITIZE, "true");
        return options;
    }

    private static UserErrorException wrong(String problem) {
        return new UserErrorException(ExitStatus.USAGE, problem);
    }
}
