using Strake.Containers;
using Strake.Daemon.Server;
using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>From the image store's nouns to Docker's bodies.</summary>
static class ImageEncoding
{
    // Docker stopped to send what equals Size with this version.
    static readonly ApiVersion s_withoutVirtualSize = new(1, 44);

    /// <summary>A row of the list.</summary>
    public static ImageSummaryBody Summary(ImageSummary image, ApiVersion version, long containers = -1) => new()
    {
        Containers = containers,
        Created = image.Record.Created?.ToUnixTimeSeconds() ?? 0,
        Id = image.Id.ToString(),
        Labels = image.Record.Labels.Count == 0 ? null : image.Record.Labels,
        ParentId = image.Record.Parent?.ToString() ?? "",
        RepoDigests = image.RepoDigests,
        RepoTags = image.RepoTags,
        SharedSize = image.SharedSizeBytes ?? -1,
        Size = image.Record.SizeBytes,
        VirtualSize = version < s_withoutVirtualSize ? image.Record.SizeBytes : null,
    };

    /// <summary>The whole of an image.</summary>
    public static ImageBody Inspect(Image image, string driver, ApiVersion version) => new()
    {
        Id = image.Id.ToString(),
        RepoTags = [.. image.RepoTags],
        RepoDigests = [.. image.RepoDigests],
        Parent = image.Record.Parent?.ToString() ?? "",
        Comment = CommentOf(image.Config),
        Created = image.Config.CreatedAt is { } created ? DockerTime.Format(created) : "",
        DockerVersion = image.Config.DockerVersion ?? "",
        Author = image.Config.Author ?? "",
        Architecture = image.Config.Architecture ?? "",
        Variant = string.IsNullOrEmpty(image.Config.Variant) ? null : image.Config.Variant,
        Os = image.Config.Os ?? "",
        Size = image.SizeBytes,
        VirtualSize = version < s_withoutVirtualSize ? image.SizeBytes : null,
        GraphDriver = new(new Dictionary<string, string>(), driver),
        RootFS = new("layers", [.. image.Config.DiffIds.Select(layer => layer.ToString())]),
        Metadata = new(DockerTime.Format(image.Record.TaggedAt)),
        Config = Config(image.Config.Defaults ?? new ContainerDefaults()),
    };

    /// <summary>A step of an image's history.</summary>
    public static HistoryBody History(HistoryStep step) => new(
        step.Comment,
        step.Created?.ToUnixTimeSeconds() ?? 0,
        step.CreatedBy,
        step.Id?.ToString() ?? "<missing>",
        step.SizeBytes,
        step.Tags.Count == 0 ? null : step.Tags);

    /// <summary>A line of a removal.</summary>
    public static ImageRemovalBody Removal(ImageRemoval line) => new() { Untagged = line.Untagged, Deleted = line.Deleted };

    // The config's own comment, or that of its last step, where BuildKit puts it.
    static string CommentOf(ImageConfig config) =>
        !string.IsNullOrEmpty(config.Comment) ? config.Comment : config.History is { Count: > 0 } history ? history[^1].Comment ?? "" : "";

    static ImageConfigBody Config(ContainerDefaults config) => new()
    {
        ArgsEscaped = config.ArgsEscaped,
        Cmd = config.Cmd,
        Entrypoint = config.Entrypoint,
        Env = config.Env,
        ExposedPorts = SetOf(config.ExposedPorts),
        Healthcheck = config.Healthcheck is { } check ? HealthcheckOf(check) : null,
        Labels = config.Labels,
        OnBuild = config.OnBuild,
        Shell = config.Shell,
        StopSignal = string.IsNullOrEmpty(config.StopSignal) ? null : config.StopSignal,
        User = config.User ?? "",
        Volumes = SetOf(config.Volumes),
        WorkingDir = config.WorkingDir ?? "",
    };

    static HealthcheckBody HealthcheckOf(Healthcheck check) => new()
    {
        Test = check.Test,
        Interval = check.IntervalNanoseconds,
        Timeout = check.TimeoutNanoseconds,
        StartPeriod = check.StartPeriodNanoseconds,
        StartInterval = check.StartIntervalNanoseconds,
        Retries = check.Retries,
    };

    static Dictionary<string, Empty>? SetOf(IReadOnlyList<string>? names) => names?.ToDictionary(name => name, _ => Empty.Value, StringComparer.Ordinal);
}
