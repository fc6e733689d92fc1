package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Kernels as files that QEMU runs, in a folder that is gone when this is closed; each is built when it is first wanted. */
final class QemuPrograms implements AutoCloseable {
    private static final String[] COMPILERS = {"riscv64-linux-gnu-gcc", "riscv64-unknown-elf-gcc"};
    private static final String SYSTEM = "qemu-system-riscv64";
    private static final String USER = "qemu-riscv64";

    /** Where RAM begins on the machine virt, and its reset code leads. */
    private static final String TEXT_ADDRESS = "0x80000000";

    /** Where machine-frame.s looks for the number of rounds. */
    private static final String ROUNDS_ADDRESS = "0x80800000";

    private final Map<String, Path> built = new HashMap<>();
    private final Path folder;

    QemuPrograms() throws UserErrorException {
        try {
            folder = Files.createTempDirectory("pagewalk-bench");
            folder.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, "no temporary folder for programs: " + HostFiles.reason(e));
        }
    }

    /** What has to be installed for a peer, and is not. */
    static Optional<String> missing(Peer peer) {
        if (peer == Peer.QEMU_USER) {
            return HostProgram.find(USER).isPresent() ? Optional.empty() : Optional.of(USER);
        }
        if (peer == Peer.QEMU_SYSTEM) {
            if (HostProgram.find(SYSTEM).isEmpty()) {
                return Optional.of(SYSTEM);
            }
            return HostProgram.find(COMPILERS).isPresent() ? Optional.empty() : Optional.of(COMPILERS[0]);
        }
        return Optional.empty();
    }

    /** What it calls itself. */
    static String version(Peer peer) throws UserErrorException {
        return HostProgram.output(List.of(peer == Peer.QEMU_USER ? USER : SYSTEM, "--version"))
                .lines()
                .findFirst()
                .orElse("");
    }

    /** The command that runs a kernel. */
    List<String> command(EngineKernel kernel, Peer peer, long rounds) throws UserErrorException {
        Path program = program(kernel, peer);
        if (peer == Peer.QEMU_USER) {
            return List.of(USER, program.toString(), Long.toString(rounds));
        }
        return List.of(
                SYSTEM,
                "-M",
                "virt",
                "-m",
                "512M",
                "-bios",
                "none",
                "-kernel",
                program.toString(),
                "-display",
                "none",
                "-monitor",
                "none",
                "-serial",
                "stdio",
                "-device",
                "loader,addr=" + ROUNDS_ADDRESS + ",data=" + rounds + ",data-len=8");
    }

    private Path program(EngineKernel kernel, Peer peer) throws UserErrorException {
        String name = kernel.title() + "." + peer.title();
        Path known = built.get(name);
        if (known != null) {
            return known;
        }
        Path program = file(name + ".elf");
        if (peer == Peer.QEMU_USER) {
            write(program, kernel.image().toByteArray());
            if (!program.toFile().setExecutable(true)) {
                throw new UserErrorException(ExitStatus.USAGE, program + ": cannot be made executable");
            }
        } else {
            link(kernel.machineSource(), name, program);
        }
        built.put(name, program);
        return program;
    }

    private void link(String source, String name, Path program) throws UserErrorException {
        Path file = file(name + ".s");
        write(file, source.getBytes(StandardCharsets.UTF_8));
        List<String> command =
                new ArrayList<>(List.of(HostProgram.find(COMPILERS).orElseThrow()));
        command.addAll(List.of("-march=rv64ima_zicsr", "-mabi=lp64", "-nostdlib", "-static", "-Wa,-mno-relax"));
        command.addAll(List.of("-Wl,--no-relax", "-Wl,--build-id=none", "-Wl,-Ttext=" + TEXT_ADDRESS));
        command.addAll(List.of("-o", program.toString(), file.toString()));
        HostProgram.output(command);
    }

    private Path file(String name) {
        Path file = folder.resolve(name);
        file.toFile().deleteOnExit();
        return file;
    }

    private static void write(Path file, byte[] content) throws UserErrorException {
        HostFiles.write(file, content, "a program for QEMU");
    }

    @Override
    public void close() {
        try {
            List<Path> files;
            try (var listing = Files.list(folder)) {
                files = listing.toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
