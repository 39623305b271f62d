using Strake.Daemon.Server;
using Strake.Images;

namespace Strake.Daemon.DockerApi;

/// <summary>Images as archives: load, save, import.</summary>
/// <param name="images">The images.</param>
/// <param name="transfers">Pulls: they share a call with imports.</param>
sealed class ImageArchiveRoutes(ImageStore images, ImageTransferRoutes transfers)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/images/get", SaveSeveralAsync, "names"),
        new("GET", "/images/{name...}/get", SaveOneAsync),
        new("POST", "/images/load", LoadAsync, "quiet"),
        new("POST", "/images/create", CreateAsync, "fromImage", "fromSrc", "repo", "tag", "message", "changes", "platform"),
    ];

    Task SaveOneAsync(Exchange exchange) => SaveAsync(exchange, [exchange.Route["name"]]);

    Task SaveSeveralAsync(Exchange exchange) => SaveAsync(exchange, exchange.Query.Texts("names"));

    async Task SaveAsync(Exchange exchange, IReadOnlyList<string> names)
    {
        await using var body = new LazyBody(exchange, "application/x-tar");
        await images.SaveAsync(names, body, exchange.Aborted);
    }

    Task LoadAsync(Exchange exchange)
    {
        var output = new ProgressStream(exchange);
        return output.RunAsync(async () =>
        {
            IReadOnlyList<LoadedImage> loaded;
            await using (LayerProgressLines? progress = exchange.Query.Flag("quiet", whenMissing: true) ? null : new LayerProgressLines(output))
                loaded = await images.LoadAsync(exchange.Http.Request.Body, progress, exchange.Aborted);
            foreach (string line in loaded.SelectMany(Describe)) await output.WriteAsync(new ProgressLine { Stream = line + "\n" });
        });
    }

    static IEnumerable<string> Describe(LoadedImage image)
    {
        foreach (ReplacedTag replaced in image.Replaced)
        {
            yield return $"The image {replaced.Reference.Familiar} already exists, renaming the old one with ID {replaced.Former} to empty string";
        }

        foreach (ImageReference reference in image.References) yield return $"Loaded image: {reference.Familiar}";
        if (image.References.Count == 0) yield return $"Loaded image ID: {image.Id}";
    }

    Task CreateAsync(Exchange exchange)
    {
        if (exchange.Query.Text("fromImage") is { } name) return transfers.PullAsync(exchange, name);
        return exchange.Query.Text("fromSrc") switch
        {
            "-" => ImportAsync(exchange),
            { } source => throw StrakeException.NotSupported($"import from {source} is not supported yet; download it and use: docker import - < file"),
            null => throw StrakeException.Invalid("either fromImage or fromSrc must be given"),
        };
    }

    Task ImportAsync(Exchange exchange)
    {
        var import = new ImageImport
        {
            Reference = ImageRoutes.ReadReference(exchange),
            Change = Build.ConfigChange.Read(exchange.Query.Texts("changes")),
            Message = exchange.Query.Text("message") ?? "Imported from -",
            Platform = exchange.Query.Text("platform") is { } platform ? Platform.Parse(platform) : null,
        };
        var output = new ProgressStream(exchange);
        return output.RunAsync(async () =>
        {
            ImageId id = await images.ImportAsync(exchange.Http.Request.Body, import, progress: null, exchange.Aborted);
            await output.WriteAsync(new ProgressLine { Status = id.ToString() });
        });
    }
}
