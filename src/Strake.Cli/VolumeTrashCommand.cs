using System.Globalization;
using Strake.Daemon.StrakeApi;
using Strake.State;
using Strake.Volumes;

namespace Strake.Cli;

/// <summary>The commands on volumes' names and on the trash.</summary>
/// <param name="client">The daemon.</param>
/// <param name="output">Receives results.</param>
sealed class VolumeTrashCommand(DaemonClient client, TextWriter output)
{
    const string Week = "7d";

    /// <summary><c>rename</c>.</summary>
    public async Task<int> RenameAsync(string name, string newName)
    {
        await client.SendAsync(HttpMethod.Post, $"{VolumeCommand.PathOf(name)}/rename?to={Uri.EscapeDataString(newName)}");
        return 0;
    }

    /// <summary><c>rm</c>: volumes into the trash, snapshots for good.</summary>
    public async Task<int> RemoveAsync(IEnumerable<string> references, string? keep)
    {
        long seconds = (long)KeepTime.Parse(keep ?? Week).TotalSeconds;
        foreach (VolumeReference reference in references.Select(VolumeReference.Parse))
        {
            string path = VolumeCommand.PathOf(reference.Volume);
            if (reference.Snapshot is { } snapshot)
            {
                await client.SendAsync(HttpMethod.Delete, $"{path}/snapshots/{Uri.EscapeDataString(snapshot)}");
                continue;
            }

            TrashedVolumeReport trashed = await client.AskAsync(
                HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"{path}?keep={seconds}"), StrakeJson.Default.TrashedVolumeReport);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{trashed.Name}: in the trash until {trashed.Until.UtcDateTime:u}"));
        }

        return 0;
    }

    /// <summary><c>trash</c>.</summary>
    public async Task<int> ListAsync()
    {
        const string format = "{0,-24} {1,-14} {2,-22} {3}";
        await output.WriteLineAsync(string.Format(CultureInfo.InvariantCulture, format, "VOLUME", "ID", "SINCE", "UNTIL"));
        foreach (TrashedVolumeReport trashed in (await client.AskAsync(HttpMethod.Get, "/strake/trash", StrakeJson.Default.TrashedVolumeReportList)).Volumes)
        {
            await output.WriteLineAsync(string.Format(
                CultureInfo.InvariantCulture, format, trashed.Name, trashed.Id[..VolumeTrash.ShownIdLength], trashed.Since.UtcDateTime.ToString("u", CultureInfo.InvariantCulture), trashed.Until.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)));
        }

        return 0;
    }

    /// <summary><c>trash empty</c>.</summary>
    public async Task<int> EmptyAsync()
    {
        EmptiedTrashReport report = await client.AskAsync(HttpMethod.Delete, "/strake/trash", StrakeJson.Default.EmptiedTrashReport);
        foreach (string line in report.Removed.Concat(report.Failures)) await output.WriteLineAsync(line);
        return report.Failures.Count == 0 ? 0 : Commands.Failed;
    }

    /// <summary><c>restore</c>.</summary>
    public async Task<int> RestoreAsync(string name, string? newName)
    {
        string query = newName is null ? "" : $"?to={Uri.EscapeDataString(newName)}";
        await client.SendAsync(HttpMethod.Post, $"/strake/trash/{Uri.EscapeDataString(name)}/restore{query}");
        await output.WriteLineAsync(newName ?? name);
        return 0;
    }
}
