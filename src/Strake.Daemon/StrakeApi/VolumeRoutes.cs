using Strake.Containers;
using Strake.Daemon.Server;
using Strake.Volumes;

namespace Strake.Daemon.StrakeApi;

/// <summary>What can be done with volumes beside Docker's calls: <c>/strake/volumes</c>.</summary>
/// <param name="volumes">The volumes.</param>
/// <param name="containers">Their users.</param>
sealed class VolumeRoutes(VolumeStore volumes, ContainerEngine containers)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/strake/volumes", ListAsync),
        new("GET", "/strake/volumes/{name}", ReportAsync),
        new("POST", "/strake/volumes/{name}/resize", ResizeAsync, "size"),
        new("POST", "/strake/volumes/{name}/modify", ModifyAsync, "set"),
        new("POST", "/strake/volumes/{name}/release", ReleaseAsync, "holder"),
    ];

    async Task ListAsync(Exchange exchange)
    {
        var reports = new List<VolumeReport>();
        foreach (MeasuredVolume measured in await volumes.Measures.AllAsync(exchange.Aborted)) reports.Add(await ReportAsync(measured, exchange.Aborted));
        await exchange.WriteJsonAsync(new VolumeReportList(reports), StrakeJson.Default.VolumeReportList);
    }

    async Task ReportAsync(Exchange exchange)
    {
        string name = exchange.Route["name"];
        // One that only a plugin knows is nobody's here, and what it holds the plugin knows.
        VolumeReport report = await volumes.FindAsync(name, exchange.Aborted) is { } recorded
            ? await ReportAsync(recorded, exchange.Aborted)
            : await volumes.InspectAsync(name, exchange.Aborted) is { } other
                ? await ReportAsync(new MeasuredVolume(other, null, []), exchange.Aborted)
                : throw StrakeException.NotFound($"get {name}: no such volume");
        await exchange.WriteJsonAsync(report, StrakeJson.Default.VolumeReport);
    }

    async Task ResizeAsync(Exchange exchange)
    {
        Volume volume = await volumes.ResizeAsync(exchange.Route["name"], exchange.Required("size"), exchange.Aborted);
        await exchange.WriteJsonAsync(await ReportAsync(volume, exchange.Aborted), StrakeJson.Default.VolumeReport);
    }

    async Task ModifyAsync(Exchange exchange)
    {
        var parameters = new Dictionary<string, string>();
        foreach (string pair in exchange.Query.Texts("set"))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            parameters[equals > 0 ? pair[..equals] : throw StrakeException.Invalid($"\"{pair}\" is not NAME=VALUE")] = pair[(equals + 1)..];
        }

        await volumes.ModifyAsync(exchange.Route["name"], parameters, exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    // Nobody here knows when another engine has gone: its user does.
    async Task ReleaseAsync(Exchange exchange)
    {
        (string name, string holder) = (exchange.Route["name"], exchange.Required("holder"));
        if (!ForeignHolder.IsLive(holder))
            throw StrakeException.Invalid($"release {name}: {holder} is no other engine; a container lets go of its volumes when it is removed");
        if ((await volumes.Uses.OfAsync(name, exchange.Aborted)).All(use => use.Attachment.Holder != holder))
            throw StrakeException.NotFound($"release {name}: {holder} does not use it");
        await volumes.Uses.UnmountAsync(name, holder, CancellationToken.None);
        await volumes.Uses.DetachAsync(name, holder, CancellationToken.None);
        await exchange.WriteEmptyAsync();
    }

    async Task<VolumeReport> ReportAsync(Volume volume, CancellationToken cancellationToken)
    {
        VolumeSpace? space = await volumes.Measures.SpaceOfAsync(volume.Name, cancellationToken);
        return await ReportAsync(new MeasuredVolume(volume, space, await volumes.Uses.OfAsync(volume.Name, cancellationToken)), cancellationToken);
    }

    async Task<VolumeReport> ReportAsync(MeasuredVolume measured, CancellationToken cancellationToken)
    {
        (Volume volume, VolumeSpace? space, IReadOnlyList<VolumeUse> holders) = measured;
        var uses = new List<VolumeUseReport>();
        foreach (VolumeUse use in holders) uses.Add(await ReportAsync(use, cancellationToken));
        return new VolumeReport(
            volume.Name, volume.Driver, space?.Backend ?? "", space?.UsedBytes, space?.LimitBytes, space?.UsedInodes, space?.LimitInodes, uses);
    }

    async Task<VolumeUseReport> ReportAsync(VolumeUse use, CancellationToken cancellationToken)
    {
        string holder = use.Attachment.Holder;
        Container? container = await containers.FindAsync(holder[(holder.IndexOf('/', StringComparison.Ordinal) + 1)..], cancellationToken);
        return new VolumeUseReport(
            holder, container?.Name ?? "", use.Attachment.Destination, use.Attachment.ReadOnly, use.Mounted, use.Since);
    }
}
