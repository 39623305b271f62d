using System.Globalization;
using Strake.Daemon.StrakeApi;
using Strake.State;

namespace Strake.Cli;

/// <summary>The commands on copies of volumes.</summary>
/// <param name="client">The daemon.</param>
/// <param name="output">Receives results.</param>
sealed class VolumeCopyCommand(DaemonClient client, TextWriter output)
{
    /// <summary><c>snapshot</c>.</summary>
    public async Task<int> SnapshotAsync(string name, string? snapshot)
    {
        await SayCostAsync(name);
        string query = snapshot is null ? "" : $"?snapshot={Uri.EscapeDataString(snapshot)}";
        SnapshotReport made = await client.AskAsync(HttpMethod.Post, $"{VolumeCommand.PathOf(name)}/snapshots{query}", StrakeJson.Default.SnapshotReport);
        await output.WriteLineAsync($"{name}@{made.Name}");
        return 0;
    }

    /// <summary><c>modify</c> and <c>group-snapshot</c>: a name and what follows it.</summary>
    public Task<int> RunAsync(IReadOnlyList<string> words) =>
        words[0] is "modify" ? ModifyAsync(words[1], words.Skip(2)) : SnapshotGroupAsync(words[1], words.Skip(2));

    async Task<int> ModifyAsync(string name, IEnumerable<string> pairs)
    {
        string changes = string.Join('&', pairs.Select(static pair => $"set={Uri.EscapeDataString(pair)}"));
        await client.SendAsync(HttpMethod.Post, $"{VolumeCommand.PathOf(name)}/modify?{changes}");
        return 0;
    }

    async Task<int> SnapshotGroupAsync(string snapshot, IEnumerable<string> volumes)
    {
        string query = string.Concat(volumes.Select(static volume => $"&volume={Uri.EscapeDataString(volume)}"));
        await client.AskAsync(HttpMethod.Post, $"/strake/snapshots?snapshot={Uri.EscapeDataString(snapshot)}{query}", StrakeJson.Default.SnapshotReportList);
        foreach (string volume in volumes)
            await output.WriteLineAsync($"{volume}@{snapshot}");
        return 0;
    }

    /// <summary><c>snapshots</c>.</summary>
    public async Task<int> ListAsync(string name)
    {
        SnapshotReportList list = await client.AskAsync(HttpMethod.Get, $"{VolumeCommand.PathOf(name)}/snapshots", StrakeJson.Default.SnapshotReportList);
        foreach (SnapshotReport snapshot in list.Snapshots)
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}@{snapshot.Name}  {snapshot.CreatedAt.UtcDateTime:u}"));
        return 0;
    }

    /// <summary><c>rollback</c>.</summary>
    public async Task<int> RollBackAsync(VolumeReference reference)
    {
        if (reference.Snapshot is null)
            throw StrakeException.Invalid($"roll back {reference.Volume} to which snapshot? Write {reference.Volume}@SNAPSHOT");
        await SayCostAsync(reference.Volume);
        await client.SendAsync(HttpMethod.Post, $"{VolumeCommand.PathOf(reference.Volume)}/rollback{reference.Query('?')}");
        return 0;
    }

    /// <summary><c>clone</c>.</summary>
    public async Task<int> CloneAsync(VolumeReference reference, string target)
    {
        await SayCostAsync(reference.Volume);
        await client.SendAsync(HttpMethod.Post, $"{VolumeCommand.PathOf(reference.Volume)}/clone?to={Uri.EscapeDataString(target)}{reference.Query('&')}");
        await output.WriteLineAsync(target);
        return 0;
    }

    // Said beforehand: who does not want it can stop it.
    async Task SayCostAsync(string name)
    {
        VolumeCopyReport cost = await client.AskAsync(HttpMethod.Get, $"{VolumeCommand.PathOf(name)}/copy", StrakeJson.Default.VolumeCopyReport);
        if (cost.CopiedBytes > 0)
            await output.WriteLineAsync($"copying {ByteSize.Text(cost.CopiedBytes)}: the file system cannot share them{(cost.HoldsWriters ? "; who writes to the volume is held meanwhile" : "")}");
        await output.FlushAsync();
    }
}
