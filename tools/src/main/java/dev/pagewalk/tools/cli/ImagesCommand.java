package dev.pagewalk.tools.cli;

import dev.pagewalk.images.catalog.ImageCatalog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = "Lists the catalog: the guests that 'boot' knows by name.")
final class ImagesCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        for (ImageCatalog.Entry entry : ImageCatalog.entries()) {
            System.out.printf("%-16s %s%n", entry.name(), entry.description());
        }
        return 0;
    }
}
