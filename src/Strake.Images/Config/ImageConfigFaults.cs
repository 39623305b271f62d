namespace Strake.Images;

/// <summary>What is wrong with a config that parsed. Pure; all faults at once.</summary>
public static class ImageConfigFaults
{
    // Enough to see what kind of document it is; a hostile one must not fill the log.
    const int Most = 20;

    /// <summary>The faults of a config, a phrase each; empty when it is sound.</summary>
    /// <param name="config">The config.</param>
    public static IReadOnlyList<string> Of(ImageConfig config)
    {
        var faults = All(config).Take(Most + 1).ToList();
        if (faults.Count > Most) faults[Most] = "and more";
        return faults;
    }

    static IEnumerable<string> All(ImageConfig config) =>
        [.. RootFs(config), .. History(config), .. Times(config), .. config.Defaults is { } defaults ? Defaults(defaults) : []];

    static IEnumerable<string> RootFs(ImageConfig config)
    {
        // Docker's words for the first.
        if (config.RootFs is not { } rootFs)
        {
            yield return "invalid image JSON, no RootFS key";
            yield break;
        }

        if (!string.Equals(rootFs.Type, RootFileSystem.LayersType, StringComparison.Ordinal))
            yield return $"rootfs.type is {Quote(rootFs.Type)}, not \"{RootFileSystem.LayersType}\"";
        if (config.DiffIds.Count > ImageLimits.Layers)
            yield return $"{config.DiffIds.Count} layers; the limit is {ImageLimits.Layers}";
    }

    // Some tools write no history, or less of it than there are layers; more layers than exist cannot be shown.
    static IEnumerable<string> History(ImageConfig config)
    {
        var withLayer = (config.History ?? []).Count(h => !h.EmptyLayer);
        if (withLayer > config.DiffIds.Count)
            yield return $"too many non-empty layers in History section: {withLayer}, and {config.DiffIds.Count} layers";
    }

    static IEnumerable<string> Times(ImageConfig config)
    {
        if (!IsTime(config.Created)) yield return $"created: {Quote(config.Created)} is no RFC 3339 time";
        foreach (var (index, entry) in (config.History ?? []).Index())
        {
            if (!IsTime(entry.Created)) yield return $"history[{index}].created: {Quote(entry.Created)} is no RFC 3339 time";
        }
    }

    static IEnumerable<string> Defaults(ContainerDefaults defaults) =>
    [
        .. Texts("User", [defaults.User]),
        .. Texts("WorkingDir", [defaults.WorkingDir]),
        .. Texts("StopSignal", [defaults.StopSignal]),
        .. Texts("Env", defaults.Env),
        .. Texts("Entrypoint", defaults.Entrypoint),
        .. Texts("Cmd", defaults.Cmd),
        .. Texts("Shell", defaults.Shell),
        .. Env(defaults),
        .. Volumes(defaults),
        .. Ports(defaults),
        .. Durations(defaults),
        .. defaults.Other?.Count > ImageLimits.UnknownProperties ? [$"config: more than {ImageLimits.UnknownProperties} unknown properties"] : Array.Empty<string>(),
    ];

    // What reaches the kernel as a C string ends at a NUL: a text with one would be checked as one thing and used as another.
    static IEnumerable<string> Texts(string name, IReadOnlyList<string?>? texts) =>
        (texts ?? []).Where(t => t is not null && t.Contains('\0', StringComparison.Ordinal)).Select(_ => $"{name} contains NUL");

    static IEnumerable<string> Env(ContainerDefaults defaults) =>
        (defaults.Env ?? []).Where(e => e.Length == 0 || e[0] == '=').Select(e => $"Env: {Quote(e)} has no name");

    // CVE-2022-23648: the content below a VOLUME is copied out of the image, and .. led out of it.
    static IEnumerable<string> Volumes(ContainerDefaults defaults) =>
        (defaults.Volumes ?? [])
            .Where(v => v.Length == 0 || v.Contains('\0', StringComparison.Ordinal) || v.Split('/').Contains("..", StringComparer.Ordinal))
            .Select(v => $"Volumes: {Quote(v)} is no path within the image");

    static IEnumerable<string> Ports(ContainerDefaults defaults) =>
        (defaults.ExposedPorts ?? []).Where(p => !ExposedPort.IsWellFormed(p)).Select(p => $"ExposedPorts: {Quote(p)} is no port");

    static IEnumerable<string> Durations(ContainerDefaults defaults)
    {
        if (defaults.StopTimeout < -1) yield return $"StopTimeout: {defaults.StopTimeout} is negative";
        if (defaults.Healthcheck is not { } check) yield break;
        if (check.IntervalNanoseconds < 0) yield return "Healthcheck.Interval is negative";
        if (check.TimeoutNanoseconds < 0) yield return "Healthcheck.Timeout is negative";
        if (check.StartPeriodNanoseconds < 0) yield return "Healthcheck.StartPeriod is negative";
        if (check.StartIntervalNanoseconds < 0) yield return "Healthcheck.StartInterval is negative";
        if (check.Retries < 0) yield return "Healthcheck.Retries is negative";
    }

    static bool IsTime(string? text) => text is null || Rfc3339.TryParse(text, out _);

    static string Quote(string? text) => text is null ? "null" : $"\"{(text.Length <= 80 ? text : text[..80] + "…")}\"";
}
