using Strake.Build;
using Strake.Containers;
using Strake.Daemon.Server;
using Strake.Images;
using Strake.Volumes;

namespace Strake.Daemon.DockerApi;

/// <summary>What takes the space: <c>/system/df</c>.</summary>
/// <param name="images">The images.</param>
/// <param name="containers">The containers.</param>
/// <param name="volumes">The volumes.</param>
/// <param name="builder">The builder.</param>
/// <param name="encoding">How containers are shown.</param>
/// <param name="time">The clock.</param>
sealed class DiskUsageRoutes(ImageStore images, ContainerEngine containers, VolumeStore volumes, Builder builder, ContainerEncoding encoding, TimeProvider time)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All => [new("GET", "/system/df", MeasureAsync, "type", "verbose")];

    async Task MeasureAsync(Exchange exchange)
    {
        IReadOnlyList<string> types = exchange.Query.Texts("type");
        foreach (string type in types)
            if (type is not ("container" or "image" or "volume" or "build-cache")) throw StrakeException.Invalid($"unknown object type: {type}");
        IReadOnlyList<Container> all = await containers.ListAsync(exchange.Aborted);
        ImageUsage? usage = Wants("image") ? await images.MeasureAsync(exchange.Aborted) : null;
        var body = new DiskUsageBody
        {
            LayersSize = usage?.LayersSizeBytes,
            Images = usage is null ? null : ImageRows(usage, all, exchange.Version),
            Containers = Wants("container") ? await ContainerRowsAsync(all, exchange.Aborted) : null,
            Volumes = Wants("volume") ? await VolumeRowsAsync(exchange.Aborted) : null,
            BuildCache = Wants("build-cache") ? await BuildCacheRowsAsync(exchange.Aborted) : null,
        };
        await exchange.WriteJsonAsync(body, DockerJson.Plain.DiskUsageBody);

        bool Wants(string type) => types.Count == 0 || types.Contains(type, StringComparer.Ordinal);
    }

    static List<ImageSummaryBody> ImageRows(ImageUsage usage, IReadOnlyList<Container> all, ApiVersion version)
    {
        ILookup<ImageId, Container> uses = all.ToLookup(container => container.ImageId);
        return [.. usage.Images.Select(image => ImageEncoding.Summary(image, version, uses[image.Id].LongCount()))];
    }

    async Task<List<ContainerSummaryBody>> ContainerRowsAsync(IReadOnlyList<Container> all, CancellationToken cancellationToken)
    {
        var rows = new List<ContainerSummaryBody>();
        foreach (Container container in all)
        {
            try
            {
                ContainerSize size = await containers.MeasureAsync(container.Id, cancellationToken);
                rows.Add(encoding.Summary(container, time.GetUtcNow(), size));
            }
            catch (StrakeException e) when (e.Kind is ErrorKind.NotFound)
            {
                // Removed since the list was made: it takes no space.
            }
        }

        return rows;
    }

    async Task<List<BuildCacheBody>> BuildCacheRowsAsync(CancellationToken cancellationToken) =>
    [
        .. (await builder.ListCacheAsync(cancellationToken)).Select(static item => new BuildCacheBody
        {
            ID = item.Id,
            Type = item.Kind,
            Description = item.Description,
            InUse = item.IsInUse,
            Shared = item.IsShared,
            Size = item.SizeBytes,
            CreatedAt = DockerTime.Format(item.Created),
            LastUsedAt = DockerTime.Format(item.LastUsed),
            UsageCount = item.Uses,
        }),
    ];

    async Task<List<VolumeBody>> VolumeRowsAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, int> uses = await volumes.Uses.CountsAsync(cancellationToken);
        return
        [
            .. (await volumes.Measures.WalkAllAsync(cancellationToken)).Select(
                walked => VolumeRoutes.Encode(walked.Volume) with { UsageData = new(uses.GetValueOrDefault(walked.Volume.Name), walked.Bytes) }),
        ];
    }
}
