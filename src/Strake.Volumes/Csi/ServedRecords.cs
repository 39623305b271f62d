using System.Security.Cryptography;
using System.Text;
using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>What orchestrators asked the driver <c>strake.csi</c> for, and the ids by which they know it.</summary>
/// <remarks>
/// <code>
/// csi-served-volume/&lt;id&gt;          <see cref="ServedVolumeRecord"/>
/// csi-served-snapshot/&lt;id&gt;        <see cref="ServedSnapshotRecord"/>
/// csi-served-group/&lt;id&gt;           <see cref="ServedGroupRecord"/>
/// csi-publish/&lt;id&gt;/&lt;target&gt;       <see cref="PublishRecord"/>
/// </code>
/// Each is written before the effect that it tells of, and goes after the effect's end.
/// </remarks>
sealed class ServedRecords(IStateStore state)
{
    /// <summary>The longest id: what the interface allows for any string.</summary>
    const int MostIdLetters = 128;

    const int HashDigits = 32;

    /// <summary>Volumes by id.</summary>
    public StateTable<ServedVolumeRecord> Volumes { get; } = new(state, "csi-served-volume/", CsiJson.Default.ServedVolumeRecord);

    /// <summary>Snapshots by id.</summary>
    public StateTable<ServedSnapshotRecord> Snapshots { get; } = new(state, "csi-served-snapshot/", CsiJson.Default.ServedSnapshotRecord);

    /// <summary>Groups of snapshots by id.</summary>
    public StateTable<ServedGroupRecord> Groups { get; } = new(state, "csi-served-group/", CsiJson.Default.ServedGroupRecord);

    /// <summary>Places at which volumes are published, by volume and hash of the place.</summary>
    public StateTable<PublishRecord> Publications { get; } = new(state, "csi-publish/", CsiJson.Default.PublishRecord);

    /// <summary>The id of what an orchestrator calls so: the same where that can name a volume, else one made of its hash. Pure.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="kind">What an id that is made begins with.</param>
    public static VolumeName IdOf(string name, string kind) =>
        name.Length <= MostIdLetters && VolumeName.TryParse(name, out VolumeName own) ? own : VolumeName.Parse($"{kind}-{HashOf(name)}");

    /// <summary>What calls queue for that work on an id of one kind; no kind's is another's. Pure.</summary>
    /// <param name="kind">The kind, such as <c>snapshot</c>.</param>
    /// <param name="id">The id.</param>
    public static VolumeName TurnOf(string kind, string id) => VolumeName.Parse($"{kind}.{HashOf(id)}");

    /// <summary>A text of any length as one that can be in a key. Pure.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];

    /// <summary>The places at which a volume is published.</summary>
    public async ValueTask<IReadOnlyList<Versioned<PublishRecord>>> PublicationsOfAsync(string volume, CancellationToken cancellationToken)
    {
        var found = new List<Versioned<PublishRecord>>();
        foreach (StateEntry entry in await state.RangeAsync($"{Publications.Prefix}{volume}/", cancellationToken))
            found.Add(Publications.Read(entry));
        return found;
    }

    /// <summary>The key of a place.</summary>
    public static string PublicationOf(string volume, string target) => $"{volume}/{HashOf(target)}";
}
