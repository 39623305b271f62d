using Strake.Images;

namespace Strake.Build;

/// <summary>What a stage has become so far. Immutable: a stage that goes on from another one has its own.</summary>
sealed record StageImage
{
    /// <summary>The image that it is, as long as no step has been taken; null: none.</summary>
    public ImageId? Id { get; init; }

    /// <summary>The file system; null: an empty one.</summary>
    public ChainId? Chain { get; init; }

    /// <summary>Its layers, lowest first.</summary>
    public IReadOnlyList<DiffId> Layers { get; init; } = [];

    /// <summary>What its stage begins with: an image, or the stage that FROM names; null: nothing.</summary>
    public StageBase? Base { get; init; }

    /// <summary>What its containers run.</summary>
    public ContainerDefaults Defaults { get; init; } = new();

    /// <summary>Its steps, oldest first.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    /// <summary>For each of them the key by which its result is known; empty where it has none.</summary>
    public IReadOnlyList<string> StepKeys { get; init; } = [];

    /// <summary>When it was made, in RFC 3339; null: nothing says so.</summary>
    public string? Created { get; init; }

    /// <summary>What it runs on.</summary>
    public required Platform Platform { get; init; }

    /// <summary>Whether the stage has a command of its own.</summary>
    public bool SetsCommand { get; init; }

    /// <summary>Who made it.</summary>
    public string? Author { get; init; }

    /// <summary>What <c>FROM scratch</c> begins with.</summary>
    public static StageImage Scratch(Platform platform) => new()
    {
        Platform = platform,
        Defaults = new ContainerDefaults { Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], WorkingDir = "/" },
    };

    /// <summary>An image's state.</summary>
    public static StageImage Of(Image image) => new()
    {
        Id = image.Config.Id,
        Chain = image.Chain,
        Layers = image.Config.DiffIds,
        Defaults = image.Config.Defaults ?? new ContainerDefaults(),
        History = image.Config.History ?? [],
        StepKeys = KeysOf(image.Config),
        Created = image.Config.Created,
        Platform = image.Config.Platform,
        Author = image.Config.Author,
    };

    /// <summary>After a step that may have changed files.</summary>
    public StageImage After(StepResult result) => result.Layer is { } layer ? this with { Chain = result.Chain, Layers = [.. Layers, layer] } : this;

    /// <summary>As a stage begins with it.</summary>
    /// <param name="now">When it was made, if nothing says so.</param>
    public StageImage AsBase(string now) =>
        this with { SetsCommand = false, Base = new StageBase(Id ?? ToConfig(Created ?? now).Id, Chain, Layers.Count, History.Count), Id = null };

    /// <summary>With one more step in its history.</summary>
    /// <param name="entry">What the history says of it.</param>
    /// <param name="key">The key by which its result is known; null: it has none.</param>
    public StageImage Recorded(HistoryEntry entry, Digest? key) => this with { History = [.. History, entry], StepKeys = [.. StepKeys, key?.Hex ?? ""], Created = entry.Created };

    /// <summary>The config of the image that it is.</summary>
    /// <param name="created">When it was made, in RFC 3339.</param>
    public ImageConfig ToConfig(string created) => ImageConfig.Create(new ImageConfig
    {
        Architecture = Platform.Architecture,
        Author = Author,
        Created = created,
        Defaults = Defaults,
        History = History,
        Os = Platform.Os,
        OsFeatures = Platform.OsFeatures,
        OsVersion = Platform.OsVersion,
        RootFs = new RootFileSystem { Type = RootFileSystem.LayersType, DiffIds = [.. Layers] },
        StepKeys = StepKeys,
        Variant = Platform.Variant,
    });

    static IReadOnlyList<string> KeysOf(ImageConfig config)
    {
        var steps = config.History?.Count ?? 0;
        return config.StepKeys is { } keys && keys.Count == steps ? keys : [.. Enumerable.Repeat("", steps)];
    }
}
