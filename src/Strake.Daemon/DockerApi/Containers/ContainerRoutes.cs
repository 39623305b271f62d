using Microsoft.AspNetCore.Http;
using Strake.Containers;
using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>Making, looking at, naming and removing containers: <c>/containers</c>.</summary>
/// <param name="containers">The containers.</param>
/// <param name="listing">Which ones a list shows.</param>
/// <param name="encoding">How they are shown.</param>
/// <param name="time">The clock of relative times.</param>
sealed class ContainerRoutes(ContainerEngine containers, ContainerListing listing, ContainerEncoding encoding, TimeProvider time)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/containers/json", ListAsync, "all", "limit", "size", "filters"),
        new("POST", "/containers/create", CreateAsync, "name", "platform"),
        new("POST", "/containers/prune", PruneAsync, "filters"),
        new("GET", "/containers/{id}/json", InspectAsync, "size"),
        new("GET", "/containers/{id}/changes", ChangesAsync),
        new("GET", "/containers/{id}/top", TopAsync, "ps_args"),
        new("GET", "/containers/{id}/export", ExportAsync),
        new("POST", "/containers/{id}/rename", RenameAsync, "name"),
        new("POST", "/containers/{id}/update", UpdateAsync),
        new("GET", "/containers/{id}/stats", StatsAsync, "stream", "one-shot"),
        new("DELETE", "/containers/{id}", RemoveAsync, "v", "force", "link"),
        new("POST", "/commit", CommitAsync, "container", "repo", "tag", "comment", "author", "pause", "changes"),
    ];

    async Task ListAsync(Exchange exchange)
    {
        bool sized = exchange.Query.Flag("size");
        var rows = new List<ContainerSummaryBody>();
        foreach (Container container in await listing.ChooseAsync(exchange.Query, exchange.Aborted))
        {
            ContainerSize? size = sized ? await MeasureAsync(container, exchange.Aborted) : null;
            rows.Add(encoding.Summary(container, time.GetUtcNow(), size));
        }

        await exchange.WriteJsonAsync(rows, DockerJson.Plain.IReadOnlyListContainerSummaryBody);
    }

    async Task<ContainerSize?> MeasureAsync(Container container, CancellationToken cancellationToken)
    {
        try
        {
            return await containers.MeasureAsync(container.Id, cancellationToken);
        }
        catch (StrakeException e) when (e.Kind is ErrorKind.NotFound)
        {
            // Removed since the list was made.
            return null;
        }
    }

    async Task CreateAsync(Exchange exchange)
    {
        ContainerCreateBody body = await exchange.ReadJsonAsync(DockerJson.Plain.ContainerCreateBody);
        if (IsEmpty(body)) throw StrakeException.Invalid("config cannot be empty in order to create a container");
        var request = new ContainerRequest(
            exchange.Query.Text("name"),
            body,
            body.HostConfig ?? new HostSettings(),
            body.NetworkingConfig ?? NetworkSettings.None,
            exchange.Query.Text("platform"));
        CreatedContainer created = await containers.CreateAsync(request, exchange.Aborted);
        await exchange.WriteJsonAsync(
            new ContainerCreatedBody(created.Id, created.Warnings), DockerJson.Plain.ContainerCreatedBody, StatusCodes.Status201Created);
    }

    static bool IsEmpty(ContainerCreateBody body) => body with { HostConfig = null, NetworkingConfig = null } == new ContainerCreateBody();

    async Task InspectAsync(Exchange exchange)
    {
        Container container = await containers.GetAsync(exchange.Route["id"], exchange.Aborted);
        ContainerSize? size = exchange.Query.Flag("size") ? await containers.MeasureAsync(container.Id, exchange.Aborted) : null;
        await exchange.WriteJsonAsync(encoding.Inspect(container, size), DockerJson.Plain.ContainerBody);
    }

    async Task ChangesAsync(Exchange exchange)
    {
        IReadOnlyList<FileChange> changes = await containers.ChangesAsync(exchange.Route["id"], exchange.Aborted);
        // Docker's answer for no change is null, and docker diff prints nothing for either.
        IReadOnlyList<ChangeBody>? rows = changes.Count == 0 ? null : [.. changes.Select(change => new ChangeBody(change.Path, (int)change.Kind))];
        await exchange.WriteJsonAsync(rows, DockerJson.Plain.IReadOnlyListChangeBody!);
    }

    async Task TopAsync(Exchange exchange)
    {
        TopListing listed = await containers.TopAsync(exchange.Route["id"], exchange.Query.Text("ps_args"), exchange.Aborted);
        await exchange.WriteJsonAsync(new TopBody(listed.Processes, listed.Titles), DockerJson.Plain.TopBody);
    }

    async Task ExportAsync(Exchange exchange)
    {
        await using var body = new LazyBody(exchange, "application/x-tar");
        await containers.ExportAsync(exchange.Route["id"], body, exchange.Aborted);
    }

    async Task RenameAsync(Exchange exchange)
    {
        string name = exchange.Query.Text("name") ?? throw StrakeException.Invalid("Neither old nor new names may be empty");
        await containers.RenameAsync(exchange.Route["id"], name, exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task UpdateAsync(Exchange exchange)
    {
        await containers.GetAsync(exchange.Route["id"], exchange.Aborted);
        throw StrakeException.NotSupported("docker update is not supported yet: give the limits when the container is created");
    }

    async Task StatsAsync(Exchange exchange)
    {
        await containers.GetAsync(exchange.Route["id"], exchange.Aborted);
        throw StrakeException.NotSupported("docker stats is not supported yet");
    }

    async Task RemoveAsync(Exchange exchange)
    {
        if (exchange.Query.Flag("link")) throw StrakeException.NotSupported("links between containers are not supported");
        var options = new RemoveOptions(exchange.Query.Flag("force"), exchange.Query.Flag("v"));
        await containers.RemoveAsync(exchange.Route["id"], options, exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task PruneAsync(Exchange exchange)
    {
        Filters filters = Filters.Read(exchange.Query, "label", "label!", "until");
        _ = filters.Time("until", time.GetUtcNow());
        PruneReport report = await containers.PruneAsync(filters.All, exchange.Aborted);
        await exchange.WriteJsonAsync(
            new ContainerPruneBody(report.Deleted.Count == 0 ? null : report.Deleted, report.SpaceReclaimedBytes), DockerJson.Plain.ContainerPruneBody);
    }

    async Task CommitAsync(Exchange exchange)
    {
        string reference = exchange.Query.Text("container") ?? throw StrakeException.Invalid("invalid name or ID supplied: \"\"");
        ContainerConfig? config = await exchange.ReadOptionalJsonAsync(DockerJson.Plain.ContainerConfig);
        var options = new CommitOptions
        {
            Reference = ImageRoutes.ReadReference(exchange)?.Familiar,
            Comment = exchange.Query.Text("comment"),
            Author = exchange.Query.Text("author"),
            Change = Build.ConfigChange.Read(exchange.Query.Texts("changes")),
            Pause = exchange.Query.Flag("pause", whenMissing: true),
            // Clients send an empty config when they have no wish.
            ConfigOverride = config is null || config == new ContainerConfig() ? null : config,
        };
        Images.ImageId image = await containers.CommitAsync(reference, options, exchange.Aborted);
        await exchange.WriteJsonAsync(new IdBody(image.ToString()), DockerJson.Plain.IdBody, StatusCodes.Status201Created);
    }
}
