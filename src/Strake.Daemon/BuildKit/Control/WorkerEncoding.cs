using Strake.Daemon.BuildKit.Wire;

namespace Strake.Daemon.BuildKit.Control;

/// <summary>A builder as clients see it.</summary>
static class WorkerEncoding
{
    /// <summary>The record.</summary>
    public static WorkerRecord Of(BuildWorker worker)
    {
        var record = new WorkerRecord { Id = worker.Id, BuildkitVersion = Version() };
        foreach ((string name, string value) in worker.Labels) record.Labels.Add(name, value);
        record.Platforms.Add(PlatformOf(worker.Platform));
        if (worker.CacheLimitBytes > 0) record.GcPolicy.Add(new GCPolicy { All = true, MaxUsedSpace = worker.CacheLimitBytes });
        return record;
    }

    /// <summary>What builds.</summary>
    public static BuildkitVersion Version() => new() { Package = "strake", Version = Product.Version, Revision = Product.Commit };

    /// <summary>A platform of the form <c>os/arch[/variant]</c>.</summary>
    public static Platform PlatformOf(string text)
    {
        string[] parts = text.Split('/');
        return new Platform { Os = parts[0], Architecture = parts.ElementAtOrDefault(1) ?? "", Variant = parts.ElementAtOrDefault(2) ?? "" };
    }

    /// <summary>The same, back; null where there is none.</summary>
    public static string? TextOf(Platform? platform) => platform is null or { Os: "" }
        ? null
        : platform.Variant.Length > 0 ? $"{platform.Os}/{platform.Architecture}/{platform.Variant}" : $"{platform.Os}/{platform.Architecture}";
}
