package dev.pagewalk.tools.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the archive. */
final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {"pagewalk " + (version == null ? "(not from an archive)" : version)};
    }
}
