using Strake.Containers;
using Strake.Daemon.Server;
using Strake.Volumes;

namespace Strake.Daemon.StrakeApi;

/// <summary>Snapshots, rollbacks, clones, exports and imports of volumes: below <c>/strake/volumes/{name}</c>.</summary>
/// <param name="volumes">The volumes.</param>
/// <param name="containers">Their users.</param>
sealed class CopyRoutes(VolumeStore volumes, ContainerEngine containers)
{
    static readonly HashSet<string> s_nobody = [];

    readonly VolumeArchive archive = new(volumes);

    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("GET", "/strake/volumes/{name}/copy", CostAsync),
        new("GET", "/strake/volumes/{name}/snapshots", ListAsync),
        new("POST", "/strake/volumes/{name}/snapshots", SnapshotAsync, "snapshot"),
        new("DELETE", "/strake/volumes/{name}/snapshots/{snapshot}", RemoveAsync),
        new("POST", "/strake/snapshots", SnapshotGroupAsync, "volume", "snapshot"),
        new("POST", "/strake/volumes/{name}/rollback", RollBackAsync, "snapshot"),
        new("POST", "/strake/volumes/{name}/clone", CloneAsync, "snapshot", "to"),
        new("GET", "/strake/volumes/{name}/export", ExportAsync, "snapshot", "since"),
        new("POST", "/strake/volumes/{name}/import", ImportAsync, "opt", "onto", "snapshot", "part"),
    ];

    async Task CostAsync(Exchange exchange)
    {
        string name = exchange.Route["name"];
        VolumeCopyCost cost = await volumes.Copies.CostAsync(name, exchange.Aborted);
        bool isWritten = (await volumes.Uses.OfAsync(name, exchange.Aborted)).Any(static use => use is { Mounted: true, Attachment.ReadOnly: false });
        await exchange.WriteJsonAsync(new VolumeCopyReport(cost.CopiedBytes, isWritten && !cost.IsOfOneMoment), StrakeJson.Default.VolumeCopyReport);
    }

    async Task ListAsync(Exchange exchange)
    {
        IReadOnlyList<VolumeSnapshot> snapshots = await volumes.Copies.ListAsync(exchange.Route["name"], exchange.Aborted);
        await exchange.WriteJsonAsync(new SnapshotReportList([.. snapshots.Select(Report)]), StrakeJson.Default.SnapshotReportList);
    }

    async Task SnapshotAsync(Exchange exchange)
    {
        string name = exchange.Route["name"];
        VolumeSnapshot made = await HoldingAsync(
            name, held => volumes.Copies.SnapshotAsync(name, exchange.Query.Text("snapshot"), held, exchange.Aborted), exchange.Aborted);
        await exchange.WriteJsonAsync(Report(made), StrakeJson.Default.SnapshotReport);
    }

    async Task SnapshotGroupAsync(Exchange exchange)
    {
        IReadOnlyList<VolumeSnapshot> made = await volumes.Copies.SnapshotGroupAsync(
            [.. exchange.Query.Texts("volume")], exchange.Query.Text("snapshot"), exchange.Aborted);
        await exchange.WriteJsonAsync(new SnapshotReportList([.. made.Select(Report)]), StrakeJson.Default.SnapshotReportList);
    }

    async Task RemoveAsync(Exchange exchange)
    {
        await volumes.Copies.RemoveAsync(exchange.Route["name"], exchange.Route["snapshot"], exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task RollBackAsync(Exchange exchange)
    {
        await volumes.Copies.RollBackAsync(exchange.Route["name"], exchange.Required("snapshot"), exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task CloneAsync(Exchange exchange)
    {
        string name = exchange.Route["name"];
        string? snapshot = exchange.Query.Text("snapshot");
        string to = exchange.Required("to");
        var request = new VolumeCloneRequest(name, snapshot, to);
        if (snapshot is null)
            await HoldingAsync(name, held => volumes.Copies.CloneAsync(request, held, exchange.Aborted), exchange.Aborted);
        else
            await volumes.Copies.CloneAsync(request, s_nobody, exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task ExportAsync(Exchange exchange)
    {
        string name = exchange.Route["name"];
        string? snapshot = exchange.Query.Text("snapshot");
        await using var body = new LazyBody(exchange, "application/x-tar");
        await using VolumeCopyForExport copy = snapshot is null
            ? await HoldingAsync(name, held => archive.CopyAsync(name, null, held, exchange.Aborted), exchange.Aborted)
            : await archive.CopyAsync(name, snapshot, s_nobody, exchange.Aborted);
        if (exchange.Query.Text("since") is { } since)
        {
            await using VolumeCopyForExport before = await archive.CopyAsync(name, since, s_nobody, exchange.Aborted);
            await archive.WriteChangesAsync(copy, before, body, exchange.Aborted);
        }
        else
        {
            await archive.WriteAsync(copy, body, exchange.Aborted);
        }
    }

    async Task ImportAsync(Exchange exchange)
    {
        var options = new Dictionary<string, string>();
        foreach (string option in exchange.Query.Texts("opt"))
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            options[equals < 0 ? option : option[..equals]] = equals < 0 ? "" : option[(equals + 1)..];
        }

        string? onto = exchange.Query.Text("onto");
        string? snapshot = exchange.Query.Text("snapshot");
        var import = new VolumeImport(exchange.Route["name"])
        {
            Options = options,
            Onto = onto is null ? null : new VolumeCloneRequest(onto, snapshot, Target: null),
            Parts = [.. exchange.Query.Texts("part").Select(ImportPart.Parse)],
        };
        await archive.ImportAsync(import, exchange.Http.Request.Body, exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    // For the copy alone: whoever hears that it is made finds its writers going on, and so does who reads it slowly.
    async Task<T> HoldingAsync<T>(string name, Func<IReadOnlySet<string>, Task<T>> copy, CancellationToken cancellationToken)
    {
        await using HeldWriters held = await HeldWriters.OfAsync(volumes, containers, name, always: false, cancellationToken);
        return await copy(held.Holders);
    }

    static SnapshotReport Report(VolumeSnapshot snapshot) => new(snapshot.Name.ToString(), snapshot.CreatedAt);
}
