using Strake.Daemon.Server;
using Strake.Volumes;

namespace Strake.Daemon.StrakeApi;

/// <summary>Volumes under other names, and in the trash: <c>/strake/trash</c>.</summary>
/// <param name="volumes">The volumes.</param>
sealed class TrashRoutes(VolumeStore volumes)
{
    /// <summary>The routes.</summary>
    public IEnumerable<Route> All =>
    [
        new("POST", "/strake/volumes/{name}/rename", RenameAsync, "to"),
        new("DELETE", "/strake/volumes/{name}", PutAsync, "keep"),
        new("GET", "/strake/trash", ListAsync),
        new("POST", "/strake/trash/{name}/restore", RestoreAsync, "to"),
        new("DELETE", "/strake/trash", EmptyAsync),
    ];

    async Task RenameAsync(Exchange exchange)
    {
        await volumes.RenameAsync(exchange.Route["name"], exchange.Required("to"), exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task PutAsync(Exchange exchange)
    {
        long seconds = exchange.Query.Number("keep") ?? throw StrakeException.Invalid("the parameter keep is missing: how many seconds the volume can be had again");
        if (seconds <= 0 || seconds > TimeSpan.MaxValue.TotalSeconds)
            throw StrakeException.Invalid($"invalid keep: {seconds} is no number of seconds; docker volume rm removes a volume at once");
        TrashedVolume trashed = await volumes.Trash.PutAsync(exchange.Route["name"], TimeSpan.FromSeconds(seconds), exchange.Aborted);
        await exchange.WriteJsonAsync(Report(trashed), StrakeJson.Default.TrashedVolumeReport);
    }

    async Task ListAsync(Exchange exchange)
    {
        IReadOnlyList<TrashedVolume> trash = await volumes.Trash.ListAsync(exchange.Aborted);
        await exchange.WriteJsonAsync(new TrashedVolumeReportList([.. trash.Select(Report)]), StrakeJson.Default.TrashedVolumeReportList);
    }

    async Task RestoreAsync(Exchange exchange)
    {
        await volumes.Trash.RestoreAsync(exchange.Route["name"], exchange.Query.Text("to"), exchange.Aborted);
        await exchange.WriteEmptyAsync();
    }

    async Task EmptyAsync(Exchange exchange)
    {
        TrashReport report = await volumes.Trash.EmptyAsync(all: true, exchange.Aborted);
        await exchange.WriteJsonAsync(new EmptiedTrashReport(report.Removed, report.Failures), StrakeJson.Default.EmptiedTrashReport);
    }

    static TrashedVolumeReport Report(TrashedVolume trashed) => new(trashed.Id, trashed.Name, trashed.Since, trashed.Until);
}
