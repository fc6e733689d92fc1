package dev.pagewalk.emulator.testing;

import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineLog;
import dev.pagewalk.emulator.engine.RegionReport;
import java.util.ArrayList;
import java.util.List;

/** Remembers what it is told. */
public final class RecordingEngineLog implements EngineLog {
    public final List<RegionReport> translated = new ArrayList<>();
    public final List<String> refusals = new ArrayList<>();
    public final List<RegionReport> dropped = new ArrayList<>();
    public final List<DropReason> dropReasons = new ArrayList<>();

    @Override
    public void onTranslated(RegionReport region) {
        translated.add(region);
    }

    @Override
    public void onRefused(long virtualAddress, String reason) {
        refusals.add(reason);
    }

    @Override
    public void onDropped(RegionReport region, DropReason reason) {
        dropped.add(region);
        dropReasons.add(reason);
    }
}
