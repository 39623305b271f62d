using System.Text.Json;

namespace Strake.Volumes;

/// <summary>A volume as its driver has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mountpoint">Absolute path of its content on the host; empty while it is not mounted and the driver does not say where it will be.</param>
/// <param name="CreatedAt">When it was made; null: the driver does not say.</param>
/// <param name="Status">What else the driver says of it; null: nothing.</param>
public sealed record SharedVolume(string Name, string Mountpoint, DateTimeOffset? CreatedAt, IReadOnlyDictionary<string, JsonElement>? Status);
