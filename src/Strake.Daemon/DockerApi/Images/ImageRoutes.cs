using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Strake.Containers;
using Strake.Daemon.Server;
using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>Looking at images, naming and removing them: <c>/images</c>.</summary>
/// <param name="images">The images.</param>
/// <param name="containers">Who uses them.</param>
/// <param name="driver">The storage driver's name.</param>
/// <param name="time">The clock of relative times.</param>
/// <param name="log">Receives what a prune could not remove.</param>
sealed class ImageRoutes(ImageStore images, ContainerEngine containers, string driver, TimeProvider time, ILogger log)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/images/json", ListAsync, "all", "filters", "filter", "digests", "shared-size", "manifests"),
        new("GET", "/images/{name...}/json", InspectAsync),
        new("GET", "/images/{name...}/history", HistoryAsync),
        new("POST", "/images/{name...}/tag", TagAsync, "repo", "tag"),
        new("POST", "/images/prune", PruneAsync, "filters"),
        new("DELETE", "/images/{name...}", RemoveAsync, "force", "noprune"),
    ];

    async Task ListAsync(Exchange exchange)
    {
        Filters filters = Filters.Read(exchange.Query, "dangling", "label", "label!", "before", "since", "until", "reference");
        // API 1.24 had a filter of its own for the reference.
        IReadOnlyList<string> references = exchange.Query.Text("filter") is { } old ? [.. filters.Of("reference"), old] : filters.Of("reference");
        var query = new ImageQuery
        {
            All = exchange.Query.Flag("all"),
            Dangling = filters.YesOrNo("dangling"),
            Labels = filters.Of("label"),
            NotLabels = filters.Of("label!"),
            Before = filters.Of("before"),
            Since = filters.Of("since"),
            Until = filters.Time("until", time.GetUtcNow()),
            References = references,
            SharedSize = exchange.Query.Flag("shared-size"),
        };
        IReadOnlyList<ImageSummary> found = await images.ListAsync(query, exchange.Aborted);
        ILookup<ImageId, Container> uses = (await containers.ListAsync(exchange.Aborted)).ToLookup(container => container.ImageId);
        IReadOnlyList<ImageSummaryBody> rows =
            [.. found.Select(image => ImageEncoding.Summary(image, exchange.Version, uses[image.Id].LongCount()))];
        await exchange.WriteJsonAsync(rows, DockerJson.Plain.IReadOnlyListImageSummaryBody);
    }

    async Task InspectAsync(Exchange exchange)
    {
        Image image = await images.GetAsync(exchange.Route["name"], exchange.Aborted);
        await exchange.WriteJsonAsync(ImageEncoding.Inspect(image, driver, exchange.Version), DockerJson.Plain.ImageBody);
    }

    async Task HistoryAsync(Exchange exchange)
    {
        IReadOnlyList<HistoryStep> steps = await images.HistoryAsync(exchange.Route["name"], exchange.Aborted);
        IReadOnlyList<HistoryBody> rows = [.. steps.Select(ImageEncoding.History)];
        await exchange.WriteJsonAsync(rows, DockerJson.Plain.IReadOnlyListHistoryBody);
    }

    async Task TagAsync(Exchange exchange)
    {
        await images.TagAsync(exchange.Route["name"], ReadReference(exchange) ?? throw StrakeException.Invalid("invalid reference format"), exchange.Aborted);
        await exchange.WriteEmptyAsync(StatusCodes.Status201Created);
    }

    async Task RemoveAsync(Exchange exchange)
    {
        var options = new ImageRemovalOptions(exchange.Query.Flag("force"), !exchange.Query.Flag("noprune"));
        IReadOnlyList<ImageRemoval> removed = await images.RemoveAsync(exchange.Route["name"], options, exchange.Aborted);
        IReadOnlyList<ImageRemovalBody> lines = [.. removed.Select(ImageEncoding.Removal)];
        await exchange.WriteJsonAsync(lines, DockerJson.Plain.IReadOnlyListImageRemovalBody);
    }

    async Task PruneAsync(Exchange exchange)
    {
        Filters filters = Filters.Read(exchange.Query, "dangling", "label", "label!", "until");
        var query = new ImagePruneQuery
        {
            DanglingOnly = filters.YesOrNo("dangling") ?? true,
            Until = filters.Time("until", time.GetUtcNow()),
            Labels = filters.Of("label"),
            NotLabels = filters.Of("label!"),
        };
        ImagePruneReport report = await images.PruneAsync(query, exchange.Aborted);
        PruneFailures.Tell(report.Failures, report.Removed.Count > 0, log);
        IReadOnlyList<ImageRemovalBody>? removed = report.Removed.Count == 0 ? null : [.. report.Removed.Select(ImageEncoding.Removal)];
        await exchange.WriteJsonAsync(new ImagePruneBody(removed, report.ReclaimedBytes), DockerJson.Plain.ImagePruneBody);
    }

    /// <summary>Reads the name that <c>repo</c> and <c>tag</c> give together.</summary>
    /// <returns>The name; null where <c>repo</c> is missing.</returns>
    /// <exception cref="StrakeException">Invalid: not a name.</exception>
    public static ImageReference? ReadReference(Exchange exchange)
    {
        if (exchange.Query.Text("repo") is not { } repository) return null;
        ImageReference reference = ImageReference.Parse(repository);
        return exchange.Query.Text("tag") is { } tag ? reference.WithTag(tag) : reference.OrLatest();
    }
}
