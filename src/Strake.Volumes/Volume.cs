using System.Text.Json;

namespace Strake.Volumes;

/// <summary>A volume as its users see it: storage with a name and a life of its own.</summary>
/// <param name="Name">Unique on this engine.</param>
/// <param name="Driver">The volume driver that made it, such as <c>local</c>.</param>
/// <param name="Mountpoint">Absolute path of its content on the host.</param>
/// <param name="Labels">What its maker wrote on it.</param>
/// <param name="Options">What its maker asked of the driver.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Scope">Where the name is known: <c>local</c> or <c>global</c>.</param>
public sealed record Volume(
    string Name,
    string Driver,
    string Mountpoint,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Options,
    DateTimeOffset CreatedAt,
    string Scope)
{
    /// <summary>The label that marks a volume that nobody named.</summary>
    public const string AnonymousLabel = "com.docker.volume.anonymous";

    /// <summary>What its driver says of it beyond that, as JSON; null: nothing, or it was not asked.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Status { get; init; }

    /// <summary>Whether nobody named it: <c>rm -v</c> and a plain prune remove only such volumes.</summary>
    public bool IsAnonymous => Labels.ContainsKey(AnonymousLabel);
}
